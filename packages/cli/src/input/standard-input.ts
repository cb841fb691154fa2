import { basename, dirname } from 'node:path';

/** What standard input is called in errors. */
export const STANDARD_INPUT = 'standard input';

const NAMES = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** True for `-` and for the paths of standard input, which cannot be opened where it is a socket. */
export function isStandardInput(file: string): boolean {
  return NAMES.has(file);
}

/** What the folders begin with that hold standard input as a file. */
export const SPOOL_PREFIX = 'nnm-stdin-';

/** A file as results and errors name it. */
export function displayName(file: string): string {
  return isStandardInput(file) || isSpooled(file) ? STANDARD_INPUT : file;
}

/** True for the file that holds standard input. */
export function isSpooled(file: string): boolean {
  return basename(file) === STANDARD_INPUT && basename(dirname(file)).startsWith(SPOOL_PREFIX);
}
