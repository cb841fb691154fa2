import { type MeasureJobs, openProfilerSession, type ProfileRecord, type Visit } from '@nnm/profiler';
import type { FormulaModel } from './formula-backend.ts';

const COST = { convertMs: 0, loadMs: 0, warmupMs: 0, timedMs: 0, probeMs: 0, waitedMs: 0 };

/** Takes the place of the engine: kernels of the formula backend at once, with as much to tell of each as the engine has. */
export const measureInstantly: MeasureJobs = async function* (jobs, { backend, settings }) {
  const session = await openProfilerSession({ backend, settings });
  await session.close();
  const records: ProfileRecord[] = [];
  for (const { id, hash, model } of jobs) {
    const { ms } = JSON.parse(new TextDecoder().decode(await model())) as FormulaModel;
    const slice = { runs: 4, minMs: ms, medianMs: ms, meanMs: ms, probeMs: 1 / 16, cpuShare: 1 };
    const visit: Visit = { firstProbeMs: 1 / 16, slices: [slice, slice, slice, slice] };
    for (const visits of [1, 2]) yield { type: 'visit', id, visit, cost: COST, visits };
    const stats = { latencyMs: ms, meanMs: ms, medianMs: ms, minMs: ms, p10Ms: ms, p90Ms: ms, runs: 32, acceptedRuns: 32, visits: 2 };
    const record: ProfileRecord = { status: 'ok', id, hash, stats, flags: [], slowdown: 1 };
    records.push(record);
    yield { type: 'record', record, revised: false };
  }
  return {
    records,
    unmeasured: [],
    failures: [],
    environment: session.environment,
    isolation: session.isolation,
    drift: {
      quietShare: 1,
      probes: 1,
      quietLevelMs: undefined,
      knownLevelMs: undefined,
      sessionLevelMs: undefined,
      doubted: false,
      intervals: [],
      text: '',
    },
    counts: { ok: records.length, failed: 0, flagged: 0, contended: 0, visits: 2 * records.length, workerRestarts: 0 },
    cost: { ...COST, wallMs: 0 },
  };
};
