import type { DetectedKernel } from '../lift/lifted-model.ts';
import { fitWorkEstimate, type MeasuredWork } from '../price/fit-work-estimate.ts';
import { reorderBytes } from '../price/reorder-work.ts';
import type { ClassEstimate } from '../price/work-estimate.ts';
import type { NetworkMeasurement } from './measure-network.ts';

/** Changes of layout from which their cost can be told. */
const LEAST_REORDERS = 8;

/** A network that was measured, and its parts. */
export interface MeasuredParts {
  readonly measurement: NetworkMeasurement;
  readonly kernels: readonly DetectedKernel[];
}

/**
 * What changing the layout of values costs, from those that networks were measured with.
 *
 * @returns undefined when there are too few
 */
export function fitReorders(networks: readonly MeasuredParts[]): ClassEstimate | undefined {
  const rows = networks.flatMap(({ measurement, kernels }) =>
    kernels.flatMap(({ reorder }, index): readonly MeasuredWork[] => {
      const latencyMs = measurement.partsMs[index];
      if (reorder === undefined || latencyMs === undefined) return [];
      const work = { class: 'movement', flops: 0, params: 0, bytes: reorderBytes(reorder) } as const;
      return [{ kernel: measurement.name, work, latencyMs }];
    }),
  );
  return rows.length < LEAST_REORDERS ? undefined : fitWorkEstimate(rows).any;
}
