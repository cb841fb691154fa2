import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { median } from '@nnm/core';
import { readJournal, resolvePolicy, type Visit } from '@nnm/profiler';
import { assessVisits } from '../../../packages/profiler/src/measure/assess.ts';
import { defineBench } from './bench.ts';
import { formatCells } from './report.ts';

/** Up to which slowdown of the reference runs count, and the power of it that they are divided by. */
const RULES = [
  { tolerance: 0.03, power: 0 },
  { tolerance: 0.03, power: 0.75 },
  { tolerance: 0.06, power: 0.75 },
  { tolerance: 0.12, power: 0 },
  { tolerance: 0.12, power: 0.5 },
  { tolerance: 0.12, power: 0.75 },
  { tolerance: 0.12, power: 1 },
  { tolerance: 0.2, power: 0.75 },
] as const;
/** Probes up to this share above the quiet level leave a label as good as any. */
const AT_LEVEL = 0.03;

/** Visits of one kernel, and those of its second measurement. */
interface Kernel {
  readonly visits: readonly Visit[];
  readonly again: readonly Visit[];
}

export default defineBench({
  question:
    "Until what slowdown do runs count, and what is to be divided out of them? On what `accuracy` has recorded in hours when the CPU's clock was slower.",
  options: { folder: { default: 'bench-results/accuracy', help: 'folder of `npm run bench -- accuracy`' } },
  async run({ folder }) {
    const figures: Record<string, unknown>[] = [];
    for (const backend of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
      const { kernels, levelMs } = await readVisits(path.join(folder, backend.name));
      const rows = RULES.map((rule) => ({ ...rule, ...tryRule(kernels, levelMs, rule) }));
      console.log(`\n${backend.name}: ${kernels.length} kernels`);
      console.log(
        formatCells([
          [
            'counts up to, divided by',
            'not flagged',
            'pairs',
            'median diff',
            'within 5 %',
            'within 10 %',
            'only slower',
            'bias',
            'median',
            'within 5 %',
            'within 10 %',
          ],
          ...rows.map(({ tolerance, power, flagged, twice, slower }) => [
            `${(1 + tolerance).toFixed(2)}, slowdown^${power}`,
            percent(1 - flagged),
            String(twice.count),
            ...[twice.median, twice.within5, twice.within10].map(percent),
            String(slower.count),
            ...[slower.bias, slower.median, slower.within5, slower.within10].map(percent),
          ]),
        ]),
      );
      figures.push({ backend: backend.name, kernels: kernels.length, rows });
    }
    return { figures };
  },
});

function tryRule(kernels: readonly Kernel[], levelMs: number, { tolerance, power }: (typeof RULES)[number]) {
  const label = (visits: readonly Visit[], quietTolerance: number, slowdownPower: number): number | undefined => {
    const { flags, stats } = assessVisits(visits, { levelMs, doubted: false }, resolvePolicy({ quietTolerance, slowdownPower }));
    return flags.length > 0 ? undefined : stats?.latencyMs;
  };
  const twice: number[] = [];
  const slower: number[] = [];
  let flagged = 0;
  for (const { visits, again } of kernels) {
    const labelMs = label(visits, tolerance, power);
    if (labelMs === undefined) flagged++;
    const secondMs = label(again, tolerance, power);
    if (labelMs !== undefined && secondMs !== undefined) twice.push(secondMs / labelMs - 1);
    const quietMs = label(visits, AT_LEVEL, 0);
    const onlySlowerMs = label(withoutQuiet(visits, levelMs), tolerance, power);
    if (quietMs !== undefined && onlySlowerMs !== undefined) slower.push(onlySlowerMs / quietMs - 1);
  }
  return { flagged: flagged / kernels.length, twice: errorsOf(twice), slower: errorsOf(slower) };
}

/** Visits with those slices alone that began and ended while the machine was slower than at its level. */
function withoutQuiet(visits: readonly Visit[], levelMs: number): readonly Visit[] {
  return visits
    .map(({ firstProbeMs, slices }) => {
      const probed = slices.map((slice, index) => ({ ...slice, beforeMs: slice.beforeMs ?? slices[index - 1]?.probeMs ?? firstProbeMs }));
      return { firstProbeMs, slices: probed.filter(({ beforeMs, probeMs }) => Math.min(beforeMs, probeMs) > levelMs * (1 + AT_LEVEL)) };
    })
    .filter(({ slices }) => slices.length > 0);
}

function errorsOf(errors: readonly number[]) {
  const sizes = errors.map(Math.abs);
  const within = (limit: number): number => sizes.filter((size) => size <= limit).length / sizes.length;
  if (errors.length === 0) return { count: 0, bias: Number.NaN, median: Number.NaN, within5: Number.NaN, within10: Number.NaN };
  return { count: errors.length, bias: median(errors), median: median(sizes), within5: within(0.05), within10: within(0.1) };
}

async function readVisits(folder: string): Promise<{ readonly kernels: readonly Kernel[]; readonly levelMs: number }> {
  const kernels: Kernel[] = [];
  const levels: number[] = [];
  for (const kernel of await readdir(folder)) {
    const results = path.join(folder, kernel, 'predictor_build/results');
    const measured = visitsIn(path.join(results, `${kernel}.jsonl`), levels);
    const again = visitsIn(path.join(results, 'retest.jsonl'), levels);
    for (const [id, visits] of measured) kernels.push({ visits, again: again.get(id) ?? [] });
  }
  return { kernels, levelMs: Math.min(...levels) };
}

function visitsIn(file: string, levels: number[]): ReadonlyMap<string, readonly Visit[]> {
  if (!existsSync(file)) return new Map();
  const visits = new Map<string, readonly Visit[]>();
  for (const [id, measurements] of readJournal(file)?.kernels ?? []) {
    for (const { record, visits: made } of measurements) {
      if (record?.status === 'ok' && record.quietLevelMs !== undefined) levels.push(record.quietLevelMs);
      if (made.length > 0) visits.set(id, made);
    }
  }
  return visits;
}

function percent(value: number): string {
  return Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`;
}
