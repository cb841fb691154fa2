import { type AnyKernel, configKey, GRAPH_HASH_VERSION, graphHash, type Implement, type KernelConfig } from '@nnm/core';
import type { GraphProbe, Predictor } from '@nnm/predictor';
import type { LabelledConfig } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import { kernelGraph } from './sample.ts';

/** Configurations of each kernel whose graphs a predictor remembers: a change of the block that shows in none of them is rare. */
const PROBES = 5;

/** What the kernels of these rows build now, for some of their configurations; see {@link kernelHasChanged}. */
export function probeKernels(data: readonly LabelledConfig[], context: PipelineContext): readonly GraphProbe[] {
  return [...new Set(data.map(({ kernel }) => kernel))].sort().flatMap((type) => {
    const kernel = context.registry.kernel(type);
    const rows = data.filter((row) => row.kernel === type).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    const count = Math.min(PROBES, rows.length);
    const chosen = Array.from({ length: count }, (_, index) => rows[Math.floor((index * rows.length) / count)] as LabelledConfig);
    return chosen.flatMap(({ config }) => {
      const hash = hashOf(kernel, config, context);
      return hash === undefined ? [] : [{ kernel: type, config, hash }];
    });
  });
}

/**
 * Whether a kernel's block builds other graphs now than when a predictor learned from it: then what the predictor says is of the block as it was.
 *
 * @returns undefined where the predictor cannot tell: it is from before that was kept, or has not seen the kernel
 */
export function kernelHasChanged({ manifest }: Predictor, kernel: AnyKernel): boolean | undefined {
  const known = (manifest.graphs ?? []).filter(({ kernel: type, hash }) => type === kernel.type && hash.startsWith(HASH_PREFIX));
  if (known.length === 0) return undefined;
  return known.some(({ config, hash }) => hashOf(kernel, config, manifest) !== hash);
}

/** The same whatever order the rows come in. */
function orderOf({ id, config }: LabelledConfig): string {
  return `${id} ${configKey(config)}`;
}

const HASH_PREFIX = `g${GRAPH_HASH_VERSION}-`;

/** Undefined when the block does not build the configuration. */
function hashOf(
  kernel: AnyKernel,
  config: KernelConfig,
  how: { readonly implement: Implement; readonly batchSize: number },
): string | undefined {
  try {
    return graphHash(kernelGraph(kernel, config, how), how);
  } catch {
    return undefined; // whatever keeps it from building it, it has changed
  }
}
