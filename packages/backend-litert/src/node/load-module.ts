import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { compileFunction } from 'node:vm';
import { RuntimeUnavailableError } from '@nnm/core';
import type { LiteRtWasm } from '../litert/litert-api.ts';
import { createMessageLog, type MessageLog } from '../litert/message-log.ts';
import { BUILDS, type Build, hasRelaxedSimd, type LiteRtModule } from '../litert/wasm-module.ts';
import type { LitertSettings } from '../settings.ts';
import { LITERT_PACKAGE, versionIn, wasmFolder } from './litert-package.ts';
import { pthreadsOf } from './pthreads.ts';

/**
 * Load LiteRT in Node. Its script is made for pages: it is given the names of a CommonJS module, and a console and threads of ours, and
 * nothing global changes.
 *
 * @throws {@link RuntimeUnavailableError} when the package or one of its files is missing, or does not compile
 */
export async function loadModuleInNode(backend: string, settings: LitertSettings): Promise<LiteRtModule> {
  const folder = wasmFolder();
  if (!fs.existsSync(folder)) {
    const hint = `It is a dependency of @nnm/backend-litert: install that again, or run \`npm install ${LITERT_PACKAGE}\`.`;
    throw new RuntimeUnavailableError({ backend, reason: `the package ${LITERT_PACKAGE} is not installed`, hint });
  }
  const build = chooseBuild(backend, settings);
  const messages = createMessageLog();
  const file = fileURLToPath(new URL(`${build.file}.js`, folder));
  try {
    const factory = compileScript(file, messages, settings.THREADS);
    const wasm = await factory({});
    wasm.setupLogging();
    return { wasm, messages, version: versionIn(folder), build, engine: `V8 ${process.versions.v8}` };
  } catch (cause) {
    const reason = `${file} does not start (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new RuntimeUnavailableError({ backend, reason, hint: `Install ${LITERT_PACKAGE} again, with the folder wasm in it.` }, { cause });
  }
}

type ModuleFactory = (settings: object) => Promise<LiteRtWasm>;

function compileScript(file: string, messages: MessageLog, threads: number): ModuleFactory {
  const require = createRequire(file);
  const given: Readonly<Record<string, unknown>> = {
    'node:worker_threads': pthreadsOf(file),
    // The build with threads writes its messages straight to the process's own streams.
    'node:fs': { ...fs, writeSync: (_stream: number, text: string) => messages.console.error(text) },
  };
  const names = {
    console: messages.console,
    // As many workers are started as there are processors: only those that are asked for. The script asks Node's own navigator, where there is one
    // (Node 21), whether it has a userAgent, and reads that of this one.
    navigator: { userAgent: `Node.js/${process.versions.node}`, hardwareConcurrency: threads },
    require: (name: string) => given[name] ?? require(name),
    __filename: file,
    __dirname: path.dirname(file),
  };
  const code = `${fs.readFileSync(file, 'utf8')}\nreturn ModuleFactory;`;
  return compileFunction(code, Object.keys(names), { filename: file })(...Object.values(names)) as ModuleFactory;
}

function chooseBuild(backend: string, { SIMD, THREADS }: LitertSettings): Build {
  if (SIMD === 'plain' || (SIMD === 'auto' && THREADS === 1 && !hasRelaxedSimd())) return BUILDS.plain;
  // Node 20 has relaxed SIMD behind a flag, which counts from when it is set.
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  if (!hasRelaxedSimd()) {
    const hint = 'Set SIMD to plain and THREADS to 1 in configs/backend_config.yaml, or use Node 22 or newer.';
    throw new RuntimeUnavailableError({ backend, reason: `Node ${process.versions.node} has no relaxed SIMD`, hint });
  }
  return THREADS > 1 ? BUILDS.threads : BUILDS.relaxed;
}
