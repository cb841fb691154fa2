// Executes the first graphs of the contract on ort_webgpu and prints how far they are from the reference: `{ "<graph>": relative error }`.
// A program of its own: which driver Vulkan finds is decided when a process starts.
import { Rng } from '@nnm/core';
import { edgeGraphs, maxRelativeError, randomTensors, runReference } from '@nnm/core/testing';
import { ortWebgpu } from '../ort-webgpu-backend.ts';
import start from '../runtime-webgpu.ts';

const GRAPHS = 12;
const runtime = await start(ortWebgpu.parseSettings({}));
const errors: Record<string, number> = {};
for (const { name, graph } of edgeGraphs().slice(0, GRAPHS)) {
  const inputs = randomTensors(graph, new Rng(1));
  const model = await runtime.load(ortWebgpu.convert(graph, 'torch'));
  await model.run();
  errors[name] = maxRelativeError(await model.execute(inputs), runReference(graph, inputs, 'torch'));
  await model.close();
}
process.stdout.write(JSON.stringify({ errors, info: runtime.info }));
await runtime.close();
process.exit();
