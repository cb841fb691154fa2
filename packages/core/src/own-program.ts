import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A file that Node runs as a process or a thread of its own, and the arguments it needs for that. */
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
 * @param exported - its path among the exports of this package, such as `profiler-worker`
 */
export function locateOwnProgram(runsAs: 'process' | 'thread', source: URL, exported: string): OwnProgram {
  if (import.meta.url.endsWith('.ts')) {
    const loader = runsAs === 'process' ? typescriptLoader(import.meta.url) : threadLoader();
    return { file: fileURLToPath(source), execArgv: [...loader, '--conditions=@nnm/source'] };
  }
  return { file: createRequire(import.meta.url).resolve(`@nnm/core/${exported}`), execArgv: [] };
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

/** The same for a thread running sources of this package: tsx, imported, does nothing outside the main thread and has to be asked. */
function threadLoader(): readonly string[] {
  const register = `import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}; register();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
}
