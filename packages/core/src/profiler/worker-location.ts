import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A program for `child_process.fork`. */
export interface WorkerProgram {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/**
 * Where the worker is and what Node needs to run it.
 *
 * From sources it is the file beside this one and needs a TypeScript loader. Built, this code may sit in any chunk, so the
 * package's own exports say where the worker is.
 *
 * @param runtime - the backend's runtime module, which may be TypeScript although core is not
 */
export function locateWorker(runtime: URL): WorkerProgram {
  if (import.meta.url.endsWith('.ts')) {
    return {
      file: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      execArgv: [...typescriptLoader(import.meta.url), '--conditions=@nnm/source'],
    };
  }
  const file = createRequire(import.meta.url).resolve('@nnm/core/profiler-worker');
  return { file, execArgv: /\.[cm]?tsx?$/.test(runtime.pathname) ? typescriptLoader(runtime.href) : [] };
}

/** Arguments that let Node import TypeScript: tsx if it can be found from `base`; none where Node does it by itself. */
function typescriptLoader(base: string): readonly string[] {
  try {
    return ['--import', pathToFileURL(createRequire(base).resolve('tsx')).href];
  } catch (error) {
    // Node >= 22.18 imports TypeScript without help; an older one says so itself when it meets the file.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
}
