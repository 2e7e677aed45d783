/** Link to a change or an incident on the page of changes, relative to the root of the site. */
export function changePath(id: string): string {
  return `changes.html#${encodeURIComponent(id)}`;
}

/** The page of a test, relative to the root of the site. */
export function testPath(testId: string): string {
  return `tests/${encodeURIComponent(testId)}/index.html`;
}
