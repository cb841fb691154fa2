import { type LoadedModel, type Runtime, RuntimeFailureError, type RuntimeInfo, writeInputNoise } from '@nnm/core';
import { readChannelsLast } from '../lowering/channels-last-metadata.ts';
import type { TorchSettings } from '../settings.ts';
import type { OrtApi, OrtObject, Pointer } from './c-api.ts';
import { type BoundPort, checkPort, countElements, readOutputs, writeInputs } from './ports.ts';

const FLOAT = 1;
const LOG_FATAL = 4;
const SEQUENTIAL = 0;
const LEVEL = { disabled: 0, basic: 1, extended: 2, all: 99 } as const;
const FLOAT_BYTES = 4;

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
  const models = new Set<LoadedModel>();
  let open = true;
  return {
    info,
    load(bytes) {
      if (!open) throw new RuntimeFailureError({ backend, doing: 'loading a model', reason: 'the runtime has been closed' });
      const model = loadModel(backend, api, env, options, bytes, () => {
        models.delete(model);
        releaseMemory();
      });
      models.add(model);
      return model;
    },
    close() {
      if (!open) return;
      open = false;
      for (const model of models) model.close();
      api.release('SessionOptions', options);
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
  return options;
}

function loadModel(backend: string, api: OrtApi, env: Pointer, options: Pointer, model: Uint8Array, onClose: () => void): LoadedModel {
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
    const channelsLast = readChannelsLast(model);
    const bindAll = (side: 'Input' | 'Output') =>
      listPorts(backend, api, session, side).map(({ name, shape }) => {
        const value = own('Value', createTensor(api, shape));
        api.call(`Bind${side}`, 'loading a model', binding, name, value);
        const address = api.get('GetTensorMutableData', 'loading a model', value);
        const size = countElements(shape);
        return {
          name,
          shape,
          channelsLast: channelsLast.has(name),
          size,
          address,
          // A view counts as JavaScript's memory and is collected as such, which must not happen between timed runs.
          get data() {
            return new Float32Array(api.memory(address, FLOAT_BYTES * size));
          },
        };
      });
    const inputs = bindAll('Input');
    const outputs = bindAll('Output');
    for (const { size, address } of inputs) writeInputNoise(size, (piece, offset) => api.write(address, offset, piece));
    const runOptions = own('RunOptions', api.get('CreateRunOptions', 'loading a model'));
    const { runWithBinding } = api;
    const run = (): void => {
      // A call on a released session would end the process.
      if (!open) throw new RuntimeFailureError({ backend, doing: 'running a model', reason: 'the model has been closed' });
      const status = runWithBinding(session, runOptions, binding);
      if (status !== null) api.check(status, 'running a model');
    };
    return {
      run,
      execute(tensors) {
        if (open) writeInputs(inputs, tensors);
        run();
        return readOutputs(outputs);
      },
      close,
    };
  } catch (error) {
    for (const [kind, object] of owned.reverse()) api.release(kind, object);
    throw error;
  }
}

/** Names and shapes of a session's inputs or outputs. */
function listPorts(backend: string, api: OrtApi, session: Pointer, side: 'Input' | 'Output'): readonly Pick<BoundPort, 'name' | 'shape'>[] {
  const doing = 'reading the inputs and outputs of a model';
  const allocator = api.get('GetAllocatorWithDefaultOptions', doing);
  const count = Number(api.get(`SessionGet${side}Count`, doing, session));
  return Array.from({ length: count }, (_, index) => {
    const address = api.get(`SessionGet${side}Name`, doing, session, index, allocator);
    const name = api.text(address);
    api.call('AllocatorFree', doing, allocator, address);
    const typeInfo = api.get(`SessionGet${side}TypeInfo`, doing, session, index);
    try {
      // Belongs to typeInfo; null when the value is not a tensor.
      const tensorInfo = api.get('CastTypeInfoToTensorInfo', doing, typeInfo);
      const isFloat = tensorInfo !== 0n && Number(api.get('GetTensorElementType', doing, tensorInfo)) === FLOAT;
      const shape = isFloat ? readShape(api, tensorInfo) : [];
      checkPort(backend, name, isFloat, shape);
      return { name, shape };
    } finally {
      api.release('TypeInfo', typeInfo);
    }
  });
}

function readShape(api: OrtApi, tensorInfo: Pointer): readonly number[] {
  const doing = 'reading the inputs and outputs of a model';
  const sizes = new BigInt64Array(Number(api.get('GetDimensionsCount', doing, tensorInfo)));
  api.call('GetDimensions', doing, tensorInfo, sizes, sizes.length);
  return Array.from(sizes, Number);
}

/** A tensor in memory of the runtime's own allocator, aligned as it likes it. */
function createTensor(api: OrtApi, shape: readonly number[]): Pointer {
  const allocator = api.get('GetAllocatorWithDefaultOptions', 'loading a model');
  return api.get('CreateTensorAsOrtValue', 'loading a model', allocator, BigInt64Array.from(shape, BigInt), shape.length, FLOAT);
}
