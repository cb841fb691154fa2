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

const schema = z.strictObject({
  THREADS: z.int().min(1).max(1024).default(1),
  GRAPH_OPTIMIZATION: z.enum(['all', 'extended', 'basic', 'disabled']).default('all'),
  CALL: z.enum(['auto', 'c_api', 'javascript']).default('auto'),
  DIMENSIONS: dimensionsSetting,
  INPUTS: inputsSetting,
  LIBRARY: librarySetting,
});

/** Settings of `torch_cpu`, checked and complete; the keys of `backend_config.yaml`. */
export interface TorchSettings {
  /** Threads inside one operator. */
  readonly THREADS: number;
  /** What ONNX Runtime may rewrite before it runs a model. */
  readonly GRAPH_OPTIMIZATION: 'all' | 'extended' | 'basic' | 'disabled';
  /** How the runtime is called. */
  readonly CALL: 'auto' | 'c_api' | 'javascript';
  /** Sizes that a model file leaves open, by the name of the dimension or as `<input>.<axis>`. */
  readonly DIMENSIONS?: Readonly<Record<string, number>> | undefined;
  /** What inputs of a model file hold while it is timed, by their names. */
  readonly INPUTS?: Readonly<Record<string, number | readonly number[]>> | undefined;
  /** Absolute path of another ONNX Runtime library. */
  readonly LIBRARY?: string | null | undefined;
}

/** Text of a new workspace's `configs/backend_config.yaml`. */
export const settingsTemplate = `# ONNX Runtime on this machine's CPU (torch_cpu).

# Threads inside one operator. 1 gives the steadiest latencies.
THREADS: 1

# What ONNX Runtime may rewrite before it runs a model: all, extended, basic or disabled.
# "all" fuses convolution, batch normalisation and activation and picks the memory layout for this CPU.
GRAPH_OPTIMIZATION: all

# How the runtime is called: c_api (well under 1 microsecond a call), javascript (onnxruntime-node, about 15
# microseconds a call), or auto: c_api where it works, else javascript.
CALL: auto

# Sizes that a model file of your own leaves open, by the name of the dimension or as <input>.<axis>. An open batch is 1.
# DIMENSIONS: { height: 320, width: 320 }

# What inputs of a model file of your own hold while it is timed: one number for all elements, or a list that is repeated.
# INPUTS: { sample_rate: 16000, input_ids: [101, 2023, 102] }

# Absolute path of another ONNX Runtime library (libonnxruntime.so, .dylib or onnxruntime.dll, 1.16 or newer). By default the one
# inside the npm package onnxruntime-node is used. The environment variable NNM_ORT_LIBRARY has precedence.
# LIBRARY: /opt/onnxruntime/lib/libonnxruntime.so
`;

const EXPECTED = {
  THREADS: 'an integer from 1 to 1024',
  GRAPH_OPTIMIZATION: 'one of all, extended, basic, disabled',
  CALL: 'one of auto, c_api, javascript',
  DIMENSIONS: DIMENSIONS_EXPECTED,
  INPUTS: INPUTS_EXPECTED,
  LIBRARY: 'the absolute path of a library',
};

/** The settings as a JSON Schema. */
export const settingsSchema = () => settingsJsonSchema(schema, EXPECTED);

/**
 * Check settings as parsed from YAML and fill in defaults.
 *
 * @param raw - `{}`, null or undefined stand for an empty file
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseSettings(backend: string, raw: unknown): TorchSettings {
  return checkSettings(backend, schema, EXPECTED, raw);
}
