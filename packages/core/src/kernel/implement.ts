import { NnmError } from '../errors/index.ts';
import type { Implement } from '../graph/types.ts';
import type { AnyKernel } from './define-kernel.ts';

/** Kernels are asked for under a framework that their blocks are not made for. */
export class ImplementMismatchError extends NnmError {
  constructor(details: { implement: Implement; kernels: readonly { readonly type: string; readonly implement: readonly Implement[] }[] }) {
    const each = details.kernels.map(({ type, implement }) => `${type} is made for ${implement.join(' and ')}`);
    super({
      code: 'ERR_IMPLEMENT_MISMATCH',
      message: `IMPLEMENT is ${details.implement}, but ${each.join(', ')}.`,
      hint: 'Leave these kernels out, or build them in a workspace of a backend that runs the other framework; `nnm backends` shows which does.',
      details,
    });
  }
}

/** The frameworks a kernel's block can be built for: both, unless the kernel says otherwise. */
export function kernelImplement({ implement }: AnyKernel): readonly Implement[] {
  return implement ?? ['tensorflow', 'torch'];
}

/** @throws {@link ImplementMismatchError} naming every kernel that is not made for the framework */
export function assertImplement(kernels: readonly AnyKernel[], implement: Implement): void {
  const wrong = kernels.filter((kernel) => !kernelImplement(kernel).includes(implement));
  if (wrong.length === 0) return;
  throw new ImplementMismatchError({
    implement,
    kernels: wrong.map((kernel) => ({ type: kernel.type, implement: kernelImplement(kernel) })),
  });
}
