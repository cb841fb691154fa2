/** What standard input is called in errors. */
export const STANDARD_INPUT = 'standard input';

const NAMES = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** True for `-` and for the paths of standard input, which cannot be opened where it is a socket. */
export function isStandardInput(file: string): boolean {
  return NAMES.has(file);
}

/** A file as errors name it. */
export function displayName(file: string): string {
  return isStandardInput(file) ? STANDARD_INPUT : file;
}
