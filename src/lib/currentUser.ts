import { userInfo } from 'node:os';
import { cleanText } from './text.ts';

/** Who gave the command, behind sudo too; null where this host does not know. */
export function currentUserName(): string | null {
  const { SUDO_USER } = process.env;
  try {
    return cleanText(SUDO_USER || userInfo().username, 64);
  } catch {
    return null;
  }
}
