import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A file that Node runs as a process of its own, and the arguments it needs for that. */
export interface OwnProgram {
  readonly file: string;
  readonly execArgv: readonly string[];
}

/**
 * Where a program of a package is.
 *
 * From sources it is a TypeScript file and needs a loader. Built, its caller may sit in any chunk, so the package's own exports say where
 * the program is. With `NNM_CHILDREN=built`, which tests set while the build is that of the sources, sources start what is built: without a
 * loader that takes a fraction of the time.
 *
 * @param caller - the module that asks, its `import.meta.url`
 * @param source - the program's source file, relative to the caller's
 * @param exported - its name among the exports of the caller's package, such as `@nnm/profiler/worker`
 */
export function locateOwnProgram(caller: string, source: string, exported: string): OwnProgram {
  if (!caller.endsWith('.ts')) return { file: createRequire(caller).resolve(exported), execArgv: [] };
  const file = fileURLToPath(new URL(source, caller));
  if (process.env.NNM_CHILDREN === 'built') return { file: file.replace(/^(.*[\\/])src([\\/].*)\.ts$/, '$1dist$2.js'), execArgv: [] };
  return { file, execArgv: [...typescriptLoader(caller), '--conditions=@nnm/source'] };
}

/** Arguments that let Node import TypeScript: tsx if it can be found from `base`; none where Node does it by itself. */
export function typescriptLoader(base: string): readonly string[] {
  try {
    return ['--import', pathToFileURL(createRequire(base).resolve('tsx')).href];
  } catch (error) {
    // Node >= 22.18 imports TypeScript without help; an older one says so itself when it meets the file.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
}
