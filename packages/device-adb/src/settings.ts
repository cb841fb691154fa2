import { isAbsolute } from 'node:path';
import { InvalidSettingsError, type Problem } from '@nnm/core';
import { z } from 'zod';

/** Which phone measures, and with which program. */
export interface AdbSettings {
  /** As `adb devices` lists it; undefined for the only one. */
  readonly serial: string | undefined;
  /** Folder on the phone in which nnm makes one of its own for models. */
  readonly modelFolder: string;
  /** TensorFlow Lite's `benchmark_model`: a path on the phone, or a file of this machine, which is pushed. */
  readonly tool: { readonly onPhone: string } | { readonly here: string };
  /** CPUs that it may use, as hexadecimal digits: `f0` are the CPUs 4 to 7. Undefined where Android chooses. */
  readonly taskset: string | undefined;
  /** The program `adb`; undefined to look for it. */
  readonly adb: string | undefined;
  /** How long to wait for a phone that was there to come back, milliseconds. */
  readonly waitMs: number;
}

const DEFAULTS = { REMOTE_MODEL_DIR: '/data/local/tmp', BENCHMARK_MODEL_PATH: '/data/local/tmp/benchmark_model', WAIT_S: 60 };

/** What nn-Meter writes for a key that says nothing. */
const nothing = z.union([z.null(), z.literal('')]).transform(() => undefined);
const maybe = <T extends z.ZodType>(schema: T) => z.union([nothing, schema]).optional();
const onPhone = z.string().regex(/^\/[^\0\n\r]*[^\0\n\r/]$/, 'must be an absolute path on the phone, such as /data/local/tmp');
const here = z.string().refine(isAbsolute, 'must be the absolute path of a file on this machine');

const schema = z.strictObject({
  DEVICE_SERIAL: maybe(
    z.union([z.string().regex(/^\S+$/, 'must be a serial as `adb devices` lists it'), z.int().min(0).transform(String)]),
  ),
  REMOTE_MODEL_DIR: maybe(onPhone),
  BENCHMARK_MODEL_PATH: maybe(onPhone),
  BENCHMARK_MODEL_FILE: maybe(here),
  KERNEL_PATH: maybe(z.never('is where tflite_gpu of nn-Meter writes its kernels; on a CPU there are none: leave it empty')),
  TASKSET: maybe(
    z.string('must be text in quotes, such as "70": YAML reads 0x70 as another number').regex(/^(0x)?0*[1-9a-f][0-9a-f]{0,15}$/i, {
      error: 'must be a mask of CPUs in hexadecimal digits: f0 are the CPUs 4 to 7',
    }),
  ),
  ADB_PATH: maybe(here),
  WAIT_S: z.number().min(1).max(86_400).default(DEFAULTS.WAIT_S),
});

/** The keys of `configs/backend_config.yaml` that belong to a phone: those of nn-Meter, and nnm's own. */
export const ADB_KEYS: readonly string[] = Object.keys(schema.shape);

/**
 * @param address - what stands behind `adb://`: a serial
 * @throws {@link InvalidSettingsError} with every problem
 */
export function parseAdbSettings(raw: Readonly<Record<string, unknown>>, address?: string): AdbSettings {
  const parsed = schema.safeParse(raw);
  const problems: readonly Problem[] = parsed.success
    ? [...addressProblems(parsed.data, address), ...toolProblems(parsed.data)]
    : parsed.error.issues.map((issue) => ({ key: issue.path.join('.'), message: reasonOf(issue) }));
  if (!parsed.success || problems.length > 0) throw new InvalidSettingsError({ backend: 'the device adb', problems });
  const { DEVICE_SERIAL, REMOTE_MODEL_DIR, BENCHMARK_MODEL_PATH, BENCHMARK_MODEL_FILE, TASKSET, ADB_PATH, WAIT_S } = parsed.data;
  return {
    serial: address ?? DEVICE_SERIAL,
    modelFolder: REMOTE_MODEL_DIR ?? DEFAULTS.REMOTE_MODEL_DIR,
    tool:
      BENCHMARK_MODEL_FILE === undefined
        ? { onPhone: BENCHMARK_MODEL_PATH ?? DEFAULTS.BENCHMARK_MODEL_PATH }
        : { here: BENCHMARK_MODEL_FILE },
    taskset: TASKSET?.toLowerCase().replace(/^(0x)?0*/, ''),
    adb: ADB_PATH,
    waitMs: 1000 * WAIT_S,
  };
}

function addressProblems({ DEVICE_SERIAL }: z.infer<typeof schema>, address: string | undefined): readonly Problem[] {
  if (address === undefined) return [];
  if (!/^\S+$/.test(address)) return [{ key: 'DEVICE', message: 'must be adb://<serial>, with a serial as `adb devices` lists it' }];
  if (DEVICE_SERIAL === undefined || DEVICE_SERIAL === address) return [];
  return [{ key: 'DEVICE_SERIAL', message: `is not the serial in DEVICE, which is ${address}: leave one of them out` }];
}

function toolProblems({ BENCHMARK_MODEL_PATH, BENCHMARK_MODEL_FILE }: z.infer<typeof schema>): readonly Problem[] {
  if (BENCHMARK_MODEL_PATH === undefined || BENCHMARK_MODEL_FILE === undefined) return [];
  return [
    { key: 'BENCHMARK_MODEL_FILE', message: 'is pushed to the phone, where BENCHMARK_MODEL_PATH names another one: leave one of them out' },
  ];
}

/** Of what may be nothing or something, the reason why it is not something. */
function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  const reasons = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_union' ? inner.errors.flat() : [inner]));
  return reasons.map(({ message }) => message).find((message) => /^(must|is) /.test(message)) ?? 'is not valid';
}

/** The CPUs of a mask: `f0` are 4, 5, 6 and 7. */
export function cpusOf(mask: string): readonly number[] {
  const bits = BigInt(`0x${mask}`);
  return Array.from({ length: mask.length * 4 }, (_, cpu) => cpu).filter((cpu) => (bits >> BigInt(cpu)) & 1n);
}
