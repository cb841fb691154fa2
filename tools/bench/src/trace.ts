import { readFileSync } from 'node:fs';
import type { DriftSummary, Visit } from '@nnm/profiler';

/** What `retest.ts --trace FILE` writes: the raw visits of both rounds, and the lower of the two quiet levels. */
export interface Trace {
  readonly backendId: string;
  readonly neighbour: string;
  readonly rounds: readonly {
    readonly drift: DriftSummary;
    readonly visits: Readonly<Record<string, readonly Visit[]>>;
    readonly nnMeter: Readonly<Record<string, number>>;
  }[];
  readonly levelMs: number;
}

export function readTrace(file: string): Trace {
  const trace = JSON.parse(readFileSync(file, 'utf8')) as Omit<Trace, 'levelMs'>;
  return { ...trace, levelMs: Math.min(...trace.rounds.map(({ drift }) => drift.quietLevelMs ?? Number.POSITIVE_INFINITY)) };
}
