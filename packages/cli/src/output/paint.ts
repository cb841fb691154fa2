import { Ansis } from 'ansis';

/** Colours for one output stream: none when it is not a terminal or `NO_COLOR` is set; `FORCE_COLOR` turns them on. */
export function paintFor(stream: { readonly isTTY?: boolean }): Ansis {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return new Ansis(0);
  if (FORCE_COLOR !== undefined) return new Ansis(FORCE_COLOR === '0' || FORCE_COLOR === 'false' ? 0 : 1);
  return new Ansis(stream.isTTY && TERM !== 'dumb' ? 1 : 0);
}
