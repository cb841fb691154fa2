import { type AnyKernel, createRegistry, kernelFamily, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { featuresForPredictor, type Predictor, trainPredictor } from '@nnm/predictor';
import type { Bundle } from '../bundle/bundle.ts';
import { fitWorkEstimate, type MeasuredWork } from '../price/fit-work-estimate.ts';
import { type ClassifiedWork, classifyWork } from '../price/operator-class.ts';

/** Kernels that {@link formulaBundle} knows. */
export const formulaRegistry = createRegistry([kernelsConv, kernelsMisc]);

/** What a part takes on the machine that the bundle describes: 2 µs, 20 GFLOP/s and 10 GB/s. */
export function formulaMs({ flops, bytes }: Pick<ClassifiedWork, 'flops' | 'bytes'>): number {
  return 0.002 + flops / 2e7 + bytes / 1e7;
}

/** A bundle of predictors that were trained on a formula instead of a machine. */
export async function formulaBundle(types: readonly string[] = ['relu', 'add']): Promise<Bundle> {
  const predictors = new Map<string, Predictor>();
  const rows: MeasuredWork[] = [];
  for (const kernel of types.map((type) => formulaRegistry.kernel(type))) {
    const measured = measure(kernel);
    rows.push(...measured.map(({ work, latencyMs }) => ({ kernel: kernel.type, work, latencyMs })));
    const { predictor } = await trainPredictor({
      rows: measured.map(({ features, latencyMs }, i) => ({ id: `R${i}`, kernel: kernel.type, features, latencyMs })),
      featureNames: kernel.features.featureNames,
      kernelType: kernel.type,
      family: kernelFamily(kernel),
      rng: new Rng(1),
      backend: 'formula',
      implement: 'tensorflow',
      batchSize: 1,
    });
    predictors.set(kernelFamily(kernel), predictor);
  }
  const facts = { backend: 'formula', implement: 'tensorflow', batchSize: 1, environment: null, nnmVersion: '0.1.0' } as const;
  return { ...facts, predictors, estimate: fitWorkEstimate(rows) };
}

function measure(kernel: AnyKernel) {
  const configs = kernel.sampler.priorConfigSampling(120, { rng: new Rng(2) });
  return configs.map((config) => {
    const work = classifyWork(new kernel.block(config, 1).getModel());
    return { work, latencyMs: formulaMs(work), features: featuresForPredictor(kernel, config, kernel.features.featureNames) };
  });
}
