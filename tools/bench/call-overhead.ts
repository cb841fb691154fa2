/**
 * What calling ONNX Runtime costs: its C API through koffi against the API of onnxruntime-node, on the same models.
 *
 * The two take turns, a few runs each, so that both meet the same moments of the machine; the 10th percentile is compared.
 * Run with: npm run bench:call-overhead
 */

import { torchCpu } from '@nnm/backend-torch';
import start from '@nnm/backend-torch/runtime';
import { type Graph, GraphBuilder, type LoadedModel } from '@nnm/core';

const ROUNDS = 150;
const RUNS_A_TURN = 20;

const build = (name: string, write: (g: GraphBuilder) => string): Graph => {
  const g = new GraphBuilder(name, 1);
  return g.build(write(g));
};
const convBnRelu = (hw: number, cin: number, cout: number, kernelSize: number) =>
  build(`conv-bn-relu ${hw}x${hw}, ${cin} to ${cout}, ${kernelSize}x${kernelSize}`, (g) =>
    g.activation(g.batchNorm(g.conv2d(g.input([1, hw, hw, cin]), cout, { kernelSize })), 'relu'),
  );

const graphs = [
  build('identity, 1 element', (g) => g.input([1, 1])),
  build('relu 7x7, 16 channels', (g) => g.activation(g.input([1, 7, 7, 16]), 'relu')),
  convBnRelu(7, 16, 16, 1),
  convBnRelu(14, 64, 64, 1),
  convBnRelu(28, 32, 64, 3),
  convBnRelu(56, 64, 64, 3),
];

/** Microseconds of single runs, appended to `times`. */
async function time(model: LoadedModel, times: number[]): Promise<void> {
  for (let i = 0; i < RUNS_A_TURN; i++) {
    const before = process.hrtime.bigint();
    const pending = model.run();
    if (pending !== undefined) await pending;
    times.push(Number(process.hrtime.bigint() - before) / 1000);
  }
}

const p10 = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 10)] as number;

const cRuntime = await start(torchCpu.parseSettings({ CALL: 'c_api' }));
const javascriptRuntime = await start(torchCpu.parseSettings({ CALL: 'javascript' }));
const rows = [];
for (const graph of graphs) {
  const bytes = torchCpu.convert(graph, 'torch');
  const [c, javascript] = [await cRuntime.load(bytes), await javascriptRuntime.load(bytes)];
  const [cTimes, javascriptTimes]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    await time(c, cTimes);
    await time(javascript, javascriptTimes);
  }
  await c.close();
  await javascript.close();
  const [cUs, javascriptUs] = [p10(cTimes), p10(javascriptTimes)];
  rows.push({
    model: graph.name,
    cApiUs: +cUs.toFixed(2),
    javascriptUs: +javascriptUs.toFixed(2),
    addedUs: +(javascriptUs - cUs).toFixed(2),
  });
}
console.table(rows);
console.log(JSON.stringify({ bench: 'call-overhead', onnxruntime: cRuntime.info.version, node: process.version, rows }));
await cRuntime.close();
await javascriptRuntime.close();
