import type { AnyKernel, Plugin } from '@nnm/core';

/** The kernel `toy` of the simulated plugin: keys HW and CIN. */
export async function toyKernel(): Promise<AnyKernel> {
  const name = './simulated-plugin.mjs';
  const { default: plugin } = (await import(name)) as { default: Plugin };
  const [kernel] = plugin.kernels ?? [];
  if (kernel === undefined) throw new Error('the simulated plugin has no kernel');
  return kernel;
}
