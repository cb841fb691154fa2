import { DEFAULT_COST_LIMITS } from '@nnm/core';
import { TARGET_IDS, TRAINING_PRESETS } from '@nnm/predictor';
import { z } from 'zod';
import { ADAPTIVE_RULES, DEFAULT_KERNEL_SETTINGS, MAX_SAMPLE_NUM } from './kernel-settings.ts';

/** What zod says of a section that is not one; unknown keys keep their own words. */
const SECTION = {
  error: (issue: { readonly code?: string }) => (issue.code === 'invalid_type' ? 'must be a list of keys with their values' : undefined),
};

/** A whole number in a range; its JSON Schema says the same as its check. */
export function count(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `>= ${minimum}` : `from ${minimum} to ${maximum}`;
  const message = `must be an integer ${range}`;
  return z
    .number(message)
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, message)
    .meta({ type: 'integer', minimum, ...(maximum !== Number.MAX_SAFE_INTEGER && { maximum }) });
}

/** The `TRAINING` section of a kernel. */
export const trainingSchema = z.strictObject(
  {
    PRESET: z
      .string('must be the name of a preset')
      .meta({ description: 'A regressor with its options by one name', enum: Object.keys(TRAINING_PRESETS) })
      .optional(),
    REGRESSOR: z
      .string('must be the id of a regressor')
      .meta({ description: 'What learns the latencies; regressors of plugins too', examples: ['random-forest', 'gradient-boosting'] })
      .optional(),
    TARGET: z
      .string('must be the id of a target')
      .meta({
        enum: [...TARGET_IDS],
        description: 'What is learned: the latency (raw), or the logarithm of its ratio to a simple model of the work (log-residual)',
      })
      .optional(),
    OPTIONS: z
      .record(z.string(), z.unknown(), 'must be a list of options with their values')
      .meta({ description: 'Options of the regressor' })
      .optional(),
  },
  SECTION,
);

/** The section of one kernel. Descriptions stand in new workspaces, too: units and what a number means. */
export const kernelSchema = z.strictObject(
  {
    INIT_SAMPLE_NUM: count(10, MAX_SAMPLE_NUM)
      .meta({ description: 'Configurations of the first round, drawn from known networks' })
      .default(DEFAULT_KERNEL_SETTINGS.initSampleNum),
    FINEGRAINED_SAMPLE_NUM: count(1, MAX_SAMPLE_NUM)
      .meta({ description: 'New configurations for each large error, in every further round' })
      .default(DEFAULT_KERNEL_SETTINGS.finegrainedSampleNum),
    /** What it counts depends on the workspace, and so does its check. */
    ITERATION: z
      .unknown()
      .meta({
        type: 'integer',
        minimum: 1,
        default: DEFAULT_KERNEL_SETTINGS.iteration,
        description: 'Rounds in all: 1 is the first alone, 2 adds one of adaptive sampling',
      })
      .optional(),
    ERROR_THRESHOLD: z
      .number('must be a number, a relative error such as 0.1')
      .positive('must be > 0, a relative error such as 0.1')
      .max(10, 'must be a relative error such as 0.1, not a percentage')
      .meta({ description: 'Relative error that counts as large: 0.1 is 10 %' })
      .default(DEFAULT_KERNEL_SETTINGS.errorThreshold),
    HOLDOUT_SAMPLE_NUM: count(0, MAX_SAMPLE_NUM)
      .meta({ description: 'Configurations that only grade the predictor. Default: a fifth of INIT_SAMPLE_NUM, at least 20' })
      .optional(),
    SAMPLING: z
      .enum(['joint', 'marginal'], 'must be joint or marginal')
      .meta({ description: 'joint draws whole layers of known networks, marginal every size on its own' })
      .default(DEFAULT_KERNEL_SETTINGS.sampling),
    MAX_FLOPS: count(1)
      .meta({
        description: `Operations (2 per multiply-add) that no sampled configuration exceeds. Default: ${DEFAULT_COST_LIMITS.maxFlops}`,
      })
      .optional(),
    MAX_BYTES: count(1)
      .meta({ description: `Bytes of values and weights that no sampled configuration exceeds. Default: ${DEFAULT_COST_LIMITS.maxBytes}` })
      .optional(),
    ADAPTIVE: z
      .enum(ADAPTIVE_RULES, `must be ${ADAPTIVE_RULES.join(' or ')}`)
      .meta({ description: 'Where further rounds sample: where models disagree and err, or around each large error as nn-Meter does' })
      .default(DEFAULT_KERNEL_SETTINGS.adaptive),
    TRAINING: trainingSchema.meta({ description: 'How predictors are trained. Default: what suits most kernels' }).optional(),
  },
  SECTION,
);

const KERNELS_WANTED = 'must have the kernels as keys, such as "conv-bn-relu:", with their numbers below them';

/** `configs/predictorbuild_config.yaml`; numbers depend on each other and on the registry beyond this. */
export const buildSchema = z.strictObject(
  {
    DETAIL: z
      .boolean('must be TRUE or FALSE')
      .meta({ description: 'Put configuration, shapes and every statistic beside each latency in the latency files' })
      .default(false),
    IMPLEMENT: z
      .enum(['tensorflow', 'torch'], 'must be tensorflow or torch')
      .meta({ description: 'Framework whose layout and padding the models follow' }),
    BATCH_SIZE: count(1).meta({ description: 'Examples that one inference works on' }).default(1),
    KERNELS: z
      .record(z.string(), kernelSchema.or(z.null().transform(() => kernelSchema.parse({}))), KERNELS_WANTED)
      .refine((kernels) => Object.keys(kernels).length > 0, KERNELS_WANTED)
      .meta({ description: 'Kernels to build predictors for, each with its numbers; what is left out has its default', minProperties: 1 }),
  },
  SECTION,
);
