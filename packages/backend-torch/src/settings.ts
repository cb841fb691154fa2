import path from 'node:path';
import { InvalidSettingsError, suggestNearest } from '@nnm/core';
import { z } from 'zod';

const schema = z.strictObject({
  THREADS: z.int().min(1).max(1024).default(1),
  GRAPH_OPTIMIZATION: z.enum(['all', 'extended', 'basic', 'disabled']).default('all'),
  CALL: z.enum(['auto', 'c_api', 'javascript']).default('auto'),
  LIBRARY: z.string().refine(path.isAbsolute).nullish(),
});

/** Settings of `torch_cpu`, checked and complete; the keys of `backend_config.yaml`. */
export type TorchSettings = z.infer<typeof schema>;

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

# Absolute path of another ONNX Runtime library (libonnxruntime.so, .dylib or onnxruntime.dll, 1.16 or newer). By default the one
# inside the npm package onnxruntime-node is used. The environment variable NNM_ORT_LIBRARY has precedence.
# LIBRARY: /opt/onnxruntime/lib/libonnxruntime.so
`;

/**
 * Check settings as parsed from YAML and fill in defaults.
 *
 * @param raw - `{}`, null or undefined stand for an empty file
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseSettings(backend: string, raw: unknown): TorchSettings {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const [near] = suggestNearest(key, known);
        return {
          key,
          message: near === undefined ? `is not a setting; known: ${known.join(', ')}` : `is not a setting; did you mean ${near}?`,
        };
      });
    }
    const key = issue.path.join('.');
    return [key === '' ? { message: 'must be a map of settings' } : { key, message: describe(key, at(raw, key)) }];
  });
  throw new InvalidSettingsError({ backend, problems });
}

const EXPECTED: Readonly<Record<string, string>> = {
  THREADS: 'an integer from 1 to 1024',
  GRAPH_OPTIMIZATION: 'one of all, extended, basic, disabled',
  CALL: 'one of auto, c_api, javascript',
  LIBRARY: 'the absolute path of a library',
};

function at(raw: unknown, key: string): unknown {
  return (raw as Record<string, unknown>)[key];
}

function describe(key: string, got: unknown): string {
  return `must be ${EXPECTED[key]}, got ${JSON.stringify(got)}`;
}
