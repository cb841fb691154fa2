// A build as a process of its own, which tests can kill. Its one argument is JSON.
import { Rng } from '@nnm/core';
import { SYSTEM_TIMERS } from '@nnm/profiler';
import { openFleet } from '../coordinate/fleet.ts';
import { FormulaBackend, formulaJobs, formulaReference } from './formula-backend.ts';

const { url, journalFile, count, waitMs } = JSON.parse(process.argv[2] as string) as Record<'url' | 'journalFile', string> &
  Record<'count' | 'waitMs', number>;
const fleet = await openFleet({ url });
const run = fleet.measure(
  formulaJobs(count, () => ({ waitMs })),
  { backend: new FormulaBackend(), settings: {}, referenceModel: formulaReference, rng: new Rng(1), journalFile },
  SYSTEM_TIMERS,
);
for (let step = await run.next(); ; step = await run.next()) {
  if (step.done) break;
  if (step.value.type === 'record') console.log(`record ${step.value.record.id}`);
  if (step.value.type === 'waiting') console.log(step.value.reason);
}
fleet.close();
console.log('finished');
