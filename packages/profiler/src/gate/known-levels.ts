/** The quiet level that one session reached. */
export interface SessionLevel {
  readonly levelMs: number;
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly probes: number;
  /** How long it has probed. */
  readonly probedMs: number;
}

/** What the sessions of one hour reached together. */
export interface HourLevel {
  /** Of the fastest of them. */
  readonly levelMs: number;
  /** When the first and the last of them ended, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
  readonly probes: number;
  readonly probedMs: number;
}

/** What is remembered of one machine, runtime, thread count and reference. */
export interface MachineLevels {
  /** The last hours in which the machine was as fast as it is known to be. */
  readonly quiet: readonly HourLevel[];
  /** The hours since, in none of which it was. */
  readonly slower: readonly HourLevel[];
  /** What it was before it was believed to have become slower for good, and when it was last seen to be. */
  readonly before?: { readonly levelMs: number; readonly at: string };
}

/** Content of the levels file. */
export interface KnownLevels {
  readonly schemaVersion: 2;
  readonly levels: Readonly<Record<string, MachineLevels>>;
}

/** What the sessions say that have never come near the best known level. */
export interface SlowerEvidence {
  /** When the first of them ended, ISO 8601. */
  readonly since: string;
  /** Hours that they ended in. */
  readonly hours: number;
  readonly sessions: number;
  readonly probes: number;
  readonly probedMs: number;
  /** Of the fastest of them, milliseconds. */
  readonly levelMs: number;
}

const HOUR_MS = 3_600_000;
/** Sessions within this share of the best known level have reached it; hours that agree are within it of their lowest. */
const NEAR = 0.03;
/** Hours that are remembered of either kind: the best of the last quiet ones is the level. */
const QUIET_HOURS = 12;
const SLOWER_HOURS = 48;
/**
 * A machine is slower for good when sessions of at least this many hours, spread over two days or more, agree, and not more than every third
 * does not. Loud phases may last as long, but they are not equally loud.
 */
const MIN_HOURS = 5;
const MIN_SPREAD_MS = 18 * HOUR_MS;
const MIN_AGREEING = 2 / 3;
/** Of the time between two of them no more counts: somebody may have set the clock. */
const MAX_GAP_MS = 10 * HOUR_MS;

/** Levels before the first session. */
export const NO_LEVELS: KnownLevels = { schemaVersion: 2, levels: {} };

/** Best level of the remembered quiet hours, milliseconds; undefined when there are none. */
export function bestKnownLevel(known: KnownLevels, key: string): number | undefined {
  const { quiet = [] } = known.levels[key] ?? {};
  return quiet.length === 0 ? undefined : lowestOf(quiet);
}

/** What speaks for the machine having become slower; undefined when the last session has reached the best known level. */
export function slowerEvidence(known: KnownLevels, key: string): SlowerEvidence | undefined {
  const { slower = [] } = known.levels[key] ?? {};
  const [first] = slower;
  return first === undefined
    ? undefined
    : {
        since: first.from,
        hours: slower.length,
        sessions: sum(slower.map(({ sessions }) => sessions)),
        probes: sum(slower.map(({ probes }) => probes)),
        probedMs: sum(slower.map(({ probedMs }) => probedMs)),
        levelMs: lowestOf(slower),
      };
}

/** The levels with one session more. */
export function rememberLevel(known: KnownLevels, key: string, session: SessionLevel): KnownLevels {
  return { ...known, levels: { ...known.levels, [key]: addSession(known.levels[key], session) } };
}

/** The levels without what was known of this key but this session. */
export function relearnLevel(known: KnownLevels, key: string, session: SessionLevel): KnownLevels {
  return { ...known, levels: { ...known.levels, [key]: addSession(undefined, session) } };
}

function addSession({ quiet, slower, before }: MachineLevels = { quiet: [], slower: [] }, session: SessionLevel): MachineLevels {
  const known = { ...(before !== undefined && { before }) };
  if (quiet.length === 0 || session.levelMs <= lowestOf(quiet) * (1 + NEAR)) {
    return { quiet: addToHour(quiet, session).slice(-QUIET_HOURS), slower: [], ...known };
  }
  const hours = addToHour(slower, session).slice(-SLOWER_HOURS);
  const believed = agreeing(hours);
  if (believed === undefined) return { quiet, slower: hours, ...known };
  return { quiet: believed.slice(-QUIET_HOURS), slower: [], before: { levelMs: lowestOf(quiet), at: quiet.at(-1)!.to } };
}

/** Hours that show a machine that has become slower for good: those near the lowest of them, if they are enough, most, and far apart. */
function agreeing(hours: readonly HourLevel[]): readonly HourLevel[] | undefined {
  const near = hours.filter(({ levelMs }) => levelMs <= lowestOf(hours) * (1 + NEAR));
  return near.length >= MIN_HOURS && near.length >= MIN_AGREEING * hours.length && spreadMs(near) >= MIN_SPREAD_MS ? near : undefined;
}

function spreadMs(hours: readonly HourLevel[]): number {
  const gaps = hours.slice(1).map(({ from }, index) => Date.parse(from) - Date.parse(hours[index]!.from));
  return sum(gaps.map((gapMs) => Math.min(Math.max(0, gapMs), MAX_GAP_MS)));
}

function addToHour(hours: readonly HourLevel[], { at, ...session }: SessionLevel): readonly HourLevel[] {
  const last = hours.at(-1);
  const passedMs = last === undefined ? Number.NaN : Date.parse(at) - Date.parse(last.from);
  if (last === undefined || !(passedMs >= 0 && passedMs < HOUR_MS)) return [...hours, { ...session, from: at, to: at, sessions: 1 }];
  const merged = {
    levelMs: Math.min(last.levelMs, session.levelMs),
    from: last.from,
    to: at,
    sessions: last.sessions + 1,
    probes: last.probes + session.probes,
    probedMs: last.probedMs + session.probedMs,
  };
  return [...hours.slice(0, -1), merged];
}

function lowestOf(hours: readonly HourLevel[]): number {
  return Math.min(...hours.map(({ levelMs }) => levelMs));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Sessions that the first version kept had probed for this long, unless they were the best. */
const FIRST_VERSION_PROBED_MS = 60_000;

/**
 * Parse the levels file, also one of the first version. Its loss costs one noisy session, so what cannot be read counts as absent.
 *
 * @returns undefined when the text is not a levels file of a known version
 */
export function parseKnownLevels(text: string): KnownLevels | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(value) || !isObject(value.levels)) return undefined;
  const entries = Object.entries(value.levels);
  if (value.schemaVersion === 1) return fromFirstVersion(entries);
  if (value.schemaVersion !== 2) return undefined;
  const sound = entries.flatMap(([key, levels]) => {
    if (!isObject(levels)) return [];
    const [quiet, slower] = [hoursOf(levels.quiet), hoursOf(levels.slower)];
    const { before } = levels as Partial<MachineLevels>;
    return quiet.length === 0 ? [] : [[key, { quiet, slower, ...(isLevel(before) && { before }) }] as const];
  });
  return { schemaVersion: 2, levels: Object.fromEntries(sound) };
}

function fromFirstVersion(entries: readonly (readonly [string, unknown])[]): KnownLevels {
  const sessions = entries.flatMap(([key, list]) => (Array.isArray(list) ? list.map((session: unknown) => ({ key, session })) : []));
  return sessions.reduce((known, { key, session }) => {
    if (!isLevel(session)) return known;
    const { levelMs, at, probes = 0 } = session as { levelMs: number; at: string; probes?: number };
    return rememberLevel(known, key, { levelMs, at, probes, probedMs: FIRST_VERSION_PROBED_MS });
  }, NO_LEVELS);
}

function hoursOf(value: unknown): readonly HourLevel[] {
  if (!Array.isArray(value)) return [];
  return value.filter((hour): hour is HourLevel => {
    if (!isObject(hour)) return false;
    const { from, to, sessions, probes, probedMs } = hour as Partial<HourLevel>;
    return isLevel({ ...hour, at: from }) && isMoment(to) && [sessions, probes, probedMs].every((count) => Number.isFinite(count));
  });
}

function isLevel(value: unknown): value is { readonly levelMs: number; readonly at: string } {
  return isObject(value) && Number.isFinite(value.levelMs) && (value.levelMs as number) > 0 && isMoment(value.at);
}

function isMoment(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
