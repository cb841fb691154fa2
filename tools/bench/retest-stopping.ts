/**
 * How many slices a visit and how many visits a kernel should have, on the raw visits of `retest.ts --trace FILE`:
 *
 *   node --import tsx --conditions=@nnm/source tools/bench/retest-stopping.ts FILE...
 *
 * Make the trace with more of both than the engine would take:
 * `--policy minVisits=10,maxVisits=10,minSlices=100000,enoughTimedMs=1000000,slicesPerVisit=8,maxCostRatio=1000`. Every kernel's
 * visits are put in several random orders, cut after the accepted slices that a policy asks for, and stopped where it would have
 * stopped.
 */
import { Rng } from '@nnm/core';
import { resolvePolicy, type Visit } from '@nnm/profiler';
import { judgeVisit } from '../../packages/profiler/src/gate/gate.ts';
import { assessVisits } from '../../packages/profiler/src/measure/assess.ts';
import { formatCells } from './retest-report.ts';
import { readTrace } from './retest-trace.ts';

const ORDERS = 10;

/** A visit as it would have been with fewer accepted slices. */
function shorten(visit: Visit, levelMs: number, slices: number, policy: ReturnType<typeof resolvePolicy>): Visit {
  let accepted = 0;
  const end = judgeVisit(visit, levelMs, policy).findIndex((slice) => slice.accepted && ++accepted === slices);
  return end === -1 ? visit : { ...visit, slices: visit.slices.slice(0, end + 1) };
}

const figures: Record<string, unknown>[] = [];
for (const file of process.argv.slice(2)) {
  const { rounds, levelMs, backendId } = readTrace(file);
  const quiet = { levelMs, doubted: false };
  const ids = Object.keys(rounds[0]!.visits);
  const lines: string[][] = [];
  for (const maxVisits of [12, 6]) {
    for (const slicesPerVisit of [1, 2, 3, 4, 6, 8]) {
      const policy = resolvePolicy({ slicesPerVisit, maxVisits });
      const rng = new Rng(1);
      const differences: number[] = [];
      let visits = 0;
      let flagged = 0;
      for (let order = 0; order < ORDERS; order++) {
        for (const id of ids) {
          const [first, second] = rounds.map((round) => {
            const all = rng.shuffle(round.visits[id] ?? []).map((visit) => shorten(visit, levelMs, slicesPerVisit, policy));
            const limit = Math.min(maxVisits, all.length);
            for (let count = policy.minVisits; ; count++) {
              const { done, stats } = assessVisits(all.slice(0, count), quiet, policy);
              if (!done && count < limit) continue;
              visits += count;
              if (!done) flagged++;
              return done ? stats?.latencyMs : undefined;
            }
          });
          if (first !== undefined && second !== undefined) differences.push(Math.abs(first - second) / ((first + second) / 2));
        }
      }
      const measured = 2 * ORDERS * ids.length;
      const within = (limit: number): number => differences.filter((difference) => difference <= limit).length / differences.length;
      const figure = {
        backend: backendId,
        maxVisits,
        slicesPerVisit,
        within2: within(0.02),
        within5: within(0.05),
        within10: within(0.1),
        flagged: flagged / measured,
        visits: visits / measured,
      };
      figures.push(figure);
      const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
      lines.push([
        `${slicesPerVisit} slices a visit, at most ${maxVisits} visits`,
        ...[figure.within2, figure.within5, figure.within10, figure.flagged].map(percent),
        figure.visits.toFixed(2),
      ]);
    }
  }
  console.log(`\n${file}: ${backendId}, quiet share ${rounds.map(({ drift }) => drift.quietShare.toFixed(2)).join(' and ')}, not flagged:`);
  console.log(formatCells([['policy', 'within 2 %', 'within 5 %', 'within 10 %', 'flagged', 'visits'], ...lines]));
}
console.log(JSON.stringify({ bench: 'retest-stopping', figures }));
