import { type LoadedModel, type Runtime, RuntimeFailureError, type RuntimeInfo, writeInputNoise } from '@nnm/core';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { readChannelsLast } from '../lowering/channels-last-metadata.ts';
import type { TorchSettings } from '../settings.ts';
import { type BoundPort, checkPort, countElements, readOutputs, writeInputs } from './ports.ts';

type Ort = typeof import('onnxruntime-node');

/** A runtime that calls onnxruntime-node's own interface: for machines where the C interface cannot be called. */
export function createJavascriptRuntime(backend: string, ort: Ort, settings: TorchSettings, info: RuntimeInfo): Runtime {
  return {
    info,
    load: (model) => loadModel(backend, ort, settings, model),
    close: () => undefined,
  };
}

async function loadModel(backend: string, ort: Ort, settings: TorchSettings, model: Uint8Array): Promise<LoadedModel> {
  const guard = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new RuntimeFailureError({ backend, doing, reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
    }
  };
  const session = await guard('loading a model', () => ort.InferenceSession.create(model, sessionOptions(settings)));
  try {
    const channelsLast = readChannelsLast(model);
    const inputs = bindAll(backend, session.inputMetadata, channelsLast);
    const outputs = bindAll(backend, session.outputMetadata, channelsLast);
    for (const { data } of inputs) writeInputNoise(data.length, (piece, offset) => data.set(piece, offset));
    const toTensors = (ports: readonly BoundPort[]): Record<string, OrtTensor> =>
      Object.fromEntries(ports.map(({ name, shape, data }) => [name, new ort.Tensor('float32', data, shape)]));
    const feeds = toTensors(inputs);
    const fetches = toTensors(outputs);
    let open = true;
    const run = async (): Promise<void> => {
      await guard('running a model', () => {
        if (!open) throw new Error('the model has been closed');
        return session.run(feeds, fetches);
      });
    };
    return {
      run,
      async execute(tensors) {
        writeInputs(inputs, tensors);
        await run();
        return readOutputs(outputs);
      },
      async close() {
        if (!open) return;
        open = false;
        await session.release();
      },
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function sessionOptions(settings: TorchSettings): InferenceSession.SessionOptions {
  return {
    executionMode: 'sequential',
    intraOpNumThreads: settings.THREADS,
    interOpNumThreads: 1,
    graphOptimizationLevel: settings.GRAPH_OPTIMIZATION,
    logSeverityLevel: 4,
    extra: { session: { force_spinning_stop: '1' } },
  };
}

function bindAll(
  backend: string,
  metadata: readonly InferenceSession.ValueMetadata[],
  channelsLast: ReadonlySet<string>,
): readonly BoundPort[] {
  return metadata.map((value) => {
    const shape = value.isTensor ? (value.shape as readonly number[]) : [];
    checkPort(backend, value.name, value.isTensor && value.type === 'float32', shape);
    return { name: value.name, shape, channelsLast: channelsLast.has(value.name), data: new Float32Array(countElements(shape)) };
  });
}
