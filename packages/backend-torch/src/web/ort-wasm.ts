/**
 * What nnm calls of ONNX Runtime's WebAssembly module: what `onnxruntime-web` itself is written on. It is called directly because inputs and
 * outputs can then stay where they are, and a run is a call and no promise. Addresses and handles are numbers, 0 for none.
 */
export interface OrtWasm {
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  stringToUTF8(text: string, address: number, bytes: number): void;
  lengthBytesUTF8(text: string): number;
  UTF8ToString(address: number): string;
  _OrtInit(threads: number, logLevel: number): number;
  _OrtGetLastError(code: number, message: number): number;
  _OrtCreateSessionOptions(
    level: number,
    arena: boolean,
    pattern: boolean,
    mode: number,
    profiling: boolean,
    profilePrefix: number,
    logId: number,
    logSeverity: number,
    logVerbosity: number,
    optimisedFile: number,
  ): number;
  _OrtAddFreeDimensionOverride(options: number, name: number, size: number): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number | Promise<number>;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputs: number, outputs: number): number;
  _OrtGetInputOutputMetadata(session: number, index: number, name: number, metadata: number): number;
  _OrtFree(address: number): number;
  _OrtCreateTensor(type: number, data: number, bytes: number, sizes: number, axes: number, location: number): number;
  _OrtGetTensorData(tensor: number, type: number, data: number, sizes: number, axes: number): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtCreateRunOptions(logSeverity: number, logVerbosity: number, terminate: boolean, tag: number): number;
  _OrtReleaseRunOptions(options: number): void;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    options: number,
  ): number | Promise<number>;
}

/** Starts the module. */
export type OrtWasmFactory = (settings: { numThreads: number; locateFile?: (file: string) => string }) => Promise<OrtWasm>;

/** Of 32-bit addresses. */
export const POINTER = 4;

/** What the runtime says went wrong last. */
export function lastError(wasm: OrtWasm): string {
  const place = wasm._malloc(2 * POINTER);
  wasm._OrtGetLastError(place, place + POINTER);
  const message = wasm.HEAPU32[place / POINTER + 1] as number;
  wasm._free(place);
  return (message === 0 ? 'it gave no reason' : wasm.UTF8ToString(message)).replace(/[\s.]+$/, '');
}

/** A text in the module's memory, to be freed by who asks. */
export function putText(wasm: OrtWasm, text: string): number {
  const bytes = wasm.lengthBytesUTF8(text) + 1;
  const address = wasm._malloc(bytes);
  wasm.stringToUTF8(text, address, bytes);
  return address;
}
