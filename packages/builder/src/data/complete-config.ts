import { type AnyKernel, configProblems } from '@nnm/core';
import { isObject } from './kernel-data-source.ts';

/**
 * Add the keys that nn-Meter leaves out: its files of depthwise and pooling kernels may lack `COUT`, which there always equals `CIN`.
 *
 * Only where the kernel accepts nothing else: a missing key that could have other values stays missing.
 *
 * @returns the configuration, and what was done to it
 */
export function completeConfig(kernel: AnyKernel, config: unknown): { readonly config: unknown; readonly note?: string } {
  if (!isObject(config)) return { config };
  const { CIN, COUT } = config;
  const mayLack = kernel.features.neededConfig.includes('COUT') && COUT === undefined && typeof CIN === 'number';
  if (!mayLack) return { config };
  const accepts = (channels: number): boolean => configProblems(kernel, { ...config, COUT: channels }).length === 0;
  if (!accepts(CIN) || accepts(CIN + 1) || accepts(CIN - 1)) return { config };
  return { config: { ...config, COUT: CIN }, note: 'have no COUT, which can only equal CIN' };
}
