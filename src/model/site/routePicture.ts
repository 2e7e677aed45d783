/**
 * Path of the drawing of a route relative to the site, without its ending: `.svg`, or `.txt` for
 * the trace as text. The drawing shows the first trace over the route, so its address is stable as
 * long as the store retains that trace.
 */
export function routePicturePath(testId: string, startedAt: number): string {
  return `routes/${testId}/${startedAt}`;
}
