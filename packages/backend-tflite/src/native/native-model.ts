import { InvalidArgumentError, type LoadedModel, RuntimeFailureError, type Tensor, writeInputNoise } from '@nnm/core';
import koffi from 'koffi';
import { OK, type Pointer, type TfliteApi } from './bindings.ts';
import type { ErrorLog } from './error-log.ts';

/** `kTfLiteFloat32` */
const FLOAT32 = 1;

/** What loading a model needs. */
export interface NativeSession {
  readonly backend: string;
  readonly api: TfliteApi;
  readonly errors: ErrorLog;
  readonly threads: number;
  readonly delegate: 'xnnpack' | 'none';
}

/** An input or output of a loaded model. */
interface BoundTensor {
  readonly pointer: Pointer;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/**
 * Load a `.tflite` file into an interpreter and fill its inputs with noise.
 *
 * @throws {@link RuntimeFailureError} with the runtime's own words when it refuses the model
 */
export function loadNativeModel(session: NativeSession, file: Uint8Array): LoadedModel {
  const { api, backend, errors } = session;
  const cleanUp: (() => void)[] = [];
  const close = (): void => {
    while (cleanUp.length > 0) cleanUp.pop()!();
  };
  const isClosed = (): boolean => cleanUp.length === 0;
  const fail = (doing: string, otherwise: string): never => {
    throw new RuntimeFailureError({ backend, doing, reason: (errors.take() || otherwise).replace(/[\s.]+$/, '') });
  };

  try {
    errors.take();
    // The interpreter reads weights from this memory for as long as it lives, so it must not be JavaScript's.
    const bytes = koffi.alloc('uint8_t', Math.max(1, file.length)) as Pointer;
    cleanUp.push(() => koffi.free(bytes));
    koffi.encode(bytes, 'uint8_t', file, file.length);
    const model = api.modelCreate(bytes, file.length) ?? fail('reading a model', 'the bytes are not a valid .tflite file');
    cleanUp.push(() => api.modelDelete(model));
    const interpreter = createInterpreter(session, model, cleanUp) ?? fail('loading a model', 'it gave no reason');
    if (api.allocateTensors(interpreter) !== OK) fail('preparing a model', 'it gave no reason');

    const inputs = Array.from({ length: api.inputCount(interpreter) }, (_, index) => describe(api, api.input(interpreter, index)));
    const outputs = Array.from({ length: api.outputCount(interpreter) }, (_, index) => describe(api, api.output(interpreter, index)));
    if ([...inputs, ...outputs].some(({ pointer }) => api.tensorType(pointer) !== FLOAT32)) {
      fail('loading a model', 'its inputs and outputs are not all float32');
    }
    const write = (input: BoundTensor, data: Float32Array): void => {
      if (api.copyFrom(input.pointer, data, input.bytes) !== OK) fail('writing an input', `it wants ${input.bytes} bytes`);
    };
    const run = (): void => {
      if (isClosed()) fail('running a model', 'the model was closed');
      if (api.invoke(interpreter) !== OK) fail('running a model', 'it gave no reason');
    };
    for (const input of inputs) {
      const data = api.tensorData(input.pointer) ?? fail('writing an input', 'it has no memory');
      writeInputNoise(input.bytes / 4, (piece, offset) => koffi.encode(data, 4 * offset, 'float', piece, piece.length));
    }
    return {
      run,
      execute(tensors) {
        if (isClosed()) fail('running a model', 'the model was closed');
        checkInputs(inputs, tensors);
        inputs.forEach((input, index) => {
          write(input, tensors[index]!.data);
        });
        run();
        return outputs.map(({ pointer, shape, bytes: size }) => {
          const data = new Float32Array(size / 4);
          if (api.copyTo(pointer, data, size) !== OK) fail('reading an output', `it has not ${size} bytes`);
          return { shape, data };
        });
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** An interpreter with its own delegate, which does no more than packing this model's weights; null when it is refused. */
function createInterpreter({ api, delegate, errors, threads }: NativeSession, model: Pointer, cleanUp: (() => void)[]): Pointer | null {
  const options = api.optionsCreate();
  try {
    api.optionsSetNumThreads(options, threads);
    api.optionsSetErrorReporter(options, errors.reporter, null);
    if (delegate === 'xnnpack') {
      const xnnpack = api.xnnpack?.create(xnnpackOptions(threads)) ?? null;
      if (xnnpack === null) return null;
      cleanUp.push(() => api.xnnpack?.remove(xnnpack));
      api.optionsAddDelegate(options, xnnpack);
    }
    const interpreter = api.interpreterCreate(model, options);
    if (interpreter !== null) cleanUp.push(() => api.interpreterDelete(interpreter));
    return interpreter;
  } finally {
    api.optionsDelete(options);
  }
}

/**
 * `TfLiteXNNPackDelegateOptions`: the number of threads comes first in every version; what follows differs and is left zero,
 * with room to spare. Null, the library's own defaults, is the same for one thread.
 */
const xnnpackOptions = (threads: number): Int32Array | null => (threads === 1 ? null : Int32Array.of(threads, ...new Array(63).fill(0)));

function describe(api: TfliteApi, pointer: Pointer): BoundTensor {
  const shape = Array.from({ length: api.tensorNumDims(pointer) }, (_, index) => api.tensorDim(pointer, index));
  return { pointer, shape, bytes: Number(api.tensorByteSize(pointer)) };
}

function checkInputs(inputs: readonly BoundTensor[], tensors: readonly Tensor[]): void {
  const wanted = inputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
  const fits = inputs.length === tensors.length && inputs.every(({ bytes }, index) => tensors[index]?.data.byteLength === bytes);
  if (fits) return;
  const got = tensors.map(({ shape, data }) => `[${shape.join(', ')}] with ${data.length} values`).join(' and ');
  throw new InvalidArgumentError({ name: 'inputs', expected: `float32 tensors of shape ${wanted}`, got });
}
