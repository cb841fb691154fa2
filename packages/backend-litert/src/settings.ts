import { checkSettings, INPUTS_EXPECTED, inputsSetting, settingsJsonSchema } from '@nnm/native-kit';
import { z } from 'zod';

const MAX_THREADS = 64;

/** Settings of the LiteRT backends, checked and complete; the keys of `backend_config.yaml`. */
export interface LitertSettings {
  /** Threads of one inference on the CPU. */
  readonly THREADS: number;
  /** Which vector operations LiteRT's build uses; `auto` takes relaxed ones where there are any. */
  readonly SIMD: 'auto' | 'relaxed' | 'plain';
  /** What inputs of a model file hold while it is timed, by their names. */
  readonly INPUTS?: Readonly<Record<string, number | readonly number[]>> | undefined;
}

const schema = z.strictObject({
  THREADS: z.int().min(1).max(MAX_THREADS).default(1),
  SIMD: z.enum(['auto', 'relaxed', 'plain']).default('auto'),
  INPUTS: inputsSetting,
});

const EXPECTED = {
  THREADS: `an integer from 1 to ${MAX_THREADS}`,
  SIMD: 'one of auto, relaxed, plain',
  INPUTS: INPUTS_EXPECTED,
};

/**
 * Check settings as parsed from YAML and fill in defaults.
 *
 * @param raw - `{}`, null or undefined stand for an empty file
 * @throws {@link InvalidSettingsError} listing every wrong key, and of a pair that does not go together
 */
export function parseLitertSettings(backend: string, raw: unknown): LitertSettings {
  return checkSettings(backend, schema, EXPECTED, raw);
}

/** The settings as a JSON Schema. */
export const litertSettingsSchema = () => settingsJsonSchema(schema, EXPECTED);

const INPUTS_TEMPLATE = `# What inputs of a model file of your own hold while it is timed: one number for all elements, or a list that is repeated.
# INPUTS: { sample_rate: 16000, input_ids: [101, 2023, 102] }
`;

/** Text of a new workspace's `configs/backend_config.yaml` for `litert_wasm`. */
export const WASM_SETTINGS_TEMPLATE = `# LiteRT.js with XNNPACK in WebAssembly (litert_wasm).

# Threads of one inference, 1 to ${MAX_THREADS}. More than 1 need relaxed SIMD, and in a browser an isolated page, as nnm's own is.
THREADS: 1

# Which build of LiteRT runs: relaxed (relaxed SIMD: Node 22, Chrome 114 and newer; Node 20 by a flag that is set for it), plain (SIMD),
# or auto: relaxed where it is to be had without a flag, as LiteRT.js chooses by itself.
SIMD: auto

${INPUTS_TEMPLATE}`;

/** Text of a new workspace's `configs/backend_config.yaml` for `litert_webgpu`. */
export const WEBGPU_SETTINGS_TEMPLATE = `# LiteRT.js on WebGPU (litert_webgpu).

# Threads of what LiteRT does on the CPU, and which build does it: relaxed (relaxed SIMD), plain (SIMD) or auto.
THREADS: 1
SIMD: auto

${INPUTS_TEMPLATE}`;
