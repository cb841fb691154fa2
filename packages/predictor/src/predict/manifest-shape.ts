import { finite, list, notNegative, object, oneOf, optional, positive, type Shape, share, text, whole } from './shape.ts';
import { TARGET_IDS } from './target.ts';

const metrics = object({
  rows: whole(1),
  flagged: optional(whole(1)),
  rmseMs: notNegative,
  rmspe: notNegative,
  acc5: share,
  acc10: share,
  acc15: share,
  medianError: notNegative,
  worstDecile: notNegative,
});

const baseline = object({
  launchMs: notNegative,
  costs: list(object({ feature: text, index: whole(0), msPerUnit: notNegative, above: optional(notNegative) })),
});

/** Each target with what it needs. */
const target: Shape = (value, path) => {
  const wrong = object({ id: oneOf(...TARGET_IDS) })(value, path);
  if (wrong.length > 0) return wrong;
  return object((value as { id: string }).id === 'raw' ? { floorMs: positive } : { baseline })(value, path);
};

/** Every key of a predictor's manifest with what must hold for it alone; how keys go together is for `manifestProblems`. */
export const manifestShape: Shape = object({
  kernelType: text,
  family: text,
  kernels: list(text, 1),
  backend: text,
  implement: text,
  batchSize: whole(1),
  featureNames: list(text, 1),
  sampled: object({
    features: list(object({ name: text, min: finite, max: finite, centre: finite, scale: positive })),
    whitening: list(list(finite)),
    limit: notNegative,
  }),
  regressor: object({ id: text }),
  target,
  intervals: object({
    rows: whole(1),
    bins: list(object({ fromMs: notNegative, factors: list(object({ coverage: share, low: notNegative, high: notNegative }), 1) }), 1),
  }),
  metrics,
  holdout: optional(metrics),
  crossValidation: metrics,
  ceiling: optional(object({ rows: whole(1), acc5: share, acc10: share, acc15: share })),
  samples: object({ given: whole(0), used: whole(0), validation: whole(0) }),
  seed: whole(0),
  dataHash: text,
  graphs: optional(list(object({ kernel: text, config: object({}), hash: text }))),
  nnmVersion: text,
});
