/** The quiet level that one session reached. */
export interface SessionLevel {
  readonly levelMs: number;
  /** When, ISO 8601. */
  readonly at: string;
  readonly probes: number;
}

/** Content of the levels file: the last sessions' levels per machine, runtime, thread count and reference. */
export interface KnownLevels {
  readonly schemaVersion: 1;
  readonly levels: Readonly<Record<string, readonly SessionLevel[]>>;
}

/** A machine that has become slower for good is believed after this many sessions. */
export const SESSIONS_KEPT = 12;

/** Levels before the first session. */
export const NO_LEVELS: KnownLevels = { schemaVersion: 1, levels: {} };

/** Best level of the remembered sessions, milliseconds; undefined when there are none. */
export function bestKnownLevel(known: KnownLevels, key: string): number | undefined {
  const levels = known.levels[key] ?? [];
  return levels.length === 0 ? undefined : Math.min(...levels.map(({ levelMs }) => levelMs));
}

/** The levels with one session more; the oldest of its key is forgotten. */
export function rememberLevel(known: KnownLevels, key: string, session: SessionLevel): KnownLevels {
  return { ...known, levels: { ...known.levels, [key]: [...(known.levels[key] ?? []), session].slice(-SESSIONS_KEPT) } };
}

/**
 * Parse the levels file. Its loss costs one noisy session, so what cannot be read counts as absent.
 *
 * @returns undefined when the text is not a levels file of this version
 */
export function parseKnownLevels(text: string): KnownLevels | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { schemaVersion, levels } = value as Partial<KnownLevels>;
  if (schemaVersion !== 1 || typeof levels !== 'object' || levels === null) return undefined;
  const sound = Object.entries(levels).flatMap(([key, sessions]) => {
    const kept = Array.isArray(sessions) ? (sessions as SessionLevel[]).filter((session) => session?.levelMs > 0) : [];
    return kept.length > 0 ? [[key, kept] as const] : [];
  });
  return { schemaVersion: 1, levels: Object.fromEntries(sound) };
}
