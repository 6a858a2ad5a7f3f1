import { userInfo } from 'node:os';

/** Name of the account that runs us; in containers the user id often has none. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
