import { fileURLToPath } from 'node:url';

const IMPORT_LIMIT_MS = 30_000;

const TYPESCRIPT = /\.[mc]?ts$/;

/**
 * Import a module by file URL, TypeScript included.
 *
 * TypeScript goes through jiti under every version of Node, also under those that leave types out by themselves: they know neither
 * enums nor imports of `./x` and `./x.js` for `x.ts`, and refuse `import` where package.json says `"type": "commonjs"`, as that of a new
 * project does.
 *
 * @param limitMs - how long it may take
 * @returns the module's namespace
 * @throws whatever the module throws, and an `Error` when the time is up
 */
export async function importModule(url: string, limitMs = IMPORT_LIMIT_MS): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  // The timer also keeps Node alive: a top-level await that nothing settles would otherwise end the program without a word.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not finish loading within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([importAnyModule(url), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function importAnyModule(url: string): Promise<Record<string, unknown>> {
  return TYPESCRIPT.test(new URL(url).pathname) && !runsThroughTsx() ? importThroughJiti(url) : import(url);
}

async function importThroughJiti(url: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  // Packages stay native, so that a TypeScript plugin and this program share one copy of @nnm/core.
  const jiti = createJiti(import.meta.url, { interopDefault: false, fsCache: false, nativeModules: ['@nnm/core', '@nnm/cli'] });
  return jiti.import<Record<string, unknown>>(fileURLToPath(url));
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
