/**
 * Where the picture of the route of a trace is, relative to the root of the site and without its ending: `.svg`, or `.txt` for
 * the trace as text. The trace is the first one over the route, so the address stays as long as the trace is kept.
 */
export function routePicturePath(testId: string, startedAt: number): string {
  return `routes/${testId}/${startedAt}`;
}
