import { type AnyKernel, type ConfigRange, configProblems } from '@nnm/core';
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
  const step = (kernel.configSpace as Readonly<Record<string, ConfigRange>>).COUT?.multipleOf ?? 1;
  if (!accepts(CIN) || accepts(CIN + step) || accepts(CIN - step)) return { config };
  return { config: { ...config, COUT: CIN }, note: 'without COUT, which can only equal CIN' };
}
