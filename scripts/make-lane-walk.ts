import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LANE_WALK_FILE, laneWalkModule } from './lane-walk-module.ts';

/** Compiles the walk down regression trees; `npm run make:lane-walk`. */
const text = await laneWalkModule();
await writeFile(fileURLToPath(new URL(`../${LANE_WALK_FILE}`, import.meta.url)), text);
console.log(`${LANE_WALK_FILE}: ${text.length} characters`);
