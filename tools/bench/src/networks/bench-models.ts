import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type AnyBackend, countWork, type Graph, graphHash, NnmError } from '@nnm/core';
import { type LiftedModel, liftKernelGraph, liftModel, readModel } from '@nnm/model';
import { calibrationNetworks, network, networkNames } from '@nnm/zoo';
import { knownSettings, knownShapes, type ModelSettings } from '../model-files/model-settings.ts';
import { givenModels } from '../model-files/try-model.ts';
import { varyNetwork } from './vary-network.ts';

/** A model of the benchmark. */
export interface BenchModel {
  readonly name: string;
  /** `calibration` networks grade nothing. */
  readonly role: 'calibration' | 'zoo' | 'file' | 'variant';
  readonly lifted: LiftedModel;
  readonly hash: string;
  readonly model: () => Uint8Array | Promise<Uint8Array>;
  /** What the runtime has to be told of a file that leaves sizes or inputs open. */
  readonly settings?: ModelSettings;
}

/** A network of the zoo as a model. */
function fromGraph(name: string, role: BenchModel['role'], graph: Graph, backend: AnyBackend): BenchModel {
  const [implement] = backend.implement;
  const lifted = liftKernelGraph({ ...graph, name }, { implement });
  return { name, role, lifted, hash: graphHash(graph, { implement, batchSize: 1 }), model: () => backend.convert(graph, implement) };
}

/** Networks of the zoo whose weights take no more than this many megabytes, those of the calibration first. */
export function zooModels(backend: AnyBackend, mostMb: number, only: readonly string[]): readonly BenchModel[] {
  const others = networksThatGrade
    .filter((name) => only.length === 0 || only.includes(name))
    .map((name) => ({ name, graph: network(name) }));
  return [
    ...calibrationNetworks.map(({ name, build }) => fromGraph(name, 'calibration', build(), backend)),
    ...others.filter(({ graph }) => weightMb(graph) <= mostMb).map(({ name, graph }) => fromGraph(name, 'zoo', graph, backend)),
  ];
}

/** Networks of the zoo that no calibration knows. */
const networksThatGrade = networkNames.filter((name) => calibrationNetworks.every((known) => known.network !== name));

/** Weights in megabytes. */
const weightMb = (graph: Graph): number => countWork(graph).params * 4e-6;

/** Sizes of inputs, widths and windows of variants, which differ from the published in all three where a network can. */
const SIZES = [160, 192, 128, 256, 96, 288, 320, 144, 176, 208, 240, 272];
const WIDTHS = [0.75, 1.25, 0.5, 1.5];
const WINDOWS = [5, 3, 7] as const;

/** Networks of the zoo with inputs of other sizes, other widths and other windows: `count` of them, spread over all three. */
export function variantModels(backend: AnyBackend, count: number, mostMb: number): readonly BenchModel[] {
  const names = networksThatGrade.filter((name) => weightMb(network(name)) <= mostMb);
  const variants = new Map<string, BenchModel>();
  for (const [round, size] of SIZES.entries()) {
    for (const [at, name] of names.entries()) {
      if (variants.size >= count) return [...variants.values()];
      const resized = attemptNetwork(name, size);
      if (resized === undefined) continue;
      const width = WIDTHS[(round + at) % WIDTHS.length] as number;
      const window = WINDOWS[(round + at) % WINDOWS.length] as (typeof WINDOWS)[number];
      const graph = varyNetwork(resized, { width, window }) ?? resized;
      const isVaried = graph !== resized && JSON.stringify(graph.ops) !== JSON.stringify(resized.ops);
      const called = isVaried ? `${name}@${size} width ${width} window ${window}` : `${name}@${size}`;
      if (weightMb(graph) <= mostMb) variants.set(called, fromGraph(called, 'variant', graph, backend));
    }
  }
  return [...variants.values()];
}

/** Undefined for a size that the network cannot take. */
function attemptNetwork(name: string, inputSize: number): Graph | undefined {
  try {
    return network(name, { inputSize });
  } catch (error) {
    if (NnmError.isInstance(error)) return undefined;
    throw error;
  }
}

/** A file that is no model for this backend, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Model files, in files and folders, that the backend's runtime runs; of published packages where none are given. */
export async function fileModels(
  backend: AnyBackend,
  given: readonly string[],
): Promise<{ readonly models: readonly BenchModel[]; readonly leftOut: readonly LeftOut[] }> {
  const models: BenchModel[] = [];
  const leftOut: LeftOut[] = [];
  for (const file of await givenModels(given)) {
    if (path.extname(file) !== backend.modelExtension) continue;
    const name = path.basename(file);
    try {
      const lifted = liftModel(await readModel(file, { shapes: knownShapes(name) }));
      const hash = `file-${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)}`;
      models.push({ name, role: 'file', lifted, hash, model: () => readFileSync(file), settings: knownSettings(name) });
    } catch (error) {
      if (!NnmError.isInstance(error)) throw error;
      leftOut.push({ name, reason: error.message });
    }
  }
  return { models, leftOut };
}
