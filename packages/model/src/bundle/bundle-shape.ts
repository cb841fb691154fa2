import { shapes } from '@nnm/predictor/browser';
import { OPERATOR_CLASSES } from '../price/operator-class.ts';

const { finite, list, notNegative, object, optional, positive, share, text, whole } = shapes;

const classEstimate = object({
  baseline: object({
    launchMs: notNegative,
    costs: list(object({ feature: text, index: whole(0), msPerUnit: notNegative, above: optional(notNegative) })),
  }),
  rows: whole(1),
  kernels: whole(1),
  factor80: positive,
  factor95: positive,
});

const origin = { backend: text, implement: shapes.oneOf('tensorflow', 'torch'), batchSize: whole(1) };

/** Every key of a calibration with what must hold for it. */
export const calibrationShape: shapes.Shape = object({
  ...origin,
  terms: object({
    sum: notNegative,
    perKernelMs: notNegative,
    perWeightMbMs: notNegative,
    perColdMbMs: optional(notNegative),
    memoryBound: notNegative,
  }),
  cacheBytes: optional(positive),
  compositionError: positive,
  scale: positive,
  correlation: share,
  reorders: optional(classEstimate),
  networks: list(
    object({
      name: text,
      latencyMs: positive,
      sumMs: positive,
      kernels: whole(1),
      weightBytes: notNegative,
      coldBytes: optional(notNegative),
      memoryBoundMs: notNegative,
      leftOutError: finite,
      predictedError: optional(finite),
    }),
    1,
  ),
});

/** Every key of a bundle's content; its predictors are checked as each is read. */
export const bundleShape: shapes.Shape = object({
  ...origin,
  predictors: list(object({ family: text, predictor: text })),
  rules: optional(object({ schemaVersion: whole(1) })),
  estimate: optional(
    object({ any: classEstimate, classes: object(Object.fromEntries(OPERATOR_CLASSES.map((name) => [name, optional(classEstimate)]))) }),
  ),
  calibration: optional(calibrationShape),
});
