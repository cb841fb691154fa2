import { fileURLToPath } from 'node:url';

const IMPORT_LIMIT_MS = 30_000;

const TYPESCRIPT = /\.[mc]?ts$/;

/** What Node says of TypeScript that it cannot run by leaving the types out: enums, parameter properties, files of packages. */
const BEYOND_TYPE_STRIPPING: ReadonlySet<string> = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
]);

/**
 * Import a module by file URL, TypeScript included: natively where Node strips types, through jiti elsewhere.
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
  if (!TYPESCRIPT.test(new URL(url).pathname)) return import(url);
  if (!canImportTypeScript()) return importThroughJiti(url);
  try {
    return await import(url);
  } catch (error) {
    if (!BEYOND_TYPE_STRIPPING.has((error as NodeJS.ErrnoException | null)?.code ?? '')) throw error;
    return importThroughJiti(url);
  }
}

async function importThroughJiti(url: string): Promise<Record<string, unknown>> {
  const { createJiti } = await import('jiti');
  // Packages stay native, so that a TypeScript plugin and this program share one copy of @nnm/core.
  const jiti = createJiti(import.meta.url, { interopDefault: false, fsCache: false, nativeModules: ['@nnm/core', '@nnm/cli'] });
  return jiti.import<Record<string, unknown>>(fileURLToPath(url));
}

function canImportTypeScript(): boolean {
  const { features, execArgv } = process;
  const native = (features as { typescript?: string | false }).typescript;
  return Boolean(native) || execArgv.some((argument) => /(^|=|[/\\])tsx([/\\]|$)/.test(argument));
}

/** The default export, also of CommonJS modules that were compiled from ESM. */
export function defaultExport(module: Record<string, unknown>): unknown {
  const value = module.default;
  if (typeof value !== 'object' || value === null) return value;
  const inner = value as Record<string, unknown>;
  return inner.__esModule === true && 'default' in inner ? inner.default : value;
}
