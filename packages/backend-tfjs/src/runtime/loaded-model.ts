import { type LoadedModel, NnmError, type Tensor } from '@nnm/core';
import type { TfjsSettings } from '../settings.ts';
import type { GpuQueue } from './gpu-queue.ts';
import { failure, loadGraphModel } from './load-graph-model.ts';
import { fillForTiming, modelInputs, toTensor } from './model-inputs.ts';
import type { Tfjs, TfjsTensor } from './tfjs.ts';

/** Where a model runs. */
export interface ModelHost {
  readonly tf: Tfjs;
  /** Id of nnm's backend, that errors name. */
  readonly backend: string;
  /** Makes TensorFlow.js use this runtime's own backend. */
  readonly select: () => void;
  /** Absent where a call returns when its result is there. */
  readonly gpu?: GpuQueue;
}

/** Load a model and fill its inputs for timing. */
export function loadModel(host: ModelHost, bytes: Uint8Array, settings: TfjsSettings, onClose: () => void): LoadedModel {
  const { tf, backend, select, gpu } = host;
  select();
  const model = loadGraphModel(tf, backend, bytes);
  const disposable: { dispose(): void }[] = [model];
  const dispose = (): void => {
    for (const one of disposable.splice(0)) one.dispose();
  };
  try {
    const inputs = modelInputs(backend, model, settings.DIMENSIONS);
    const outputs = model.outputs.map(({ name }) => name);
    const feed = (tensors: readonly TfjsTensor[]): Readonly<Record<string, TfjsTensor>> =>
      Object.fromEntries(inputs.map(({ name }, index) => [name, tensors[index]!]));
    const idle = inputs.map((input) => fillForTiming(tf, input, settings.INPUTS));
    disposable.push(...idle);
    const idleFeed = feed(idle);
    const forward = (fed: Readonly<Record<string, TfjsTensor>>): readonly TfjsTensor[] => [model.execute(fed, outputs)].flat();
    const runOnce = (): void => {
      for (const output of forward(idleFeed)) output.dispose();
    };

    return {
      run() {
        select();
        return gpu === undefined ? runOnce() : gpu.timed(() => forward(idleFeed));
      },
      async execute(given) {
        select();
        const tensors = inputs.map((input, index) => toTensor(tf, input, given[index]!));
        try {
          const results = forward(feed(tensors));
          const copies: Tensor[] = [];
          for (const result of results) {
            copies.push({ shape: result.shape, data: Float32Array.from(await result.data()) });
            result.dispose();
          }
          return copies;
        } catch (cause) {
          throw NnmError.isInstance(cause) ? cause : failure(backend, 'running a model', cause);
        } finally {
          for (const tensor of tensors) tensor.dispose();
        }
      },
      close() {
        if (disposable.length === 0) return;
        select();
        dispose();
        onClose();
      },
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
