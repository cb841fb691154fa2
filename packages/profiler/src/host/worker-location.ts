import { locateOwnProgram, type OwnProgram, typescriptLoader } from './own-program.ts';

/**
 * Where the worker is and what Node needs to run it.
 *
 * @param runtime - the backend's runtime module, which may be TypeScript although this package is not
 */
export function locateWorker(runtime: URL): OwnProgram {
  const program = locateOwnProgram(import.meta.url, './worker.ts', '@nnm/profiler/worker');
  if (program.execArgv.length > 0 || !/\.[cm]?tsx?$/.test(runtime.pathname)) return program;
  return { ...program, execArgv: typescriptLoader(runtime.href) };
}
