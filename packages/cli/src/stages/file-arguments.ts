import { statSync } from 'node:fs';
import type { Registry } from '@nnm/core';
import { UsageError } from '../errors.ts';
import { isStandardInput } from '../input/standard-input.ts';

/**
 * True when arguments name files and folders, false when they name kernels (or nothing is named).
 *
 * `-`, what has a folder or an ending in its name, and a file that is there and not called like a kernel, are files.
 *
 * @throws `UsageError` when they name both
 */
export function areFiles(given: readonly string[] | undefined, { kernels }: Pick<Registry, 'kernels'>): boolean {
  const isKernel = (name: string): boolean => kernels.some(({ value }) => value.type === name);
  const isFile = (name: string): boolean =>
    isStandardInput(name) || /[\\/.]/.test(name) || (!isKernel(name) && statSync(name, { throwIfNoEntry: false }) !== undefined);
  const files = (given ?? []).filter(isFile);
  const other = (given ?? []).find((name) => !isFile(name));
  if (files.length > 0 && other !== undefined) {
    throw new UsageError({
      message: `${files[0]} is a file and ${other} is none: the arguments are either kernels or files.`,
      hint: 'Name the kernel of rows that do not say it with --kernel.',
    });
  }
  return files.length > 0;
}
