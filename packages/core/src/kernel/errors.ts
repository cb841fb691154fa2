import { NnmError } from '../errors/index.ts';
import type { KernelConfig } from './config.ts';

/** The block of a kernel threw while it built the graph of a configuration; the cause says what. */
export class BlockError extends NnmError {
  constructor(details: { kernel: string; config: KernelConfig }, options: { cause: unknown }) {
    const config = Object.entries(details.config).map(([key, value]) => `${key}=${value}`);
    const { cause } = options;
    super(
      {
        code: 'ERR_BLOCK_FAILED',
        message: `The block of ${details.kernel} cannot build ${config.join(',')}: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: 'Correct the block, or keep such configurations out by the ranges of the kernel. --verbose shows where it failed.',
        details,
      },
      options,
    );
  }
}
