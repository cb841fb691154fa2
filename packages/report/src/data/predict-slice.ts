import { predictKernels } from '@nnm/builder';
import { type AnyKernel, configProblems, type KernelConfig } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import type { SlicePlan } from './choose-slices.ts';
import type { AxisReport, SliceReport } from './report-document.ts';
import { roundNumber } from './round-number.ts';

/** Predict every configuration of a slice. @throws what `predictKernels` throws */
export function predictSlice(plan: SlicePlan, kernel: AnyKernel, predictor: Predictor): SliceReport {
  const { x, y, fixed } = plan;
  const configs = (y?.values ?? [undefined]).flatMap((down) =>
    x.values.map((across): KernelConfig => {
      const config = { ...fixed, ...along(x, across), ...(y && down !== undefined && along(y, down)) };
      return Object.fromEntries(Object.keys(kernel.configSpace as object).map((key) => [key, config[key] as number]));
    }),
  );
  const isAccepted = configs.map((config) => configProblems(kernel, config).length === 0);
  const accepted = configs.filter((_, index) => isAccepted[index]);
  const predictions = predictKernels(predictor, kernel, accepted)[Symbol.iterator]();
  const latencyMs = isAccepted.map((ok) => (ok ? roundNumber((predictions.next().value as { latencyMs: number }).latencyMs) : null));
  return { ...plan, latencyMs };
}

function along({ keys }: AxisReport, value: number): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}
