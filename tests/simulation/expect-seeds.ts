import { expect } from 'vitest';
import { Simulation } from './simulation.ts';

/** Run the schedules of seeds; each that found something is told, with the command that runs it again. */
export async function expectSeeds(from: number, to: number): Promise<void> {
  const simulation = await Simulation.prepare();
  const failed: string[] = [];
  for (let seed = from; seed <= to; seed++) {
    const { violations, ends } = await simulation.run(seed);
    if (violations.length > 0) failed.push(`npm run simulate -- --seed ${seed} (${ends.join(', ')}): ${violations.join('; ')}`);
  }
  expect(failed).toEqual([]);
}
