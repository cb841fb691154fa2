import { RuntimeFailureError } from '@nnm/core';
import { ELEMENT_TYPES, type ElementType } from '@nnm/native-kit/tensors';
import type { CompiledModel, LiteRtWasm, Model, TensorType, Vector } from './litert-api.ts';
import { reasonOf, type Session } from './session.ts';

/** An input or output of a model. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly elements: number;
}

/** A model that LiteRT has compiled, with nothing bound yet. */
export interface OpenModel {
  readonly compiled: CompiledModel;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** LiteRT's description of an input's type, to be deleted by who asks. */
  inputType(index: number): TensorType;
  close(): void;
}

/** The signature that a file without signatures has; a file of one's own is timed by its first. */
const SIGNATURE = 0;
/** LiteRT takes what is longer for an offset beyond the file. */
const LEAST_BYTES = 8;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  ...{ 1: 'float32', 2: 'int32', 3: 'uint8', 4: 'int64', 5: 'string', 6: 'bool', 7: 'int16', 8: 'complex64', 9: 'int8', 10: 'float16' },
  ...{ 11: 'float64', 12: 'complex128', 13: 'uint64', 14: 'resource', 15: 'variant', 16: 'uint32', 17: 'uint16', 18: 'int4' },
};

/**
 * Read and compile a `.tflite` file.
 *
 * @throws {@link RuntimeFailureError} with LiteRT's own words when it refuses the model
 */
export async function openModel(session: Session, file: Uint8Array, accelerator: 'wasm' | 'webgpu'): Promise<OpenModel> {
  const pending = startOpening(session, file, accelerator);
  try {
    return finishOpening(session, { ...pending, compiled: await pending.compiled });
  } catch (cause) {
    pending.close();
    throw failed(session, 'loading a model', cause);
  }
}

/** {@link openModel} on the CPU, where LiteRT compiles at once. */
export function openModelNow(session: Session, file: Uint8Array): OpenModel {
  const pending = startOpening(session, file, 'wasm');
  try {
    if (pending.compiled instanceof Promise) throw new Error('it compiles later, which this build should not');
    return finishOpening(session, { ...pending, compiled: pending.compiled });
  } catch (cause) {
    pending.close();
    throw failed(session, 'loading a model', cause);
  }
}

/** @returns what was thrown where that is an error of nnm already */
export function failed(session: Session, doing: string, cause: unknown, behind = ''): Error {
  if (cause instanceof RuntimeFailureError) return cause;
  const { backend, module } = session;
  return new RuntimeFailureError({ backend, doing, reason: reasonOf(module, cause) + behind }, { cause });
}

interface Opening<Compiled> {
  readonly model: Model;
  readonly compiled: Compiled;
  readonly cleanUp: (() => void)[];
  close(): void;
}

function startOpening(session: Session, file: Uint8Array, accelerator: 'wasm' | 'webgpu'): Opening<ReturnType<LiteRtWasm['compileModel']>> {
  const { module, environment, threads } = session;
  const { wasm, messages } = module;
  const cleanUp: (() => void)[] = [];
  const close = (): void => {
    while (cleanUp.length > 0) cleanUp.pop()?.();
  };
  try {
    messages.take();
    // The compiled model reads weights from this memory for as long as it lives.
    const memory = wasm._malloc(Math.max(LEAST_BYTES, file.length));
    if (memory === 0) throw new Error(`WebAssembly has no memory left for ${file.length} bytes`);
    cleanUp.push(() => wasm._free(memory));
    wasm.HEAPU8.set(file, memory);
    const model = wasm.loadModel(environment, memory, file.length);
    cleanUp.push(() => model.delete());
    const options = { accelerator, cpuOptions: { numThreads: threads }, gpuOptions: { precision: 'fp32' as const }, webNNOptions: {} };
    const compiled = wasm.compileModel(environment, model, options);
    return { model, compiled, cleanUp, close };
  } catch (cause) {
    close();
    throw failed(session, 'loading a model', cause);
  }
}

function finishOpening({ backend }: Session, opening: Opening<OpenModel['compiled']>): OpenModel {
  const { model, compiled, cleanUp, close } = opening;
  cleanUp.push(() => compiled.delete());
  const signature = model.getSignature(SIGNATURE);
  cleanUp.push(() => signature.delete());
  const ports = (names: readonly string[], typeOf: (index: number) => TensorType): readonly Port[] =>
    names.map((name, index) => describePort(backend, name, typeOf(index)));
  const inputType = (index: number): TensorType => model.getInputTensorType(SIGNATURE, index);
  const [inputNames, outputNames] = [listOf(signature.inputNames()), listOf(signature.outputNames())];
  const through = outputNames.findIndex((name) => inputNames.includes(name));
  if (through >= 0) {
    const reason = `its output ${through} is its input ${inputNames.indexOf(outputNames[through] as string)}, which LiteRT hands out unwritten`;
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
  }
  const again = outputNames.findIndex((name, index) => outputNames.indexOf(name) !== index);
  if (again >= 0) {
    const reason = `its output ${again} is its output ${outputNames.indexOf(outputNames[again] as string)} once more, which LiteRT hands out unwritten`;
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
  }
  return {
    compiled,
    inputs: ports(inputNames, inputType),
    outputs: ports(outputNames, (index) => model.getOutputTensorType(SIGNATURE, index)),
    inputType,
    close,
  };
}

function describePort(backend: string, name: string, tensorType: TensorType): Port {
  const number = tensorType.elementType().value;
  const layout = tensorType.layout();
  const shape = listOf(layout.dimensions());
  layout.delete();
  tensorType.delete();
  const typeName = TYPE_NAMES[number] ?? `number ${number}`;
  if (!Object.hasOwn(ELEMENT_TYPES, typeName)) {
    const reason = `"${name}" holds elements of type ${typeName}; inputs and outputs must be tensors of numbers or booleans`;
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
  }
  if (shape.some((size) => size < 0)) {
    const reason = `"${name}" is of the shape [${shape.join(', ')}]: LiteRT.js runs fixed sizes alone`;
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  return { name, type: ELEMENT_TYPES[typeName as keyof typeof ELEMENT_TYPES], shape, elements };
}

/** The elements of a vector of LiteRT's, which is deleted. */
function listOf<T>(vector: Vector<T>): readonly T[] {
  const list = Array.from({ length: vector.size() }, (_, index) => vector.get(index));
  vector.delete();
  return list;
}
