import { parseArgs } from 'node:util';
import { type AnyBackend, type Op, Rng } from '@nnm/core';
import { startRuntime } from '@nnm/core/testing';
import { disagreement } from '../tests/random-agreement.ts';
import { DRAWS, drawChain, drawOperator } from '../tests/random-graphs.ts';

/**
 * `npm run compare:operators -- --seeds 100 [--from 0] [--backend torch_cpu] [--only conv2d] [--settings '{"DELEGATE":"none"}']`: compare
 * every operator with the float64 reference, in a graph per seed with random shapes and options and in a random chain. Ends with 1 when
 * one differs. With `--verbose` every graph is written before it runs: a runtime that ends the process ends at the last.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '0' },
    backend: { type: 'string', default: 'tflite_cpu' },
    only: { type: 'string' },
    settings: { type: 'string', default: '{}' },
    verbose: { type: 'boolean', default: false },
  },
});
const plugins = await Promise.all(
  ['@nnm/backend-tflite', '@nnm/backend-torch', '@nnm/backend-litert', '@nnm/backend-tfjs'].map((name) => import(name)),
);
const backends: readonly AnyBackend[] = plugins.flatMap((plugin) => plugin.default.backends);
const backend = backends.find(({ id }) => id === values.backend);
if (backend === undefined) throw new Error(`--backend must be one of ${backends.map(({ id }) => id).join(', ')}`);
const runtime = await startRuntime({ backend, settings: JSON.parse(values.settings) });
const kinds = [...Object.keys(DRAWS), 'chain'].filter((kind) => kind === (values.only ?? kind));
const counts = { right: 0, refused: 0, wrong: 0 };
for (let seed = Number(values.from); seed < Number(values.from) + Number(values.seeds); seed++) {
  for (const kind of kinds) {
    const rng = new Rng(seed).fork(kind);
    const graph = kind === 'chain' ? drawChain(rng) : drawOperator(kind as Op['op'], rng);
    if (values.verbose) console.log(`${kind} ${seed} ${JSON.stringify(graph)}`);
    const wrong = await disagreement(backend, runtime, graph, seed);
    counts[wrong === undefined ? 'right' : wrong === 'refused' ? 'refused' : 'wrong']++;
    if (wrong !== undefined && wrong !== 'refused') console.log(`${kind} ${seed}: ${wrong}\n  ${JSON.stringify(graph)}`);
  }
}
await runtime.close();
console.log(`${backend.id}: ${counts.right} as the reference, ${counts.refused} refused by name, ${counts.wrong} wrong`);
process.exitCode = counts.wrong > 0 ? 1 : 0;
