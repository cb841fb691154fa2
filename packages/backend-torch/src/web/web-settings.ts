import { checkSettings, DIMENSIONS_EXPECTED, dimensionsSetting, INPUTS_EXPECTED, inputsSetting, settingsJsonSchema } from '@nnm/native-kit';
import { z } from 'zod';

const MAX_THREADS = 64;

/** Settings of `ort_wasm` and `ort_webgpu`, checked and complete; the keys of `backend_config.yaml`. */
export interface WebSettings {
  /** Threads inside one operator on the CPU. */
  readonly THREADS: number;
  /** What ONNX Runtime may rewrite before it runs a model. */
  readonly GRAPH_OPTIMIZATION: 'all' | 'extended' | 'basic' | 'disabled';
  /** Sizes that a model file leaves open, by the name of the dimension or as `<input>.<axis>`. */
  readonly DIMENSIONS?: Readonly<Record<string, number>> | undefined;
  /** What inputs of a model file hold while it is timed, by their names. */
  readonly INPUTS?: Readonly<Record<string, number | readonly number[]>> | undefined;
}

const schema = z.strictObject({
  THREADS: z.int().min(1).max(MAX_THREADS).default(1),
  GRAPH_OPTIMIZATION: z.enum(['all', 'extended', 'basic', 'disabled']).default('all'),
  DIMENSIONS: dimensionsSetting,
  INPUTS: inputsSetting,
});

const EXPECTED = {
  THREADS: `an integer from 1 to ${MAX_THREADS}`,
  GRAPH_OPTIMIZATION: 'one of all, extended, basic, disabled',
  DIMENSIONS: DIMENSIONS_EXPECTED,
  INPUTS: INPUTS_EXPECTED,
};

/**
 * Check settings as parsed from YAML and fill in defaults.
 *
 * @param raw - `{}`, null or undefined stand for an empty file
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseWebSettings(backend: string, raw: unknown): WebSettings {
  return checkSettings(backend, schema, EXPECTED, raw);
}

/** The settings as a JSON Schema. */
export const webSettingsSchema = () => settingsJsonSchema(schema, EXPECTED);

/** Text of a new workspace's `configs/backend_config.yaml`. */
export const webSettingsTemplate = (what: string): string => `# ${what}.

# Threads inside one operator on the CPU, 1 to ${MAX_THREADS}. In a browser more than 1 need an isolated page, as nnm's own is.
THREADS: 1

# What ONNX Runtime may rewrite before it runs a model: all, extended, basic or disabled.
GRAPH_OPTIMIZATION: all

# Sizes that a model file of your own leaves open, by the name of the dimension or as <input>.<axis>. An open batch is 1.
# DIMENSIONS: { height: 320, width: 320 }

# What inputs of a model file of your own hold while it is timed: one number for all elements, or a list that is repeated.
# INPUTS: { sample_rate: 16000, input_ids: [101, 2023, 102] }
`;
