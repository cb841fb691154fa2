import { RuntimeFailureError, RuntimeUnavailableError } from '@nnm/core';
import { loadLibrary } from '@nnm/native-kit';
import type { LibraryLocation } from './find-library.ts';

type Koffi = typeof import('koffi')['default'];
/** Address of something native; `null` is the null pointer. */
export type Pointer = bigint;
type Native = (...args: readonly unknown[]) => unknown;

/** ABI version asked of the library: that of ONNX Runtime 1.16. A newer library answers with the same table, only longer. */
const API_VERSION = 16;

const POINTER_BYTES = 8;

/** Paths of files, `ORTCHAR_T *`. */
const PATH = process.platform === 'win32' ? 'str16' : 'str';

/**
 * The functions used of `OrtApi`: place in the table and parameters. Places never change between versions: the table only
 * grows at its end (https://onnxruntime.ai/docs/api/c/struct_ort_api.html lists it in this order). Every function returns an
 * `OrtStatus *`, null for success, unless it releases something.
 */
const TABLE = {
  CreateEnv: [3, ['int', 'str', 'void *']],
  DisableTelemetryEvents: [6, ['void *']],
  CreateSessionFromArray: [8, ['void *', 'void *', 'size_t', 'void *', 'void *']],
  CreateSessionOptions: [10, ['void *']],
  SetOptimizedModelFilePath: [11, ['void *', PATH]],
  SetSessionExecutionMode: [13, ['void *', 'int']],
  EnableProfiling: [14, ['void *', PATH]],
  SetSessionGraphOptimizationLevel: [23, ['void *', 'int']],
  SetIntraOpNumThreads: [24, ['void *', 'int']],
  SetInterOpNumThreads: [25, ['void *', 'int']],
  SessionGetInputCount: [30, ['void *', 'void *']],
  SessionGetOutputCount: [31, ['void *', 'void *']],
  SessionGetInputTypeInfo: [33, ['void *', 'size_t', 'void *']],
  SessionGetOutputTypeInfo: [34, ['void *', 'size_t', 'void *']],
  SessionGetInputName: [36, ['void *', 'size_t', 'void *', 'void *']],
  SessionGetOutputName: [37, ['void *', 'size_t', 'void *', 'void *']],
  CreateRunOptions: [39, ['void *']],
  CreateTensorAsOrtValue: [48, ['void *', 'void *', 'size_t', 'int', 'void *']],
  GetTensorMutableData: [51, ['void *', 'void *']],
  CastTypeInfoToTensorInfo: [55, ['void *', 'void *']],
  GetTensorElementType: [60, ['void *', 'void *']],
  GetDimensionsCount: [61, ['void *', 'void *']],
  GetDimensions: [62, ['void *', 'void *', 'size_t']],
  GetSymbolicDimensions: [63, ['void *', 'void *', 'size_t']],
  GetTensorTypeAndShape: [65, ['void *', 'void *']],
  CreateCpuMemoryInfo: [69, ['int', 'int', 'void *']],
  AllocatorFree: [76, ['void *', 'void *']],
  GetAllocatorWithDefaultOptions: [78, ['void *']],
  AddFreeDimensionOverrideByName: [124, ['void *', 'str', 'int64_t']],
  AddSessionConfigEntry: [130, ['void *', 'str', 'str']],
  RunWithBinding: [133, ['void *', 'void *', 'void *']],
  CreateIoBinding: [134, ['void *', 'void *']],
  BindInput: [136, ['void *', 'str', 'void *']],
  BindOutput: [137, ['void *', 'str', 'void *']],
  BindOutputToDevice: [138, ['void *', 'str', 'void *']],
  GetBoundOutputValues: [140, ['void *', 'void *', 'void *', 'void *']],
} as const satisfies Record<string, readonly [number, readonly string[]]>;

/** `void Release...(void *)` */
const RELEASE = {
  Env: 92,
  Status: 93,
  MemoryInfo: 94,
  Session: 95,
  Value: 96,
  RunOptions: 97,
  TypeInfo: 98,
  TensorTypeAndShapeInfo: 99,
  SessionOptions: 100,
  IoBinding: 135,
} as const;
const GET_ERROR_MESSAGE = 2;

type OrtFunction = keyof typeof TABLE;
export type OrtObject = keyof typeof RELEASE;

/** ONNX Runtime's C interface, called synchronously and in this thread. */
export interface OrtApi {
  readonly version: string;
  /** Call a function that returns a status. `doing` completes "failed while ..." in the error. */
  call(name: OrtFunction, doing: string, ...args: readonly unknown[]): void;
  /** Call a function whose last parameter receives a pointer, and return that. */
  get(name: OrtFunction, doing: string, ...args: readonly unknown[]): Pointer;
  /** Free an object made by a `Create...` or `Get...` function. */
  release(kind: OrtObject, object: Pointer): void;
  /** `RunWithBinding` with nothing around it: null for success, else what {@link OrtApi.check} understands. */
  readonly runWithBinding: (session: Pointer, options: Pointer, binding: Pointer) => Pointer | null;
  /** @throws {@link RuntimeFailureError} with the runtime's own message and the words behind it, unless the status is null */
  check(status: unknown, doing: string, behind?: string): void;
  /** Memory behind a pointer, without a copy; valid as long as the object that owns it. */
  memory(pointer: Pointer, bytes: number): ArrayBuffer;
  /** Copy bytes to `offset` bytes behind a pointer. */
  write(pointer: Pointer, offset: number, data: Uint8Array): void;
  /** A zero-terminated string. */
  text(pointer: Pointer): string;
}

/**
 * Libraries stay loaded for good. Koffi unloads one when its handle is collected as garbage, which functions bound by address
 * do not prevent: the next call, or a waiting thread of the runtime, would end the process.
 */
const loaded = new Map<string, { readonly library: unknown; readonly api: OrtApi }>();

/**
 * Load an ONNX Runtime library and bind its C interface; a library is bound once in a process.
 *
 * @throws {@link RuntimeUnavailableError} when the file is missing, is no library for this platform, or is not (a recent
 * enough) ONNX Runtime
 */
export function openApi(koffi: Koffi, backend: string, library: LibraryLocation): OrtApi {
  const known = loaded.get(library.file) ?? bindLibrary(koffi, backend, library);
  loaded.set(library.file, known);
  return known.api;
}

function bindLibrary(koffi: Koffi, backend: string, { file, hint }: LibraryLocation): { readonly library: unknown; readonly api: OrtApi } {
  return loadLibrary(koffi, backend, { file, what: 'ONNX Runtime', hint }, (library) => {
    const getBase = library.func('OrtGetApiBase', 'void *', []) as Native;
    const unavailable = (reason: string) => new RuntimeUnavailableError({ backend, reason, hint });
    return { library, api: bindApi(koffi, backend, file, getBase, unavailable) };
  });
}

function bindApi(
  koffi: Koffi,
  backend: string,
  file: string,
  getBase: Native,
  unavailable: (reason: string) => RuntimeUnavailableError,
): OrtApi {
  const bind = (table: Pointer, place: number, result: string, parameters: readonly string[]): Native =>
    koffi.decode(koffi.decode(table, place * POINTER_BYTES, 'void *'), koffi.proto(result, [...parameters]));

  const base = getBase() as Pointer;
  const version = bind(base, 1, 'str', [])() as string;
  const api = bind(base, 0, 'void *', ['uint32_t'])(API_VERSION) as Pointer | null;
  if (!api) throw unavailable(`${file} is ONNX Runtime ${version}, and 1.${API_VERSION} or newer is needed`);

  const functions = new Map(Object.entries(TABLE).map(([name, [place, parameters]]) => [name, bind(api, place, 'void *', parameters)]));
  const releases = new Map(Object.entries(RELEASE).map(([name, place]) => [name, bind(api, place, 'void', ['void *'])]));
  const getErrorMessage = bind(api, GET_ERROR_MESSAGE, 'str', ['void *']);
  const release = (kind: OrtObject, object: Pointer): void => {
    (releases.get(kind) as Native)(object);
  };
  const check = (status: unknown, doing: string, behind = ''): void => {
    if (status === null) return;
    const reason = (getErrorMessage(status) as string).trim().replace(/\.$/, '');
    release('Status', status as Pointer);
    throw new RuntimeFailureError({ backend, doing, reason: `${reason}${behind}` });
  };
  const call = (name: OrtFunction, doing: string, ...args: readonly unknown[]): void => {
    check((functions.get(name) as Native)(...args), doing);
  };
  return {
    version,
    call,
    get(name, doing, ...args) {
      const out = new BigUint64Array(1);
      call(name, doing, ...args, out);
      return out[0] as Pointer;
    },
    release,
    runWithBinding: functions.get('RunWithBinding') as OrtApi['runWithBinding'],
    check,
    memory: (pointer, bytes) => (bytes === 0 ? new ArrayBuffer(0) : koffi.view(pointer, bytes)),
    write: (pointer, offset, data) => koffi.encode(pointer, offset, 'uint8_t', data, data.length),
    text: (pointer) => koffi.decode.string(pointer),
  };
}
