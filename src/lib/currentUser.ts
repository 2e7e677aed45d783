import { userInfo } from 'node:os';
import { cleanText } from './text.ts';

/** Name of the user who runs the command, also behind sudo; null if this host does not know. */
export function currentUserName({
  SUDO_USER,
}: Readonly<Record<string, string | undefined>>): string | null {
  try {
    return cleanText(SUDO_USER || userInfo().username, 64);
  } catch {
    return null;
  }
}
