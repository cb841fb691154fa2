import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserRuntime } from '@nnm/core';
import { BrowserModuleError } from '../errors.ts';
import type { PageParts } from '../page-parts.ts';

/** What is sent for a path. */
export interface PageFile {
  readonly body: string | Uint8Array;
  readonly type: string;
}

/** Where the runtime's module is served; its folders lie beside it. */
export const RUNTIME_PATH = '/runtime/module.js';

const FOLDERS_PATH = '/runtime/';
const SCRIPT = 'text/javascript; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = {
  '.js': SCRIPT,
  '.mjs': SCRIPT,
  '.cjs': SCRIPT,
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** The files that a page may have, by path: its own, the runtime's module, and what lies in the folders beside that. Nothing else. */
export class PageFiles {
  private module: Promise<string> | undefined;

  constructor(
    private readonly backend: string,
    private readonly runtime: BrowserRuntime,
    private readonly parts: PageParts,
  ) {}

  /** The file at a path of a URL; undefined when there is none. @throws {@link BrowserModuleError} */
  async find(path: string): Promise<PageFile | undefined> {
    if (path === '/') return { body: this.parts.html, type: 'text/html; charset=utf-8' };
    if (path === '/page.js') return { body: this.parts.page, type: SCRIPT };
    if (path === '/host.js') return { body: this.parts.host, type: SCRIPT };
    if (path === RUNTIME_PATH) return { body: await this.runtimeModule(), type: SCRIPT };
    return path.startsWith(FOLDERS_PATH) ? this.findInFolders(path.slice(FOLDERS_PATH.length)) : undefined;
  }

  /** @throws {@link BrowserModuleError} */
  runtimeModule(): Promise<string> {
    this.module ??= this.readModule();
    return this.module;
  }

  private async readModule(): Promise<string> {
    const file = fileURLToPath(this.runtime.module);
    try {
      if (!/\.[cm]?tsx?$/.test(file)) return await readFile(file, 'utf8');
      const { bundleForBrowser } = await import('../bundle.ts');
      return await bundleForBrowser(file, 'esm');
    } catch (cause) {
      this.module = undefined;
      const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.replace(/\.$/, '');
      throw new BrowserModuleError({ backend: this.backend, module: file, reason }, { cause });
    }
  }

  private async findInFolders(path: string): Promise<PageFile | undefined> {
    const [name = '', ...rest] = decode(path)?.split('/') ?? [];
    const folders = this.runtime.folders ?? {};
    if (!Object.hasOwn(folders, name) || rest.length === 0) return undefined;
    if (rest.some((part) => part === '' || part === '.' || part === '..' || /[\\\0:]/.test(part))) return undefined;
    const file = await readableBelow(fileURLToPath(folders[name]!), rest);
    return file === undefined ? undefined : { body: await readFile(file), type: TYPES[extname(file)] ?? 'application/octet-stream' };
  }
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The real path of a file below a folder; undefined when there is none, or when a link leads out of the folder. */
async function readableBelow(folder: string, parts: readonly string[]): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, ...parts));
    return file.startsWith(root.endsWith(sep) ? root : root + sep) && (await stat(file)).isFile() ? file : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
