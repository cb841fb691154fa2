import { it } from 'vitest';
import { expectSeeds } from './expect-seeds.ts';

// Two files, so that two CPUs share the seeds; `npm run simulate` runs more.
it('schedules of faults 501 to 1000 end in the predictor of the undisturbed build', { timeout: 1_200_000 }, () => expectSeeds(501, 1000));
