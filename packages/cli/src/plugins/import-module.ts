import { fileURLToPath } from 'node:url';
import { loadLimitMs } from '../program/messages.ts';

const TYPESCRIPT = /\.[mc]?ts$/;

/**
 * Import a module by file URL, TypeScript included: the one way in which nnm imports code that is not its own.
 *
 * JavaScript is imported natively. TypeScript goes through jiti under every version of Node, also under those that leave types out by
 * themselves: they know neither enums nor imports of `./x` and `./x.js` for `x.ts`, and refuse `import` where package.json says
 * `"type": "commonjs"`, as that of a new project does. jiti also takes over where a module does not find nnm's packages, as in a folder
 * without node_modules: there they are this program's own.
 *
 * @param limitMs - how long it may take
 * @returns the module's namespace
 * @throws whatever the module throws, and an `Error` when the time is up
 */
export async function importModule(url: string, limitMs = loadLimitMs()): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  // The timer also keeps Node alive: a top-level await that nothing settles would otherwise end the program without a word.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not finish loading within ${limitMs / 1000} s`)), limitMs);
  });
  // A module may set the exit code of the program, which is not its to set.
  const { exitCode } = process;
  try {
    return await Promise.race([importAnyModule(url), late]);
  } finally {
    clearTimeout(timer);
    process.exitCode = exitCode;
  }
}

async function importAnyModule(url: string): Promise<Record<string, unknown>> {
  if (TYPESCRIPT.test(new URL(url).pathname) && !runsThroughTsx()) return importThroughJiti(url);
  try {
    return await import(url);
  } catch (error) {
    // Links are resolved before anything runs, so that nothing runs twice.
    if (!lacksOwnPackage(error)) throw error;
    return importThroughJiti(url);
  }
}

async function importThroughJiti(url: string): Promise<Record<string, unknown>> {
  const [{ createJiti }, core, testing, layers, cli] = await Promise.all([
    import('jiti'),
    import('@nnm/core'),
    import('@nnm/core/testing'),
    import('@nnm/model/layers'),
    import('./config-schema.ts'),
  ]);
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    fsCache: false,
    // A module that is imported through jiti and this program share one copy of core.
    virtualModules: {
      '@nnm/core': core,
      '@nnm/core/testing': testing,
      '@nnm/model/layers': layers,
      '@nnm/cli': { defineConfig: cli.defineConfig },
    },
  });
  return jiti.import<Record<string, unknown>>(fileURLToPath(url));
}

function lacksOwnPackage(error: unknown): boolean {
  return error instanceof Error && /^Cannot find (package|module) '@nnm\/(core|cli|model\/layers)\b/.test(error.message);
}

function runsThroughTsx(): boolean {
  return process.execArgv.some((argument) => /(^|=|[/\\])tsx([/\\]|$)/.test(argument));
}

/** The default export, also of CommonJS modules that were compiled from ESM. */
export function defaultExport(module: Record<string, unknown>): unknown {
  const value = module.default;
  if (typeof value !== 'object' || value === null) return value;
  const inner = value as Record<string, unknown>;
  return inner.__esModule === true && 'default' in inner ? inner.default : value;
}
