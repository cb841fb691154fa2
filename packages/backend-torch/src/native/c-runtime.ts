import { type LoadedModel, type Runtime, RuntimeFailureError, type RuntimeInfo } from '@nnm/core';
import { explainGuesses } from '@nnm/native-kit';
import { readNotes } from '../lowering/model-metadata.ts';
import { layoutOf, layoutProbe } from '../part/channel-layout.ts';
import { explainOptimised } from '../part/explain.ts';
import { planPart } from '../part/part-as-in-network.ts';
import { readProfile } from '../part/read-profile.ts';
import { savedModel } from '../part/saved-model.ts';
import { timedPart } from '../part/timed-part.ts';
import { writtenProfile } from '../part/written-profile.ts';
import type { TorchSettings } from '../settings.ts';
import type { OrtApi, OrtObject, Pointer } from './c-api.ts';
import { bindInputs, bindOutputs, listPorts } from './c-ports.ts';
import { readOutputs, writeInputs } from './ports.ts';

const LOG_FATAL = 4;
const SEQUENTIAL = 0;
const LEVEL = { disabled: 0, basic: 1, extended: 2, all: 99 } as const;

/**
 * A runtime that calls the C interface, with inputs and outputs bound once per model.
 *
 * @param releaseMemory - called after a model was closed
 */
export function createCRuntime(
  backend: string,
  api: OrtApi,
  settings: TorchSettings,
  info: RuntimeInfo,
  releaseMemory: () => void,
): Runtime {
  const env = api.get('CreateEnv', 'starting', LOG_FATAL, 'nnm');
  api.call('DisableTelemetryEvents', 'starting', env);
  const options = createSessionOptions(api, settings);
  const asIs = createSessionOptions(api, { ...settings, GRAPH_OPTIMIZATION: 'disabled' });
  const models = new Set<LoadedModel>();
  let open = true;
  return {
    info: { ...info, layout: layoutOf(optimise(layoutProbe(), { api, env, settings })) },
    load(bytes) {
      if (!open) throw new RuntimeFailureError({ backend, doing: 'loading a model', reason: 'the runtime has been closed' });
      const onClose = (): void => {
        models.delete(model);
        releaseMemory();
      };
      const started: Started = { backend, api, env, options, settings };
      const part = settings.GRAPH_OPTIMIZATION === 'all' ? cutPart(bytes, { api, env, settings }) : undefined;
      const model =
        part === undefined
          ? loadModel(started, bytes, onClose)
          : timedPart(loadModel({ ...started, options: asIs }, part, onClose), () => loadModel(started, bytes, () => undefined));
      models.add(model);
      return model;
    },
    explain: (bytes) => explainOptimised(bytes, optimise(bytes, { api, env, settings })),
    async profile(bytes, runs) {
      const explained = explainOptimised(bytes, optimise(bytes, { api, env, settings }));
      const profile = await writtenProfile((prefix) => profileRuns({ backend, api, env, settings }, bytes, runs, prefix));
      return readProfile(profile, explained, runs);
    },
    close() {
      if (!open) return;
      open = false;
      for (const model of models) model.close();
      api.release('SessionOptions', options);
      api.release('SessionOptions', asIs);
      api.release('Env', env);
    },
  };
}

function createSessionOptions(api: OrtApi, settings: TorchSettings): Pointer {
  const doing = 'setting its options';
  const options = api.get('CreateSessionOptions', doing);
  api.call('SetSessionExecutionMode', doing, options, SEQUENTIAL);
  api.call('SetIntraOpNumThreads', doing, options, settings.THREADS);
  api.call('SetInterOpNumThreads', doing, options, 1);
  api.call('SetSessionGraphOptimizationLevel', doing, options, LEVEL[settings.GRAPH_OPTIMIZATION]);
  // Worker threads spin within a run, as everywhere, but not after it: they would disturb what is measured next.
  api.call('AddSessionConfigEntry', doing, options, 'session.force_spinning_stop', '1');
  // Sizes that are known before a model is optimised are used by it; a name that a model does not have is passed over.
  for (const [name, size] of Object.entries(settings.DIMENSIONS ?? {})) {
    api.call('AddFreeDimensionOverrideByName', doing, options, name, size);
  }
  return options;
}

/** Have the runtime write down `runs` inferences and one before them; the file is whole when the session is gone. */
function profileRuns(started: Omit<Started, 'options'>, bytes: Uint8Array, runs: number, prefix: string): void {
  const options = createSessionOptions(started.api, started.settings);
  try {
    started.api.call('EnableProfiling', 'setting its options', options, prefix);
    const model = loadModel({ ...started, options }, bytes, () => undefined);
    try {
      for (let run = 0; run <= runs; run++) model.run();
    } finally {
      model.close();
    }
  } finally {
    started.api.release('SessionOptions', options);
  }
}

/** What optimising a model needs. */
interface Optimiser {
  readonly api: OrtApi;
  readonly env: Pointer;
  readonly settings: TorchSettings;
}

/** A part of a network as it runs there; undefined for whole models, and where it cannot be cut out. */
function cutPart(bytes: Uint8Array, optimiser: Optimiser): Uint8Array | undefined {
  const plan = planPart(bytes);
  return plan?.cutOut(optimise(plan.model, optimiser));
}

/** A model as the runtime runs it. */
function optimise(model: Uint8Array, { api, env, settings }: Optimiser): Uint8Array {
  return savedModel((file) => {
    const options = createSessionOptions(api, settings);
    try {
      api.call('SetOptimizedModelFilePath', 'setting its options', options, file);
      api.release('Session', api.get('CreateSessionFromArray', 'loading a model', env, model, model.byteLength, options));
    } finally {
      api.release('SessionOptions', options);
    }
  });
}

/** What loading a model needs. */
interface Started {
  readonly backend: string;
  readonly api: OrtApi;
  readonly env: Pointer;
  readonly options: Pointer;
  readonly settings: TorchSettings;
}

function loadModel({ backend, api, env, options, settings }: Started, model: Uint8Array, onClose: () => void): LoadedModel {
  const owned: (readonly [OrtObject, Pointer])[] = [];
  const own = (kind: OrtObject, object: Pointer): Pointer => {
    owned.push([kind, object]);
    return object;
  };
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const [kind, object] of owned.reverse()) api.release(kind, object);
    onClose();
  };
  try {
    const session = own('Session', api.get('CreateSessionFromArray', 'loading a model', env, model, model.byteLength, options));
    const binding = own('IoBinding', api.get('CreateIoBinding', 'loading a model', session));
    const { channelsLast } = readNotes(model);
    const ports = (side: 'Input' | 'Output') => listPorts(backend, api, session, side, channelsLast);
    const inputs = bindInputs(backend, api, binding, ports('Input'), settings, own);
    const outputs = bindOutputs(backend, api, binding, ports('Output'), own);
    const runOptions = own('RunOptions', api.get('CreateRunOptions', 'loading a model'));
    const { runWithBinding } = api;
    let filledForTiming = true;
    const run = (): void => {
      // A call on a released session would end the process.
      if (!open) throw new RuntimeFailureError({ backend, doing: 'running a model', reason: 'the model has been closed' });
      const status = runWithBinding(session, runOptions, binding);
      if (status !== null) api.check(status, 'running a model', filledForTiming ? explainGuesses(inputs, settings.INPUTS) : '');
    };
    return {
      run,
      execute(tensors) {
        if (open) {
          writeInputs(inputs, tensors);
          filledForTiming = false;
          outputs.forgetSizes();
        }
        run();
        return outputs.read(readOutputs);
      },
      close,
    };
  } catch (error) {
    for (const [kind, object] of owned.reverse()) api.release(kind, object);
    throw error;
  }
}
