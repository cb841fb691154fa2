import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { torchCpu } from '@nnm/backend-torch';
import { countWork } from '@nnm/core';
import { type ModelGraph, readModel } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';
import { afterAll, describe, expect, it } from 'vitest';
import { knownShapes } from '../tools/bench/src/model-files/model-settings.ts';

/**
 * Takes every shape out of a model but those of its inputs, which it pins, writes it and prints the shapes that ONNX's own package infers;
 * null for a size that it does not know.
 */
const PROGRAM = `
import json, sys, onnx
source, bare, pins = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
model = onnx.load(source)
constants = {c.name for c in model.graph.initializer}
for value in model.graph.input:
    if value.name in constants: continue
    for axis, dim in enumerate(value.type.tensor_type.shape.dim):
        if value.name in pins: dim.dim_value = pins[value.name][axis]
        elif not dim.HasField("dim_value") or dim.dim_value < 1: dim.dim_value = 1
del model.graph.value_info[:]
for value in model.graph.output: value.type.tensor_type.ClearField("shape")
onnx.save(model, bare)
inferred = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
shapes = {}
for value in [*inferred.value_info, *inferred.output]:
    kind = value.type.tensor_type
    if kind.HasField("shape"): shapes[value.name] = [d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim]
print(json.dumps(shapes))
`;

const pythons = [process.env.NNM_PYTHON, '/usr/bin/python3', 'python3', 'python'].filter((name) => name !== undefined);
const python = pythons.find((name) => spawnSync(name, ['-c', 'import onnx'], { stdio: 'ignore' }).status === 0);
const missing =
  python === undefined ? ' (skipped: no Python with the package onnx; `npm run test:debian` installs it, or set NNM_PYTHON)' : '';

const folder = mkdtempSync(path.join(tmpdir(), 'nnm-onnx-shapes-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Shapes = Readonly<Record<string, readonly (number | null)[]>>;

interface Comparison {
  /** Values whose shape both know in full. */
  readonly same: number;
  /** Shapes that the two do not agree on. */
  readonly different: readonly string[];
  /** Values whose shape ONNX knows in full, and nnm does not. */
  readonly unknown: readonly string[];
}

async function compare(source: string, pins: Readonly<Record<string, readonly number[]>> = {}): Promise<Comparison> {
  const bare = path.join(folder, 'bare.onnx');
  const { stdout, stderr } = spawnSync(python as string, ['-c', PROGRAM, source, bare, JSON.stringify(pins)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(stderr).toBe('');
  const model: ModelGraph = await readModel(bare);
  const found = Object.entries(JSON.parse(stdout) as Shapes).flatMap(([name, theirs]) => {
    const tensor = model.tensors.get(name);
    return tensor === undefined ? [] : [{ name, theirs, ours: tensor.shape }];
  });
  const complete = found.filter(({ theirs }) => !theirs.includes(null));
  return {
    same: complete.filter(({ ours }) => ours !== undefined).length,
    different: found
      .filter(({ ours, theirs }) => ours !== undefined && !agree(ours, theirs))
      .map(({ name, ours, theirs }) => `${name}: nnm [${ours}], ONNX [${theirs}]`),
    unknown: complete.filter(({ ours }) => ours === undefined).map(({ name }) => name),
  };
}

const agree = (ours: readonly number[], theirs: readonly (number | null)[]): boolean =>
  ours.length === theirs.length && theirs.every((size, axis) => size === null || size === ours[axis]);

/** Networks with few weights, which are written and read twice. */
const NETWORKS = networkNames.filter((name) => countWork(network(name)).params < 12e6);
/** Fetched by `npm run bench -- rules`. */
const FILES = 'bench-results/model-files';
const files = existsSync(FILES) ? readdirSync(FILES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.onnx')) : [];

describe.skipIf(python === undefined)(`shapes are those that ONNX's own package infers${missing}`, () => {
  it.each(NETWORKS)('%s', async (name) => {
    const source = path.join(folder, 'network.onnx');
    writeFileSync(source, torchCpu.convert(network(name), 'torch'));
    const { same, different, unknown } = await compare(source);
    expect({ different, unknown }).toEqual({ different: [], unknown: [] });
    expect(same).toBeGreaterThan(20);
  });

  it.each(files)('%s', async (file) => {
    const { same, different, unknown } = await compare(path.join(FILES, file), knownShapes(path.basename(file)));
    expect({ different, unknown }).toEqual({ different: [], unknown: [] });
    expect(same).toBeGreaterThan(0);
  });
});
