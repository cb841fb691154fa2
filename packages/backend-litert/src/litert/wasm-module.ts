import type { LiteRtWasm } from './litert-api.ts';
import type { MessageLog } from './message-log.ts';

/** LiteRT in memory, before it has a device. */
export interface LiteRtModule {
  readonly wasm: LiteRtWasm;
  /** What it writes while it works. */
  readonly messages: MessageLog;
  /** Version of the package that it comes in. */
  readonly version: string;
  /** What executes it, such as `V8 11.3`. */
  readonly engine: string;
  readonly build: Build;
}

/** Which of LiteRT's builds is run. */
export interface Build {
  /** Name of its files, without an ending. */
  readonly file: string;
  /** What it uses of WebAssembly, in words. */
  readonly uses: string;
}

/** LiteRT's builds, by what they use. */
export const BUILDS = {
  plain: { file: 'litert_wasm_compat_internal', uses: 'SIMD' },
  relaxed: { file: 'litert_wasm_internal', uses: 'relaxed SIMD' },
  threads: { file: 'litert_wasm_threaded_internal', uses: 'relaxed SIMD and threads' },
  suspending: { file: 'litert_wasm_jspi_internal', uses: 'relaxed SIMD and suspending' },
} as const satisfies Record<string, Build>;

/** A module of one relaxed operation: what does not compile it has no relaxed SIMD. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10],
  ...[15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
);

/** True where WebAssembly has relaxed SIMD: Node 22, Chromium 114, Firefox 145 and newer. */
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED_PROBE);
