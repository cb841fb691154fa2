import { type LoadedModel, NnmError, type Runtime, RuntimeFailureError, type RuntimeInfo } from '@nnm/core';
import { closeDimensions, fillInput, OpenModels } from '@nnm/native-kit/tensors';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { readNotes } from '../lowering/model-metadata.ts';
import { allocate, describePort, type Ort, readValue, toTensor } from '../native/javascript-ports.ts';
import { type BoundPort, countElements, readOutputs, writeInputs } from '../native/ports.ts';
import { readModelFile } from '../part/model-file.ts';
import type { WebSettings } from './web-settings.ts';

/** Inputs and outputs on the GPU, where a page can put them. */
export interface GpuMemory {
  /** Get hold of the device; to be awaited once there is a session. */
  prepare(): Promise<void>;
  /** Put an input there. */
  upload(port: BoundPort): OrtTensor;
  /** Wait until the GPU has nothing left to do. */
  drain(): Promise<void>;
  /** Why the device is gone, once it is. */
  readonly lost: () => string | undefined;
}

/**
 * ONNX Runtime on a GPU. A model of which a part would run on the CPU is refused.
 *
 * @param memory - where inputs and outputs stay on the GPU; without it every run brings them there and back
 */
export function createGpuRuntime(backend: string, ort: Ort, settings: WebSettings, info: RuntimeInfo, memory?: GpuMemory): Runtime {
  const models = new OpenModels(backend);
  return {
    info,
    async load(bytes) {
      models.assertOpen();
      return models.keep(await loadModel(backend, ort, settings, bytes, memory));
    },
    async close() {
      for (const model of models.end()) await model.close();
    },
    ...(memory && { lost: memory.lost }),
  };
}

async function guarded<T>(backend: string, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause)).trim().replace(/[\s.]+$/, '');
    throw new RuntimeFailureError({ backend, doing, reason }, { cause });
  }
}

/** How ONNX Runtime says that a node would not run on the GPU; it does not say which. */
const LEFT_TO_CPU = /assigned to the default CPU EP/;

function namesIn(bytes: Uint8Array): string {
  const names = [...new Set(readModelFile(bytes).nodes.map(({ operator }) => operator))].sort();
  return names.length === 1 ? `the operator ${names[0]}` : `an operator of the model, one of ${names.join(', ')}`;
}

async function loadModel(backend: string, ort: Ort, settings: WebSettings, bytes: Uint8Array, memory?: GpuMemory): Promise<LoadedModel> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['webgpu'],
    graphOptimizationLevel: settings.GRAPH_OPTIMIZATION,
    logSeverityLevel: 4,
    preferredOutputLocation: memory === undefined ? 'cpu' : 'gpu-buffer',
    extra: { session: { disable_cpu_ep_fallback: '1' } },
    ...(settings.DIMENSIONS && { freeDimensionOverrides: settings.DIMENSIONS }),
  };
  const session = await guarded(backend, 'loading a model', () =>
    ort.InferenceSession.create(bytes, options).catch((cause: unknown) => {
      throw LEFT_TO_CPU.test(String(cause))
        ? new Error(`its WebGPU lacks ${namesIn(bytes)}, and would leave it to the CPU`, { cause })
        : cause;
    }),
  );
  let fed: Readonly<Record<string, OrtTensor>> = {};
  const feed = (inputs: readonly BoundPort[]): void => {
    for (const tensor of Object.values(fed)) tensor.dispose();
    fed = Object.fromEntries(inputs.map((port) => [port.name, memory?.upload(port) ?? toTensor(ort, port)]));
  };
  return guarded(backend, 'loading a model', async () => {
    await memory?.prepare();
    const { channelsLast } = readNotes(bytes);
    const ports = session.inputMetadata.map((value) => describePort(backend, value, channelsLast));
    const outputs = session.outputMetadata.map((value) => describePort(backend, value, channelsLast));
    const shapes = closeDimensions(backend, ports, settings.DIMENSIONS);
    const inputs = ports.map((port, index) => allocate(port, shapes[index] as readonly number[]));
    for (const input of inputs) {
      fillInput(input, countElements(input.shape), settings.INPUTS, (piece, offset) => input.bytes.set(piece, offset));
    }
    feed(inputs);
    let open = true;
    const invoke = (): Promise<InferenceSession.OnnxValueMapType> =>
      guarded(backend, 'running a model', () => {
        if (!open) throw new Error('the model was closed');
        return session.run(fed);
      });
    const dispose = (results: InferenceSession.OnnxValueMapType): void => {
      for (const result of Object.values(results)) (result as OrtTensor).dispose();
    };
    return {
      async run() {
        const results = await invoke();
        await memory?.drain();
        dispose(results);
      },
      async execute(tensors) {
        if (open) {
          writeInputs(inputs, tensors);
          feed(inputs);
        }
        const results = await invoke();
        for (const result of Object.values(results)) await (result as OrtTensor).getData();
        const read = readOutputs(outputs.map((port) => readValue(port, results[port.name] as OrtTensor)));
        dispose(results);
        return read;
      },
      async close() {
        if (!open) return;
        open = false;
        for (const tensor of Object.values(fed)) tensor.dispose();
        await session.release();
      },
    };
  });
}
