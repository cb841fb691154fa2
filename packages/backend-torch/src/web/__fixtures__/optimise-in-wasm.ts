import { type OrtWasm, type OrtWasmFactory, POINTER, putText } from '../ort-wasm.ts';
import { webFolder } from '../web-package.ts';

const ALL = 99;
const LOG_FATAL = 4;
/** Of `fd_write`: the file, the list of pieces, their number, the place for the count of bytes. */
const FD_WRITE_ARGUMENTS = 4;

/**
 * What ONNX Runtime's WebAssembly makes of a model before it runs it, as a model file.
 *
 * It can save that, but its module has no file system: opening a file gives a number, and writing to it fails. So the bytes are caught
 * where the module hands them to its host.
 */
export async function optimiseInWasm(model: Uint8Array): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const { instantiate } = WebAssembly;
  let wasm: OrtWasm | undefined;
  const catching =
    (write: (...args: number[]) => unknown) =>
    (...args: number[]): unknown => {
      try {
        return write(...args);
      } catch (error) {
        if (wasm === undefined || !(error instanceof TypeError)) throw error;
        const [, list, count, written] = args.map((value) => value >>> 0) as [number, number, number, number];
        let bytes = 0;
        for (let piece = 0; piece < count; piece++) {
          const [address, length] = wasm.HEAPU32.subarray(list / POINTER + 2 * piece).subarray(0, 2) as unknown as [number, number];
          pieces.push(wasm.HEAPU8.slice(address, address + length));
          bytes += length;
        }
        wasm.HEAPU32[written / POINTER] = bytes;
        return 0;
      }
    };
  WebAssembly.instantiate = ((source: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports) => {
    const caught = Object.entries(imports).map(([name, functions]) => [
      name,
      Object.fromEntries(
        Object.entries(functions).map(([key, value]) => {
          const isWrite = typeof value === 'function' && value.length === FD_WRITE_ARGUMENTS;
          return [key, isWrite ? catching(value as (...args: number[]) => unknown) : value];
        }),
      ),
    ]);
    return instantiate(source, Object.fromEntries(caught));
  }) as typeof instantiate;
  try {
    const { default: factory } = (await import(new URL('ort-wasm-simd-threaded.mjs', webFolder()).href)) as { default: OrtWasmFactory };
    wasm = await factory({ numThreads: 1 });
  } finally {
    WebAssembly.instantiate = instantiate;
  }
  wasm._OrtInit(1, LOG_FATAL);
  const file = putText(wasm, 'optimised.onnx');
  const options = wasm._OrtCreateSessionOptions(ALL, true, true, 0, false, 0, 0, LOG_FATAL, 0, file);
  const memory = wasm._malloc(model.length);
  wasm.HEAPU8.set(model, memory);
  await wasm._OrtCreateSession(memory, model.length, options);
  return Buffer.concat(pieces);
}
