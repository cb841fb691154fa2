import { type AnyKernel, NnmError, type Registry } from '@nnm/core';
import { keyReader } from './key-names.ts';

/** A kernel whose configurations are read. */
export interface ReadableKernel {
  readonly kernel: AnyKernel;
  /** The kernel's key that a name means; undefined for the user's own. */
  readonly keyOf: (name: string) => string | undefined;
  readonly problem?: undefined;
}

/** The kernels that the rows of a file may be of. */
export interface RowKernels {
  /** The kernel of a row by what the row says, which may be nothing (undefined, or an empty cell); or why it cannot be told. */
  of(name: unknown): ReadableKernel | { readonly problem: string };
  /** The kernel with this name, if rows may be of it. */
  find(name: string): AnyKernel | undefined;
  /** The only one; absent where each row says its own. */
  readonly only?: ReadableKernel;
  /** What stands beside the configurations of a config or latency file, such as ids and latencies, is kept. */
  readonly keepsEntries: boolean;
}

/** A kernel with what reads its keys. */
export function readableKernel(kernel: AnyKernel): ReadableKernel {
  return { kernel, keyOf: keyReader(Object.keys(kernel.configSpace)) };
}

/** All rows are of this kernel, whatever they hold besides. */
export function oneKernel(kernel: AnyKernel): RowKernels {
  const only = readableKernel(kernel);
  return { of: () => only, find: (name) => (name === kernel.type ? kernel : undefined), only, keepsEntries: false };
}

/**
 * Each row says of which kernel it is, and what is known of its latency.
 *
 * @param given - the kernel of rows that do not say it
 */
export function namedKernels(registry: Registry, given?: string): RowKernels {
  if (given !== undefined) {
    const one = oneKernel(registry.kernel(given));
    const isOther = (name: unknown): boolean => name !== undefined && name !== '' && name !== given;
    return {
      ...one,
      of: (name) => (isOther(name) ? { problem: `it is of ${String(name)}, not of ${given}` } : one.of(name)),
      keepsEntries: true,
    };
  }
  const readable = new Map<string, ReadableKernel>();
  return {
    of: (name) => {
      if (name === undefined || name === '') return { problem: 'it does not say which kernel it is of; --kernel can say it for all' };
      if (typeof name !== 'string') return { problem: `its kernel must be a name, not ${JSON.stringify(name)}` };
      const known = readable.get(name);
      if (known !== undefined) return known;
      try {
        const found = readableKernel(registry.kernel(name));
        readable.set(name, found);
        return found;
      } catch (error) {
        if (NnmError.isInstance(error)) return { problem: [error.message, error.hint].filter(Boolean).join(' ') };
        throw error;
      }
    },
    find: (name) => registry.kernels.find(({ value }) => value.type === name)?.value,
    keepsEntries: true,
  };
}
