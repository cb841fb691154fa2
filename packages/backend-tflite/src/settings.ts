import { isAbsolute } from 'node:path';
import { InvalidSettingsError } from '@nnm/core';
import { z } from 'zod';

/** Settings of the `tflite_cpu` backend. */
export interface TfliteSettings {
  /** Where models run: `host`, this machine. */
  readonly DEVICE: 'host';
  /** Threads of one inference. */
  readonly THREADS: number;
  /** `xnnpack`: the optimised float kernels that TensorFlow Lite uses by default on phones and PCs; `none`: its own. */
  readonly DELEGATE: 'xnnpack' | 'none';
  /** Absolute path of another TensorFlow Lite C library; absent for the one that comes with this package. */
  readonly LIBRARY?: string;
}

const MAX_THREADS = 256;

const schema = z.strictObject({
  DEVICE: z.literal('host', { error: (issue) => `must be "host". Got ${show(issue.input)}` }).default('host'),
  THREADS: z
    .int({ error: (issue) => `must be an integer from 1 to ${MAX_THREADS}. Got ${show(issue.input)}` })
    .min(1, { error: (issue) => `must be an integer from 1 to ${MAX_THREADS}. Got ${show(issue.input)}` })
    .max(MAX_THREADS, { error: (issue) => `must be an integer from 1 to ${MAX_THREADS}. Got ${show(issue.input)}` })
    .default(1),
  DELEGATE: z.enum(['xnnpack', 'none'], { error: (issue) => `must be "xnnpack" or "none". Got ${show(issue.input)}` }).default('xnnpack'),
  LIBRARY: z
    .string({ error: (issue) => `must be the absolute path of a library. Got ${show(issue.input)}` })
    .refine((path) => isAbsolute(path), { error: (issue) => `must be an absolute path. Got ${show(issue.input)}` })
    .nullish(),
});

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/**
 * Check the settings and fill in defaults.
 *
 * @param raw - parsed YAML; null or undefined when the file is empty
 * @throws {@link InvalidSettingsError} listing every wrong key
 */
export function parseTfliteSettings(raw: unknown, backend: string): TfliteSettings {
  const result = schema.safeParse(raw ?? {});
  if (result.success) {
    const { LIBRARY, ...rest } = result.data;
    return { ...rest, ...(typeof LIBRARY === 'string' && { LIBRARY }) };
  }
  const known = Object.keys(schema.shape).join(', ');
  const problems = result.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ key, message: `is not a setting; known: ${known}` }));
    if (issue.path.length === 0) return [{ message: `they must be a map of settings, got ${Array.isArray(raw) ? 'a list' : show(raw)}` }];
    return [{ key: issue.path.join('.'), message: issue.message }];
  });
  throw new InvalidSettingsError({ backend, problems });
}

/** Text of a new workspace's `configs/backend_config.yaml`. */
export const TFLITE_SETTINGS_TEMPLATE = `# Where models run. "host" is this machine.
DEVICE: host

# Threads of one inference, 1 to ${MAX_THREADS}.
THREADS: 1

# xnnpack: the optimised float kernels that TensorFlow Lite uses by default; none: TensorFlow Lite's own kernels.
DELEGATE: xnnpack

# Absolute path of another TensorFlow Lite C library (libtensorflowlite_c.so, .dylib, .dll). Without it the 2.9 library that
# comes with @nnm/backend-tflite is used. The environment variable NNM_TFLITE_LIBRARY, when set, comes first.
# LIBRARY: /opt/tflite/libtensorflowlite_c.so
`;
