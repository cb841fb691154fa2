import { it } from 'vitest';
import { expectSeeds } from './expect-seeds.ts';

// Two files, so that two CPUs share the seeds; `npm run simulate` runs more.
it('schedules of faults 1 to 500 end in the predictor of the undisturbed build', { timeout: 1_200_000 }, () => expectSeeds(1, 500));
