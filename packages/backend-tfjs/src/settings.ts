import type { Json } from '@nnm/core';
import { checkSettings, DIMENSIONS_EXPECTED, dimensionsSetting, INPUTS_EXPECTED, inputsSetting, settingsJsonSchema } from '@nnm/native-kit';
import { z } from 'zod';

/** What the settings of all TensorFlow.js backends have. */
export interface TfjsSettings {
  /** Sizes of inputs, as `<input>.<axis>`: of what a model file leaves open, or in place of what it says. */
  readonly DIMENSIONS?: Readonly<Record<string, number>>;
  /** What inputs of a model file hold while it is timed, by their names. */
  readonly INPUTS?: Readonly<Record<string, number | readonly number[]>>;
}

/** Settings of `tfjs_node`. */
export interface TfjsNodeSettings extends TfjsSettings {
  /** Threads of one inference. */
  readonly THREADS: number;
}

/** Settings of `tfjs_wasm`. */
export interface TfjsWasmSettings extends TfjsSettings {
  /** Threads of one inference; more than one in a browser only. */
  readonly THREADS: number;
  /** Whether WebAssembly's vector instructions are used. */
  readonly SIMD: boolean;
}

/** Settings of `tfjs_webgl` and `tfjs_webgpu`. */
export interface TfjsGpuSettings extends TfjsSettings {
  /** `auto`: the GPU's own timestamps where it has them, else `wall`; `wall`: from the call until the result is there. */
  readonly CLOCK: 'auto' | 'wall';
}

/** Settings of one backend: how they are checked, and their text for a new workspace. */
export interface SettingsOf<S extends TfjsSettings> {
  parse(raw: unknown, backend: string): S;
  /** As a JSON Schema. */
  schema(): Readonly<Record<string, Json>>;
  readonly template: string;
}

const MAX_THREADS = 256;

const threads = z.int().min(1).max(MAX_THREADS).default(1);
const THREADS_EXPECTED = `an integer from 1 to ${MAX_THREADS}`;

const EXPECTED = { DIMENSIONS: DIMENSIONS_EXPECTED, INPUTS: INPUTS_EXPECTED };

const COMMON = { DIMENSIONS: dimensionsSetting, INPUTS: inputsSetting };

/** Settings without the keys that were not given. */
const given = <T extends object>(settings: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as ReturnType<typeof given<T>>;

const FILES = `
# Sizes for the inputs of a model file of your own, as <input>.<axis>.
# DIMENSIONS: { image.1: 320, image.2: 320 }

# What inputs of a model file of your own hold while it is timed: one number for all elements, or a list that is repeated.
# INPUTS: { mask: 1, input_ids: [101, 2023, 102] }
`;

/** Of a backend that has nothing to set but what model files of one's own need. */
export function plainSettings(): SettingsOf<TfjsSettings> {
  const schema = z.strictObject(COMMON);
  return {
    parse: (raw, backend) => given(checkSettings(backend, schema, EXPECTED, raw)),
    schema: () => settingsJsonSchema(schema, EXPECTED),
    template: FILES,
  };
}

/** Of `tfjs_node`. */
export function nodeSettings(): SettingsOf<TfjsNodeSettings> {
  const schema = z.strictObject({ ...COMMON, THREADS: threads });
  const expected = { THREADS: THREADS_EXPECTED, ...EXPECTED };
  return {
    parse: (raw, backend) => given(checkSettings(backend, schema, expected, raw)),
    schema: () => settingsJsonSchema(schema, expected),
    template: `# Threads of one inference, 1 to ${MAX_THREADS}.
THREADS: 1
${FILES}`,
  };
}

/** Of `tfjs_wasm`. */
export function wasmSettings(): SettingsOf<TfjsWasmSettings> {
  const schema = z.strictObject({ ...COMMON, THREADS: threads, SIMD: z.boolean().default(true) });
  const expected = { THREADS: THREADS_EXPECTED, SIMD: 'TRUE or FALSE', ...EXPECTED };
  return {
    parse: (raw, backend) => given(checkSettings(backend, schema, expected, raw)),
    schema: () => settingsJsonSchema(schema, expected),
    template: `# Threads of one inference, 1 to ${MAX_THREADS}. In Node, TensorFlow.js has one.
THREADS: 1

# Whether WebAssembly's vector instructions are used; FALSE is a browser without them.
SIMD: TRUE
${FILES}`,
  };
}

/** Of `tfjs_webgl` and `tfjs_webgpu`. */
export function gpuSettings(): SettingsOf<TfjsGpuSettings> {
  const schema = z.strictObject({ ...COMMON, CLOCK: z.enum(['auto', 'wall']).default('auto') });
  const expected = { CLOCK: '"auto" or "wall"', ...EXPECTED };
  return {
    parse: (raw, backend) => given(checkSettings(backend, schema, expected, raw)),
    schema: () => settingsJsonSchema(schema, expected),
    template: `# What a latency is. auto: time on the GPU by its own timestamps where it has them, else wall; wall: from the call until the result is there.
CLOCK: auto
${FILES}`,
  };
}
