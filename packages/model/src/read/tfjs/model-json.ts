import { z } from 'zod';
import type { ByteSource } from '../byte-source.ts';
import { InvalidModelError } from '../errors.ts';

/** A `model.json` describes a model and holds no weights: a larger one is something else. */
const MOST_BYTES = 256 * 2 ** 20;

const number = z.union([z.number(), z.string()]);
const dimensions = z.object({ dim: z.array(z.object({ size: number.optional() })).optional(), unknownRank: z.boolean().optional() });

/** A value of a graph's attribute; strings are base64, whole numbers may be strings. */
const attribute = z.object({
  s: z.string().optional(),
  i: number.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  type: number.optional(),
  shape: dimensions.optional(),
  list: z
    .object({
      s: z.array(z.string()).optional(),
      i: z.array(number).optional(),
      f: z.array(z.number()).optional(),
    })
    .optional(),
});
export type GraphAttribute = z.infer<typeof attribute>;

const graphNode = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).optional(),
  attr: z.record(z.string(), attribute).optional(),
});
export type GraphNode = z.infer<typeof graphNode>;

const weight = z.object({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.string(),
  quantization: z.object({ dtype: z.string(), original_dtype: z.string().optional() }).optional(),
});
export type WeightEntry = z.infer<typeof weight>;

const layer = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.unknown()).optional(),
});
export type LayerEntry = z.infer<typeof layer>;

const ends = z.array(z.unknown()).optional();

const modelJson = z.object({
  format: z.string().optional(),
  generatedBy: z.string().nullish(),
  convertedBy: z.string().nullish(),
  modelTopology: z.looseObject({ node: z.array(graphNode).optional(), model_config: z.unknown().optional() }),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(weight) })).optional(),
  signature: z
    .object({
      inputs: z.record(z.string(), z.object({ name: z.string().optional() })).optional(),
      outputs: z.record(z.string(), z.object({ name: z.string().optional() })).optional(),
    })
    .nullish(),
});
export type ModelJson = z.infer<typeof modelJson>;

/** A Keras model inside a layers model: its layers in a list, or with `input_layers` and `output_layers` as a graph. */
export const kerasConfig = z.object({
  class_name: z.string(),
  config: z.union([
    z.looseObject({ layers: z.array(layer), input_layers: ends, output_layers: ends, name: z.string().optional() }),
    // The form of Keras before 2.2: the layers alone.
    z.array(layer).transform((layers) => ({ layers, input_layers: undefined, output_layers: undefined, name: undefined })),
  ]),
});

/**
 * The contents of a `model.json`, checked.
 *
 * @throws {@link InvalidModelError} when it is not one
 */
export function parseModelJson(source: ByteSource, file: string): ModelJson {
  if (source.size > MOST_BYTES) throw new InvalidModelError({ file, problem: `has ${source.size} bytes, and no model.json has` });
  const bytes = new Uint8Array(source.size);
  const length = source.read(0, bytes);
  return checked(modelJson, parseJson(new TextDecoder().decode(bytes.subarray(0, length)), file), file);
}

/** A value of the form that it should have. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue!.path.map(String).join('.');
  throw new InvalidModelError({ file, problem: `is not a TensorFlow.js model: ${place || 'it'}: ${issue!.message}` });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidModelError({ file, problem: 'is not a TensorFlow.js model: it is not JSON, or not all of it' }, { cause });
  }
}
