import { mean, median, quantile } from '@nnm/core';
import { resolvePolicy } from '@nnm/profiler';
import { type JudgedSlice, judgeVisits } from '../../../packages/profiler/src/gate/gate.ts';
import { assessVisits } from '../../../packages/profiler/src/measure/assess.ts';
import { defineBench } from './bench.ts';
import { agreement, formatTable } from './report.ts';
import { readTrace } from './trace.ts';

type Statistic = (slices: readonly JudgedSlice[]) => number;

const medians = (slices: readonly JudgedSlice[]): number[] => slices.map((slice) => slice.medianMs);
const statistics: Record<string, Statistic> = {
  'minimum of runs': (slices) => Math.min(...slices.map((slice) => slice.minMs)),
  'minimum of medians': (slices) => Math.min(...medians(slices)),
  '10 % quantile': (slices) => quantile(medians(slices), 0.1),
  '25 % quantile': (slices) => quantile(medians(slices), 0.25),
  median: (slices) => median(medians(slices)),
  'trimmed mean': (slices) => {
    const sorted = medians(slices).sort((a, b) => a - b);
    const cut = Math.floor(sorted.length * 0.2);
    return mean(sorted.slice(cut, sorted.length - cut));
  },
  mean: (slices) => mean(slices.map((slice) => slice.meanMs)),
};

export default defineBench({
  question: 'Which statistic, gate, correction and stopping rule would have agreed best, on the raw visits of retest --trace FILE?',
  options: {},
  files: 'FILE...',
  async run(_, files) {
    if (files.length === 0) throw new Error('Name the files that retest --trace wrote.');
    const figures: Record<string, unknown>[] = [];
    for (const file of files) {
      const trace = readTrace(file);
      const { levelMs } = trace;
      const ids = Object.keys(trace.rounds[0]!.visits);
      const slicesOf = (round: number, id: string, tolerance: number, visits: number): JudgedSlice[] =>
        judgeVisits((trace.rounds[round]!.visits[id] ?? []).slice(0, visits), levelMs, {
          quietTolerance: tolerance,
          slowdownPower: 0,
          minCpuShare: 0.97,
        }).flat();
      const compare = (policy: string, value: (round: number, id: string) => number | undefined) => {
        const of = (round: number) =>
          new Map(
            ids.flatMap((id) => {
              const v = value(round, id);
              return v === undefined || Number.isNaN(v) ? [] : [[id, v] as const];
            }),
          );
        return { policy, ...agreement(of(0), of(1)) };
      };

      const rows = [
        {
          policy: '10 + 50 runs, mean',
          ...agreement(new Map(Object.entries(trace.rounds[0]!.nnMeter)), new Map(Object.entries(trace.rounds[1]!.nnMeter))),
        },
      ];
      for (const visits of [3, 8]) {
        for (const [name, statistic] of Object.entries(statistics)) {
          rows.push(compare(`${visits} visits, no gate, ${name}`, (round, id) => statistic(slicesOf(round, id, 0, visits))));
        }
        for (const tolerance of [0.02, 0.03, 0.05, 0.08]) {
          for (const [name, statistic] of Object.entries(statistics)) {
            rows.push(
              compare(`${visits} visits, reject ${tolerance}, ${name}`, (round, id) => {
                const accepted = slicesOf(round, id, tolerance, visits).filter((slice) => slice.accepted);
                return accepted.length < 3 ? undefined : statistic(accepted);
              }),
            );
          }
        }
        for (const power of [0.5, 1, 2]) {
          rows.push(
            compare(`${visits} visits, correct by slowdown^${power}, median`, (round, id) =>
              median(slicesOf(round, id, 0, visits).map((slice) => slice.medianMs / slice.slowdown ** power)),
            ),
          );
        }
        for (const [name, statistic] of Object.entries(statistics)) {
          rows.push(
            compare(`${visits} visits, lowest visit, ${name}`, (round, id) =>
              Math.min(
                ...judgeVisits((trace.rounds[round]!.visits[id] ?? []).slice(0, visits), levelMs, {
                  quietTolerance: 0,
                  slowdownPower: 0,
                  minCpuShare: 0,
                }).map(statistic),
              ),
            ),
          );
        }
      }
      for (const [quietTolerance, slowdownPower, minCpuShare] of [
        [0.03, 0, 0.97],
        [0.05, 0, 0.97],
        [0.12, 0.75, 0.97],
        [1e9, 0, 0],
      ] as const) {
        for (const agreementShare of [0.015, 0.025, 0.04]) {
          for (const unflagged of [true, false]) {
            const policy = resolvePolicy({ quietTolerance, slowdownPower, minCpuShare, agreement: agreementShare, maxVisits: 8 });
            rows.push(
              compare(
                `engine rule, ${minCpuShare === 0 ? 'no gate' : `gate ${quietTolerance}`}, agreement ${agreementShare}${unflagged ? ', not flagged' : ''}`,
                (round, id) => {
                  const visits = trace.rounds[round]!.visits[id] ?? [];
                  for (let count = policy.minVisits; count <= visits.length; count++) {
                    const assessment = assessVisits(visits.slice(0, count), { levelMs, doubted: false }, policy);
                    if (assessment.done || (count === visits.length && !unflagged)) return assessment.stats?.latencyMs;
                  }
                  return undefined;
                },
              ),
            );
          }
        }
      }
      console.log(
        `\n${file}: ${trace.backendId}, neighbour ${trace.neighbour}, quiet share ${trace.rounds.map(({ drift }) => drift.quietShare.toFixed(2)).join(' and ')}`,
      );
      console.log(formatTable(rows));
      figures.push({ file, backend: trace.backendId, neighbour: trace.neighbour, rows });
    }
    return { figures };
  },
});
