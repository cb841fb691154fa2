import { version } from '@litertjs/core/package.json';
import { RuntimeUnavailableError } from '@nnm/core';
import type { LiteRtWasm } from '../litert/litert-api.ts';
import { createMessageLog } from '../litert/message-log.ts';
import { BUILDS, type Build, hasRelaxedSimd, type LiteRtModule } from '../litert/wasm-module.ts';
import type { LitertSettings } from '../settings.ts';

/** What LiteRT's script leaves behind, and what loads it, in a worker of a page. */
interface WorkerScope {
  ModuleFactory?: ((settings: object) => Promise<LiteRtWasm>) | undefined;
  importScripts(url: string): void;
}

/**
 * Load LiteRT in a worker of a page.
 *
 * @param folder - URL of its builds, with a slash at the end
 * @throws {@link RuntimeUnavailableError} when a file is missing or blocked, or the browser lacks what a setting asks for
 */
export async function loadModuleInPage(backend: string, folder: URL, build: Build): Promise<LiteRtModule> {
  const messages = createMessageLog();
  const script = new URL(`${build.file}.js`, folder).href;
  const scope = globalThis as unknown as WorkerScope;
  try {
    scope.importScripts(script);
    const factory = scope.ModuleFactory;
    scope.ModuleFactory = undefined;
    if (factory === undefined) throw new Error('it is not the script of LiteRT');
    const settings = { locateFile: (file: string) => new URL(file, folder).href, mainScriptUrlOrBlob: script };
    const wasm = await withConsole(messages.console, () => factory(settings));
    wasm.setupLogging();
    return { wasm, messages, version, build, engine: engineOf(navigator.userAgent) };
  } catch (cause) {
    const reason = `${script} does not start (${cause instanceof Error ? cause.message : String(cause)})`;
    const hint = 'See whether something blocks it: its folder must be served beside the page, with its .wasm files.';
    throw new RuntimeUnavailableError({ backend, reason, hint }, { cause });
  }
}

/**
 * Which build the settings ask for.
 *
 * @throws {@link RuntimeUnavailableError} when this browser or page cannot run it
 */
export function chooseBuildInPage(backend: string, { SIMD, THREADS }: LitertSettings): Build {
  const refuse = (reason: string, hint: string): never => {
    throw new RuntimeUnavailableError({ backend, reason, hint });
  };
  const relaxed = hasRelaxedSimd();
  if (SIMD === 'plain' || (SIMD === 'auto' && THREADS === 1 && !relaxed)) return BUILDS.plain;
  if (!relaxed) refuse('this browser has no relaxed SIMD', 'Set SIMD to plain and THREADS to 1, or use a newer browser.');
  if (THREADS > 1 && !globalThis.crossOriginIsolated) {
    refuse('this page has no threads: it is not cross-origin isolated', 'Set THREADS to 1, or open the page by http://localhost or https.');
  }
  return THREADS > 1 ? BUILDS.threads : BUILDS.relaxed;
}

/** The engine's name and version by what the browser calls itself, such as `Chrome 156`. */
export function engineOf(userAgent: string): string {
  const [, name, version] = /(Firefox|Chrome|Version)\/(\d+)/.exec(userAgent) ?? [];
  return name === undefined ? userAgent : `${name === 'Version' ? 'Safari' : name} ${version}`;
}

/** LiteRT's script takes the console that it finds when it starts. */
async function withConsole<T>(replacement: Pick<Console, 'log' | 'warn' | 'error'>, work: () => Promise<T>): Promise<T> {
  const { log, warn, error } = globalThis.console;
  Object.assign(globalThis.console, replacement);
  try {
    return await work();
  } finally {
    Object.assign(globalThis.console, { log, warn, error });
  }
}
