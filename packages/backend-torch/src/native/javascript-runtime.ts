import { type LoadedModel, type Runtime, RuntimeFailureError, type RuntimeInfo } from '@nnm/core';
import { closeDimensions, explainGuesses, fillInput } from '@nnm/native-kit';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { readNotes } from '../lowering/model-metadata.ts';
import { layoutOf, layoutProbe } from '../part/channel-layout.ts';
import { explainOptimised } from '../part/explain.ts';
import { planPart } from '../part/part-as-in-network.ts';
import { readProfile } from '../part/read-profile.ts';
import { savedModelOf } from '../part/saved-model.ts';
import { timedPart } from '../part/timed-part.ts';
import { writtenProfile } from '../part/written-profile.ts';
import type { TorchSettings } from '../settings.ts';
import { allocate, describePort, readValue, toTensor } from './javascript-ports.ts';
import { type BoundPort, countElements, readOutputs, writeInputs } from './ports.ts';

type Ort = typeof import('onnxruntime-node');

/** A runtime that calls onnxruntime-node's own interface: for machines where the C interface cannot be called. */
export async function createJavascriptRuntime(backend: string, ort: Ort, settings: TorchSettings, info: RuntimeInfo): Promise<Runtime> {
  return {
    info: { ...info, layout: layoutOf(await optimise(backend, ort, settings, layoutProbe())) },
    async load(model) {
      const plan = settings.GRAPH_OPTIMIZATION === 'all' ? planPart(model) : undefined;
      const part = plan?.cutOut(await optimise(backend, ort, settings, plan.model));
      if (part === undefined) return loadModel(backend, ort, settings, model);
      const timed = await loadModel(backend, ort, { ...settings, GRAPH_OPTIMIZATION: 'disabled' }, part);
      return timedPart(timed, () => loadModel(backend, ort, settings, model));
    },
    explain: async (model) => explainOptimised(model, await optimise(backend, ort, settings, model)),
    async profile(model, runs) {
      const explained = explainOptimised(model, await optimise(backend, ort, settings, model));
      return readProfile(await profileRuns(backend, ort, settings, model, runs), explained, runs);
    },
    close: () => undefined,
  };
}

/** What the runtime writes down of `runs` inferences and one before them. */
function profileRuns(backend: string, ort: Ort, settings: TorchSettings, model: Uint8Array, runs: number): Promise<string> {
  return writtenProfile(async (profileFilePrefix) => {
    const options = { ...sessionOptions(settings), enableProfiling: true, profileFilePrefix };
    const session = await guarded(backend, 'loading a model', () => ort.InferenceSession.create(model, options));
    const shapes = session.inputMetadata.map((value) => describePort(backend, value, new Set()));
    const inputs = shapes.map((port, index) =>
      allocate(port, closeDimensions(backend, shapes, settings.DIMENSIONS)[index] as readonly number[]),
    );
    for (const input of inputs) {
      fillInput(input, countElements(input.shape), settings.INPUTS, (piece, offset) => input.bytes.set(piece, offset));
    }
    const feeds = Object.fromEntries(inputs.map((port) => [port.name, toTensor(ort, port)]));
    for (let run = 0; run <= runs; run++) await guarded(backend, 'running a model', () => session.run(feeds));
    session.endProfiling();
    await session.release();
  });
}

/** @param behind - what to say behind the runtime's own reason */
async function guarded<T>(backend: string, doing: string, work: () => Promise<T>, behind: () => string = () => ''): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = `${cause instanceof Error ? cause.message : String(cause)}${behind()}`;
    throw new RuntimeFailureError({ backend, doing, reason }, { cause });
  }
}

function optimise(backend: string, ort: Ort, settings: TorchSettings, model: Uint8Array): Promise<Uint8Array> {
  return savedModelOf(async (file) => {
    const options = { ...sessionOptions(settings), optimizedModelFilePath: file };
    const session = await guarded(backend, 'loading a model', () => ort.InferenceSession.create(model, options));
    await session.release();
  });
}

async function loadModel(backend: string, ort: Ort, settings: TorchSettings, model: Uint8Array): Promise<LoadedModel> {
  const guard = <T>(doing: string, work: () => Promise<T>, behind?: () => string): Promise<T> => guarded(backend, doing, work, behind);
  const session = await guard('loading a model', () => ort.InferenceSession.create(model, sessionOptions(settings)));
  try {
    const { channelsLast } = readNotes(model);
    const ports = session.inputMetadata.map((value) => describePort(backend, value, channelsLast));
    const shapes = closeDimensions(backend, ports, settings.DIMENSIONS);
    const inputs = ports.map((port, index) => allocate(port, shapes[index] as readonly number[]));
    const outputs = session.outputMetadata.map((value) => describePort(backend, value, channelsLast));
    const fixed = new Map(
      outputs.filter(({ shape }) => shape.every((size) => size >= 0)).map((port) => [port.name, allocate(port, port.shape)]),
    );
    for (const input of inputs) {
      fillInput(input, countElements(input.shape), settings.INPUTS, (piece, offset) => input.bytes.set(piece, offset));
    }
    const feeds = Object.fromEntries(inputs.map((port) => [port.name, toTensor(ort, port)]));
    // Where an output's sizes are open the runtime makes its tensor.
    const fetches = Object.fromEntries(
      outputs.map(({ name }) => [name, fixed.has(name) ? toTensor(ort, fixed.get(name) as BoundPort) : null]),
    );
    let results: InferenceSession.OnnxValueMapType = {};
    let open = true;
    let filledForTiming = true;
    const run = async (): Promise<void> => {
      if (!open) throw new RuntimeFailureError({ backend, doing: 'running a model', reason: 'the model has been closed' });
      results = await guard(
        'running a model',
        () => session.run(feeds, fetches),
        () => (filledForTiming ? explainGuesses(inputs, settings.INPUTS) : ''),
      );
    };
    return {
      run,
      async execute(tensors) {
        writeInputs(inputs, tensors);
        filledForTiming = false;
        await run();
        return readOutputs(outputs.map((port) => fixed.get(port.name) ?? readValue(port, results[port.name] as OrtTensor)));
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
    ...(settings.DIMENSIONS && { freeDimensionOverrides: settings.DIMENSIONS }),
  };
}
