import {
  checkSettings,
  DIMENSIONS_EXPECTED,
  dimensionsSetting,
  INPUTS_EXPECTED,
  inputsSetting,
  librarySetting,
  settingsJsonSchema,
} from '@nnm/native-kit';
import { z } from 'zod';

/** Settings of the `tflite_cpu` backend. */
export interface TfliteSettings {
  /** Where models run: `host`, this machine. */
  readonly DEVICE: 'host';
  /** Threads of one inference. */
  readonly THREADS: number;
  /** `xnnpack`: the optimised float kernels that TensorFlow Lite uses by default on phones and PCs; `none`: its own. */
  readonly DELEGATE: 'xnnpack' | 'none';
  /** Sizes of inputs, as `<input>.<axis>`: of what a model file leaves open, or in place of what it says. */
  readonly DIMENSIONS?: Readonly<Record<string, number>>;
  /** What inputs of a model file hold while it is timed, by their names. */
  readonly INPUTS?: Readonly<Record<string, number | readonly number[]>>;
  /** Absolute path of another TensorFlow Lite C library; absent for the one that comes with this package. */
  readonly LIBRARY?: string;
}

const MAX_THREADS = 256;

const schema = z.strictObject({
  DEVICE: z.literal('host').default('host'),
  THREADS: z.int().min(1).max(MAX_THREADS).default(1),
  DELEGATE: z.enum(['xnnpack', 'none']).default('xnnpack'),
  DIMENSIONS: dimensionsSetting,
  INPUTS: inputsSetting,
  LIBRARY: librarySetting,
});

const EXPECTED = {
  DEVICE: '"host"',
  THREADS: `an integer from 1 to ${MAX_THREADS}`,
  DELEGATE: '"xnnpack" or "none"',
  DIMENSIONS: DIMENSIONS_EXPECTED,
  INPUTS: INPUTS_EXPECTED,
  LIBRARY: 'the absolute path of a library',
};

/** The settings as a JSON Schema. */
export const tfliteSettingsSchema = () => settingsJsonSchema(schema, EXPECTED);

/**
 * Check the settings and fill in defaults.
 *
 * @param raw - parsed YAML; null or undefined when the file is empty
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseTfliteSettings(raw: unknown, backend: string): TfliteSettings {
  const { LIBRARY, DIMENSIONS, INPUTS, ...rest } = checkSettings(backend, schema, EXPECTED, raw);
  return { ...rest, ...(DIMENSIONS && { DIMENSIONS }), ...(INPUTS && { INPUTS }), ...(LIBRARY && { LIBRARY }) };
}

/** Text of a new workspace's `configs/backend_config.yaml`. */
export const TFLITE_SETTINGS_TEMPLATE = `# Where models run. "host" is this machine; adb is an Android phone, ssh://pi@board a board.
DEVICE: host

# Threads of one inference, 1 to ${MAX_THREADS}.
THREADS: 1

# xnnpack: the optimised float kernels that TensorFlow Lite uses by default; none: TensorFlow Lite's own kernels.
DELEGATE: xnnpack

# Sizes for the inputs of a model file of your own, as <input>.<axis>.
# DIMENSIONS: { image.1: 320, image.2: 320 }

# What inputs of a model file of your own hold while it is timed: one number for all elements, or a list that is repeated.
# INPUTS: { sample_rate: 16000, input_ids: [101, 2023, 102] }

# Absolute path of another TensorFlow Lite C library (libtensorflowlite_c.so, .dylib, .dll). Without it the 2.9 library that
# comes with @nnm/backend-tflite is used. The environment variable NNM_TFLITE_LIBRARY, when set, comes first.
# LIBRARY: /opt/tflite/libtensorflowlite_c.so
`;
