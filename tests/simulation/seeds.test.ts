import { expect, it } from 'vitest';
import { Simulation } from './simulation.ts';

/** Twice as many as found every fault that was put back, see docs/adr/0010-files-locks-journal.md; `npm run simulate` runs more. */
const SEEDS = 300;

it(`schedules of faults 1 to ${SEEDS} end in the predictor of the undisturbed build`, async () => {
  const simulation = await Simulation.prepare();
  const failed: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations, ends } = await simulation.run(seed);
    if (violations.length > 0) failed.push(`npm run simulate -- --seed ${seed} (${ends.join(', ')}): ${violations.join('; ')}`);
  }
  expect(failed).toEqual([]);
});
