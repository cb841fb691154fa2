import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A file that Node runs as a process of its own, and the arguments it needs for that. */
export interface OwnProgram {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/**
 * Where a program of this package is.
 *
 * From sources it is a TypeScript file and needs a loader. Built, this code may sit in any chunk, so the package's own exports say where
 * the program is.
 *
 * @param source - its source file
 * @param exported - its name among the exports, such as `@nnm/profiler/worker`
 */
export function locateOwnProgram(source: URL, exported: string): OwnProgram {
  if (import.meta.url.endsWith('.ts')) {
    return { file: fileURLToPath(source), execArgv: [...typescriptLoader(import.meta.url), '--conditions=@nnm/source'] };
  }
  return { file: createRequire(import.meta.url).resolve(exported), execArgv: [] };
}

/** Arguments that let Node import TypeScript: tsx's loader of modules if it can be found from `base`; none where Node does it by itself. */
export function typescriptLoader(base: string): readonly string[] {
  try {
    return ['--import', pathToFileURL(createRequire(base).resolve('tsx/esm')).href];
  } catch (error) {
    // Node >= 22.18 imports TypeScript without help; an older one says so itself when it meets the file.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
}
