/** Characters beyond ASCII that nnm writes for people, and what stands for them. */
const ASCII: readonly (readonly [RegExp, string])[] = [
  [/±/g, '+-'],
  [/→/g, '->'],
  [/…/g, '...'],
  [/[–—−]/g, '-'],
  [/×/g, 'x'],
  [/µ|μ/g, 'u'],
  [/≤/g, '<='],
  [/≥/g, '>='],
  [/≈/g, '~'],
  [/✓/g, 'ok'],
  [/✗/g, 'x'],
  [/[█▉▊▋▌▍▎▏■]/g, '#'],
  [/[─━]/g, '-'],
  [/[“”]/g, '"'],
  [/[‘’]/g, "'"],
];

/**
 * Whether a terminal in this environment shows more than ASCII: not where its locale says otherwise (`LC_ALL=C`). A locale that is not set
 * says nothing: containers have none, and show everything.
 */
export function showsUnicode(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === 'win32') return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return !locale || /utf-?8/i.test(locale);
}

/** Text for people as this environment can show it; see {@link showsUnicode}. Only what nnm itself writes is replaced, not names of files. */
export function legible(text: string, isUnicode: boolean = showsUnicode()): string {
  return isUnicode ? text : ASCII.reduce((shown, [characters, ascii]) => shown.replace(characters, ascii), text);
}
