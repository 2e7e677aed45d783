/**
 * Reads a choice of the reader; null for none. Some browsers refuse storage for pages opened from a
 * file.
 */
export function readChoice(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores a choice of the reader. */
export function storeChoice(key: string, choice: string): void {
  try {
    localStorage.setItem(key, choice);
  } catch {
    // The choice is lost when the page closes.
  }
}
