// A program: start the runtime of one backend as measurements do, run one small model, keep it open for two seconds, close it.
// `node run-one-model.mjs <plugin module> <backend id> <settings as JSON>`
import { pathToFileURL } from 'node:url';
import { GraphBuilder } from '@nnm/core';
import { openProfilerSession } from '@nnm/profiler';

const [file, id, settings] = process.argv.slice(2);
const { default: plugin } = await import(pathToFileURL(file).href);
const backend = plugin.backends?.find((one) => one.id === id);
if (backend === undefined) throw new Error(`${file} has no backend ${id}`);
const g = new GraphBuilder('small');
const graph = g.build(g.activation(g.conv2d(g.input([1, 8, 8, 4]), 8, { kernelSize: 3 }), 'relu'));
const model = await backend.convert(graph, backend.implement[0]);
const session = await openProfilerSession({ backend, settings: backend.parseSettings(JSON.parse(settings)), levelsFile: false });
const [output] = await session.execute(model, [{ shape: [1, 8, 8, 4], data: new Float32Array(256).fill(1) }]);
// What a runtime does in the background it does soon after it was started.
await new Promise((resolve) => setTimeout(resolve, 2000));
await session.close();
console.log(JSON.stringify({ ran: backend.id, values: output?.data.length }));
