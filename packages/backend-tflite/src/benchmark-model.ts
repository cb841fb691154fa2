import { type BenchmarkModelCall, RuntimeUnavailableError } from '@nnm/core';
import type { TfliteSettings } from './settings.ts';

/**
 * How TensorFlow Lite's `benchmark_model` runs models under these settings.
 *
 * @throws {@link RuntimeUnavailableError} for a setting that it has no word for
 */
export function benchmarkModelCall(backend: string, { THREADS, DELEGATE, ...others }: TfliteSettings): BenchmarkModelCall {
  const [refused] = (['LIBRARY', 'DIMENSIONS', 'INPUTS'] as const).filter((key) => others[key] !== undefined);
  if (refused !== undefined) {
    throw new RuntimeUnavailableError({
      backend,
      reason: `${refused} is for the TensorFlow Lite library of this machine, and on a phone benchmark_model runs the models`,
      hint: `Leave ${refused} out of configs/backend_config.yaml, or measure here with \`DEVICE: host\`.`,
    });
  }
  return {
    flags: [`--num_threads=${THREADS}`, `--use_xnnpack=${DELEGATE === 'xnnpack'}`],
    threads: THREADS,
    xnnpack: DELEGATE === 'xnnpack',
    options: { delegate: DELEGATE },
  };
}
