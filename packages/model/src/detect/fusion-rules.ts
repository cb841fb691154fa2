import { InvalidArgumentError } from '@nnm/core';
import { z } from 'zod';

/** What nobody changes, all the way down. */
type Frozen<T> = T extends string | number | boolean | undefined ? T : { readonly [K in keyof T]: Frozen<T[K]> };

/** A value of a fact: a word, a number, or the answer to a question. */
const fact = z.union([z.string(), z.number(), z.boolean()]);

const condition = z.union([
  z.array(fact).min(1),
  z.strictObject({ multipleOf: z.int().min(1).optional(), min: z.number().optional(), below: z.number().optional() }),
]);

const pattern = z.strictObject({
  ops: z.array(z.string()).min(1),
  where: z.array(z.record(z.string(), condition)).min(1).optional(),
});

const step = pattern.extend({
  optional: z.literal(true).optional(),
  others: z.enum(['constant', 'value', 'either']).optional(),
  within: z.literal(true).optional(),
});

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  backend: z.string(),
  runtime: z.string(),
  versions: z.strictObject({ from: z.string(), below: z.string().optional() }),
  layout: z.string(),
  foldsBatchNorm: z.boolean(),
  freePadding: z.array(z.string()),
  padsFirst: z.array(z.string()).optional(),
  freeBias: z.array(z.string()),
  blocked: z
    .strictObject({
      block: z.int().min(1),
      enters: z.array(pattern.extend({ takesPlain: z.array(z.record(z.string(), condition)).optional() })),
      keeps: z.array(pattern),
      leaves: z.array(pattern),
    })
    .optional(),
  chains: z.array(z.strictObject({ name: z.string(), steps: z.array(step).min(1) })),
});

/**
 * What must hold of one fact of an op: to be one of a list, or a number within limits.
 *
 * Facts are the op's attributes by name, and `rank` (axes of its first input), `cin` and `cout` (sizes of the last axis of its first
 * input and output), `groupCin` and `groupCout` (per group of a convolution), `depthwise`, `sameShape` (all its operands have the output's
 * shape), `scalar` (its constants have one element), `constants` (it has some), `padded` (its window reaches over the edge), `gaps` (its step is
 * larger than its window), `everyCin` (a list: of each input), `op` (its name), `spatial` (it pads height and width only) and `blocked` (it runs on blocked channels).
 */
export type Condition = Frozen<z.infer<typeof condition>>;

/** Ops by name, and what must hold of them: every fact of at least one record. */
export type OpPattern = Frozen<z.infer<typeof pattern>>;

/**
 * One op of a chain. What it takes besides the value that comes down the chain: `constant` (default), any other `value`, or `either` of two
 * where the chain of the first has precedence if both could go on. `within`: only where its result is no output of the model.
 */
export type ChainStep = Frozen<z.infer<typeof step>>;

/**
 * What one version of a runtime runs as one, as data.
 *
 * A chain is a sequence of ops, each the only reader of the one before; of all chains that begin at an op the longest holds.
 * `foldsBatchNorm`: one behind a convolution is gone when the model runs, so that its convolution is one with bias. `freePadding`: ops
 * to which it makes no difference on which side pixels are padded, nor whether an op of its own in the same part pads them.
 * `padsFirst`: ops whose explicit padding is an op of its own when the model runs; of runtimes that do not say so nothing is known.
 * `freeBias`: ops whose sums begin with a bias, be it zeros.
 *
 * `blocked` says which ops run on channels in blocks, which is where reorders come from: those that `enters` do so whatever they are
 * given (`takesPlain`: without a reorder before them), those that `keeps` do where all they are given is blocked, and `leaves` give plain
 * values all the same.
 */
export type FusionRules = Frozen<z.infer<typeof schema>>;

/**
 * Read rules from parsed JSON.
 *
 * @throws {@link InvalidArgumentError} naming the first thing that is wrong with them
 */
export function parseFusionRules(json: unknown): FusionRules {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  throw new InvalidArgumentError({
    name: `rules${issue?.path.map((key) => `.${String(key)}`).join('') ?? ''}`,
    expected: `rules of fusion of schema version 1 (${issue?.message ?? 'not an object'})`,
    got: typeof json === 'object' && json !== null && 'schemaVersion' in json ? `schemaVersion ${String(json.schemaVersion)}` : typeof json,
  });
}
