import { type AnyKernel, type Implement, kernelImplement, type Registry } from '@nnm/core';
import type { PluginOrigin } from './plugins/origin.ts';

/** The kernels that a workspace of nn-Meter lists, in its order. */
const ORIGINAL_KERNELS: readonly string[] = [
  'conv-bn-relu',
  'dwconv-bn-relu',
  'maxpool',
  'avgpool',
  'fc',
  'concat',
  'split',
  'channelshuffle',
  'se',
  'global-avgpool',
  'bnrelu',
  'bn',
  'hswish',
  'relu',
  'addrelu',
  'add',
];

/**
 * The kernels that a new workspace lists: of the built-in ones those of the original, since the other ones of a family are predicted by
 * its predictor, and all that the user has added. Kernels that are not made for the framework are left out.
 *
 * @param originOf - tells the built-in plugins from the user's
 */
export function defaultKernels(registry: Registry, implement: Implement, originOf: (plugin: string) => PluginOrigin): readonly AnyKernel[] {
  const rank = (type: string): number => ORIGINAL_KERNELS.indexOf(type);
  const originals = registry.kernels.filter(({ value }) => rank(value.type) >= 0).sort((a, b) => rank(a.value.type) - rank(b.value.type));
  const own = registry.kernels.filter(({ value, plugin }) => rank(value.type) < 0 && originOf(plugin).kind !== 'builtin');
  return supported(
    [...originals, ...own].map(({ value }) => value),
    implement,
  );
}

/** All kernels that are made for the framework. */
export function allKernels(registry: Registry, implement: Implement): readonly AnyKernel[] {
  return supported(
    registry.kernels.map(({ value }) => value),
    implement,
  );
}

function supported(kernels: readonly AnyKernel[], implement: Implement): readonly AnyKernel[] {
  return kernels.filter((kernel) => kernelImplement(kernel).includes(implement));
}
