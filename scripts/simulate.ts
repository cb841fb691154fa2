import { parseArgs } from 'node:util';
import { Simulation } from '../tests/simulation/simulation.ts';

/**
 * `npm run simulate -- --seeds 10000 [--from 1]`: run the schedules of many seeds; `-- --seed 77`: run one and tell what happens in it.
 * Ends with 1 when anything was found.
 */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, seed: { type: 'string' } },
});
const simulation = await Simulation.prepare();
if (values.seed !== undefined) {
  const outcome = await simulation.run(Number(values.seed));
  console.log(JSON.stringify(outcome, null, 2));
  process.exitCode = outcome.violations.length > 0 ? 1 : 0;
} else {
  const from = Number(values.from);
  const count = Number(values.seeds);
  const startMs = performance.now();
  const ends = new Map<string, number>();
  let failed = 0;
  for (let seed = from; seed < from + count; seed++) {
    const outcome = await simulation.run(seed);
    for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1);
    if (outcome.violations.length === 0) continue;
    failed++;
    console.log(`seed ${seed} (npm run simulate -- --seed ${seed}): ${outcome.ends.join(', ')}\n  ${outcome.violations.join('\n  ')}`);
  }
  const seconds = (performance.now() - startMs) / 1000;
  const told = [...ends].map(([end, times]) => `${times} ${end}`).join(', ');
  console.log(
    `${count} schedules in ${seconds.toFixed(0)} s (${((1000 * seconds) / count).toFixed(0)} ms each): ${failed} failed; processes: ${told}`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}
