import { loadLibrary } from '@nnm/native-kit';
import koffi, { type LibraryHandle } from 'koffi';
import type { LibraryChoice } from './library.ts';

/** Address of something the library owns. */
export type Pointer = bigint;

/** `kTfLiteOk` */
export const OK = 0;

/** The functions of TensorFlow Lite's C API that nnm calls. */
export interface TfliteApi {
  version(): string;
  modelCreate(data: Pointer, size: number): Pointer | null;
  modelDelete(model: Pointer): void;
  optionsCreate(): Pointer;
  optionsDelete(options: Pointer): void;
  optionsSetNumThreads(options: Pointer, threads: number): void;
  optionsSetErrorReporter(options: Pointer, reporter: Pointer, userData: null): void;
  optionsAddDelegate(options: Pointer, delegate: Pointer): void;
  optionsAddCustomOp(options: Pointer, name: Pointer, registration: Pointer, leastVersion: number, greatestVersion: number): void;
  interpreterCreate(model: Pointer, options: Pointer): Pointer | null;
  interpreterDelete(interpreter: Pointer): void;
  allocateTensors(interpreter: Pointer): number;
  resizeInput(interpreter: Pointer, index: number, sizes: Int32Array, count: number): number;
  modifyGraph(interpreter: Pointer, delegate: Pointer): number;
  invoke(interpreter: Pointer): number;
  inputCount(interpreter: Pointer): number;
  input(interpreter: Pointer, index: number): Pointer;
  outputCount(interpreter: Pointer): number;
  output(interpreter: Pointer, index: number): Pointer;
  tensorName(tensor: Pointer): string;
  tensorType(tensor: Pointer): number;
  tensorNumDims(tensor: Pointer): number;
  tensorDim(tensor: Pointer, index: number): number;
  tensorByteSize(tensor: Pointer): number;
  /** Where its elements are; null before it has memory. */
  tensorData(tensor: Pointer): Pointer | null;
  copyFrom(tensor: Pointer, data: ArrayBufferView, bytes: number): number;
  copyTo(tensor: Pointer, data: ArrayBufferView, bytes: number): number;
  /** Absent when the library was built without XNNPACK. */
  readonly xnnpack?: { create(options: Int32Array | null): Pointer | null; remove(delegate: Pointer): void };
}

/**
 * Load the library.
 *
 * @throws {@link RuntimeUnavailableError} when it does not load or is not TensorFlow Lite
 */
export function loadTflite(backend: string, { path, hint }: LibraryChoice): TfliteApi {
  return loadLibrary(koffi, backend, { file: path, what: 'a TensorFlow Lite C library', hint }, bind);
}

function bind(library: LibraryHandle): TfliteApi {
  const f = (name: string, result: string, args: readonly string[]) => library.func(`TfLite${name}`, result, [...args]);
  const P = 'void *';
  const api: TfliteApi = {
    version: f('Version', 'const char *', []),
    modelCreate: f('ModelCreate', P, [P, 'size_t']),
    modelDelete: f('ModelDelete', 'void', [P]),
    optionsCreate: f('InterpreterOptionsCreate', P, []),
    optionsDelete: f('InterpreterOptionsDelete', 'void', [P]),
    optionsSetNumThreads: f('InterpreterOptionsSetNumThreads', 'void', [P, 'int32_t']),
    optionsSetErrorReporter: f('InterpreterOptionsSetErrorReporter', 'void', [P, P, P]),
    optionsAddDelegate: f('InterpreterOptionsAddDelegate', 'void', [P, P]),
    optionsAddCustomOp: f('InterpreterOptionsAddCustomOp', 'void', [P, P, P, 'int32_t', 'int32_t']),
    interpreterCreate: f('InterpreterCreate', P, [P, P]),
    interpreterDelete: f('InterpreterDelete', 'void', [P]),
    allocateTensors: f('InterpreterAllocateTensors', 'int', [P]),
    resizeInput: f('InterpreterResizeInputTensor', 'int', [P, 'int32_t', P, 'int32_t']),
    modifyGraph: f('InterpreterModifyGraphWithDelegate', 'int', [P, P]),
    invoke: f('InterpreterInvoke', 'int', [P]),
    inputCount: f('InterpreterGetInputTensorCount', 'int32_t', [P]),
    input: f('InterpreterGetInputTensor', P, [P, 'int32_t']),
    outputCount: f('InterpreterGetOutputTensorCount', 'int32_t', [P]),
    output: f('InterpreterGetOutputTensor', P, [P, 'int32_t']),
    tensorName: f('TensorName', 'const char *', [P]),
    tensorType: f('TensorType', 'int', [P]),
    tensorNumDims: f('TensorNumDims', 'int32_t', [P]),
    tensorDim: f('TensorDim', 'int32_t', [P, 'int32_t']),
    tensorByteSize: f('TensorByteSize', 'size_t', [P]),
    tensorData: f('TensorData', P, [P]),
    copyFrom: f('TensorCopyFromBuffer', 'int', [P, P, 'size_t']),
    copyTo: f('TensorCopyToBuffer', 'int', [P, P, 'size_t']),
  };
  const hasXnnpack = exportsSymbol(library, 'TfLiteXNNPackDelegateCreate') && exportsSymbol(library, 'TfLiteXNNPackDelegateDelete');
  if (!hasXnnpack) return api;
  return { ...api, xnnpack: { create: f('XNNPackDelegateCreate', P, [P]), remove: f('XNNPackDelegateDelete', 'void', [P]) } };
}

function exportsSymbol(library: LibraryHandle, name: string): boolean {
  try {
    return Boolean(library.symbol(name));
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
