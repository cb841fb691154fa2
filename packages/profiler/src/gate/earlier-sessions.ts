import { bestKnownLevel, NO_LEVELS, type SlowerEvidence, slowerEvidence } from './known-levels.ts';
import { readKnownLevels } from './levels-file.ts';

/** Where quiet levels are kept. */
export interface LevelsPlace {
  readonly file: string;
  readonly key: string;
  /** What is known there is forgotten. */
  readonly anew: boolean;
}

/** What earlier sessions tell. */
export interface KnownLevel {
  readonly levelMs?: number | undefined;
  readonly slower?: SlowerEvidence | undefined;
}

/** What is known there; what cannot be read is a note. */
export function readLevel({ file, key }: LevelsPlace, notes: string[]): KnownLevel {
  let known = NO_LEVELS;
  try {
    known = readKnownLevels(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    notes.push(`The quiet levels of earlier sessions could not be read: ${(error as Error).message}.`);
  }
  return { levelMs: bestKnownLevel(known, key), slower: slowerEvidence(known, key) };
}

/** Slower than by this, a session is doubted. */
const NOTABLE = 1.1;

/** What the user should know of earlier sessions that never came near the best known level, as full sentences. */
export function slowerNotes({ since, levelMs, hours }: SlowerEvidence, knownMs: number): readonly string[] {
  const slowdown = levelMs / knownMs;
  // One loud hour is nothing to be told of.
  if (slowdown <= NOTABLE || hours < 2) return [];
  const percent = Math.round((slowdown - 1) * 100);
  return [
    `Since ${since.slice(0, 10)} no session has come near the best known speed of this machine; the fastest was ${percent} % slower. As long as that may be noise, measurements are flagged. If the machine has become slower for good (power settings, firmware, another host), \`nnm doctor --relearn\` takes its present speed for quiet. nnm does so by itself once sessions in at least five hours of two days or more agree.`,
  ];
}
