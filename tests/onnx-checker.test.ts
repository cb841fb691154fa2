import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { torchCpu } from '@nnm/backend-torch';
import { type Graph, inferShapes } from '@nnm/core';
import { edgeGraphs } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { network } from '@nnm/zoo';
import { afterAll, describe, expect, it } from 'vitest';
import { edgeConfigs } from './edge-configs.ts';

/** Reads models with ONNX's own package, checks them strictly and prints opset and output shapes as it infers them. */
const PROGRAM = `
import json, sys, onnx
for file in sys.argv[1:]:
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    bare = onnx.load(file)
    for value in bare.graph.output: value.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(bare, strict_mode=True)
    shapes = [[d.dim_value for d in v.type.tensor_type.shape.dim] for v in inferred.graph.output]
    last = json.loads(next((p.value for p in model.metadata_props if p.key == "nnm.channels_last"), "[]"))
    asInGraph = [v.name in last for v in inferred.graph.output]
    print(json.dumps({"opset": model.opset_import[0].version, "shapes": shapes, "asInGraph": asInGraph}))
`;

const pythons = [process.env.NNM_PYTHON, '/usr/bin/python3', 'python3', 'python'].filter((name) => name !== undefined);
const python = pythons.find((name) => spawnSync(name, ['-c', 'import onnx'], { stdio: 'ignore' }).status === 0);
const missing =
  python === undefined ? ' (skipped: no Python with the package onnx; `npm run test:debian` installs it, or set NNM_PYTHON)' : '';

const folder = mkdtempSync(join(tmpdir(), 'nnm-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `[n, h, w, c]` as a model has an image. */
const torchShape = ([n, ...sizes]: readonly number[]): readonly (number | undefined)[] =>
  sizes.length === 3 ? [n, sizes[2], sizes[0], sizes[1]] : [n, ...sizes];

function check(graphs: readonly Graph[]): void {
  const files = graphs.map((graph, index) => {
    const file = join(folder, `${index}.onnx`);
    writeFileSync(file, torchCpu.convert(graph, 'torch'));
    return file;
  });
  const { stdout, stderr } = spawnSync(python as string, ['-c', PROGRAM, ...files], { encoding: 'utf8' });
  const answers: readonly { opset: number; shapes: unknown; asInGraph: readonly boolean[] }[] = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  expect(answers.length, `stopped at ${graphs[answers.length]?.name}: ${stderr}`).toBe(graphs.length);
  graphs.forEach((graph, index) => {
    const shapes = inferShapes(graph);
    expect(answers[index]?.opset).toBeGreaterThanOrEqual(17);
    const expected = graph.outputs.map((id, output) => {
      const shape = shapes.get(id) ?? [];
      return answers[index]?.asInGraph[output] ? shape : torchShape(shape);
    });
    expect(answers[index]?.shapes, graph.name).toEqual(expected);
  });
}

describe.skipIf(python === undefined)(`ONNX's own checker accepts${missing}`, () => {
  for (const kernel of [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap((plugin) => plugin.kernels ?? [])) {
    it(kernel.type, () => {
      const configs = edgeConfigs(kernel).filter(({ CIN = 0, COUT = 0 }) => CIN * COUT < 1e6);
      check(configs.flatMap((config) => [1, 4].map((batchSize) => new kernel.block(config, batchSize).getModel())));
    });
  }

  it('every op in its corners', () => check(edgeGraphs().map(({ graph }) => graph)));

  it('networks', () =>
    check(['resnet-18', 'mobilenet-v3-small', 'shufflenet-v2-0.5', 'googlenet', 'squeezenet-1.1'].map((name) => network(name))));
});
