const PLAIN = { posix: /^[\p{L}\p{N}_@%+=:,./-]+$/u, windows: /^[\p{L}\p{N}_@%+=:,./\\-]+$/u };

/** A word of a command that the user is to type: in quotes where the shell would take it for several, or for something else. */
export function commandWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return PLAIN.windows.test(word) ? word : `"${word}"`;
  return PLAIN.posix.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
