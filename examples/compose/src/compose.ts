import backendTflite from '@nnm/backend-tflite';
import { buildPredictorForKernel, memoryContext, type Prediction, predictKernel } from '@nnm/builder';
import { createRegistry, runToEnd } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelInvertedResidual from 'nnm-kernel-inverted-residual';

/** What {@link compose} is given. */
export interface ComposeOptions {
  /** Configurations of the first round; no further rounds are made. */
  readonly samples: number;
  /** Milliseconds that measuring may take. */
  readonly budgetMs: number;
  /** Called with a line for every step. */
  readonly say: (line: string) => void;
}

/**
 * Build a predictor with plugins put together by hand: no nnm config, no workspace, nothing written to disk.
 *
 * @returns the prediction of one configuration
 */
export async function compose({ samples, budgetMs, say }: ComposeOptions): Promise<Prediction> {
  const registry = createRegistry([kernelsConv, kernelInvertedResidual, backendTflite]);
  say(`${registry.kernels.length} kernels: ${registry.kernels.map(({ value }) => value.type).join(', ')}`);

  const end = performance.now() + budgetMs;
  const context = memoryContext(
    registry,
    {
      backend: 'tflite_cpu',
      seed: 1,
      kernels: { 'inverted-residual': { initSampleNum: samples, holdoutSampleNum: Math.ceil(samples / 5), iteration: 1 } },
    },
    { timeLeftMs: () => end - performance.now() },
  );
  const { built } = await runToEnd(buildPredictorForKernel('inverted-residual', context), (event) => {
    if (event.type === 'sampled') say(`${event.got} configurations (${event.mark})`);
    if (event.type === 'graded') say(`trained on ${event.rows} rows`);
  });
  const config = { HW: 56, CIN: 24, EXPANSION: 6, KERNEL_SIZE: 3 };
  const prediction = predictKernel(built.predictor, registry.kernel('inverted-residual'), config);
  say(`${JSON.stringify(config)}: ${prediction.latencyMs.toFixed(3)} ms`);
  return prediction;
}
