import type { FileSystem, OpenFile } from '../file-system.ts';
import { nodeFileSystem } from '../node-file-system.ts';

/** What a call may do instead of its work; returning undefined lets it work. */
export type Fault = (call: string) => Error | undefined;

/** A system's error, as Node throws it. */
export function systemError(code: string, syscall = 'write'): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall });
}

/** The real file system, with every call offered to `fault` first, and with writes that take `limitOf` bytes at most. */
export function failingFiles(fault: Fault, limitOf: (length: number) => number = (length) => length): FileSystem {
  const guard = <A extends readonly unknown[], R>(call: string, work: (...given: A) => R) => {
    return (...given: A): R => {
      const error = fault(call);
      if (error !== undefined) throw error;
      return work(...given);
    };
  };
  const opened = (file: OpenFile): OpenFile => ({
    write: guard('write', (bytes: Uint8Array) => file.write(bytes.subarray(0, Math.max(1, limitOf(bytes.length))))),
    truncate: guard('truncate', (sizeBytes: number) => file.truncate(sizeBytes)),
    sync: guard('sync', () => file.sync()),
    stat: guard('fstat', () => file.stat()),
    close: () => file.close(),
  });
  return {
    readFile: guard('readFile', nodeFileSystem.readFile),
    open: guard('open', (path, flag, mode) => opened(nodeFileSystem.open(path, flag, mode))),
    stat: nodeFileSystem.stat,
    list: guard('list', nodeFileSystem.list),
    makeFolder: guard('makeFolder', nodeFileSystem.makeFolder),
    rename: guard('rename', nodeFileSystem.rename),
    link: guard('link', nodeFileSystem.link),
    remove: nodeFileSystem.remove,
    realPath: nodeFileSystem.realPath,
    syncFolder: guard('syncFolder', nodeFileSystem.syncFolder),
  };
}
