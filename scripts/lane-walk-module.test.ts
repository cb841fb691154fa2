import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LANE_WALK_FILE, laneWalkModule } from './lane-walk-module.ts';

it('the walk that is shipped is the one in assembly/: run `npm run make:lane-walk`', async () => {
  expect(readFileSync(fileURLToPath(new URL(`../${LANE_WALK_FILE}`, import.meta.url)), 'utf8')).toBe(await laneWalkModule());
});
