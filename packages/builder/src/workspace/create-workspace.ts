import type { AnyBackend, Implement, Registry } from '@nnm/core';
import type { FileSystem } from '@nnm/profiler';
import { z } from 'zod';
import { buildSchema, kernelSchema } from './build-config-schema.ts';
import { backendConfigJsonSchema, buildConfigJsonSchema, SCHEMA_FILES, schemaLine, schemaText } from './config-json-schema.ts';
import { DEFAULT_KERNEL_SETTINGS, defaultHoldout, type KernelBuildSettings } from './kernel-settings.ts';
import { initWorkspace, type Workspace } from './workspace.ts';

/** What {@link createWorkspace} needs to know. */
export interface NewWorkspace {
  readonly backend: AnyBackend;
  /** What `DEVICE` says in the configuration. Default: what the backend's template says, which is this machine. */
  readonly device?: string;
  /** Kernel types to list in the configuration. */
  readonly kernels: readonly string[];
  /** Default: the backend's first. */
  readonly implement?: Implement;
  readonly batchSize?: number;
  readonly seed?: number;
  /** Numbers for every listed kernel; default {@link DEFAULT_KERNEL_SETTINGS}. */
  readonly kernelSettings?: Partial<KernelBuildSettings>;
  /** Its kernels are offered by editors as keys of `KERNELS`. */
  readonly registry?: Registry;
  /** Default: this machine's. */
  readonly files?: FileSystem;
}

/**
 * Make a workspace with commented configuration files, and the schemas that editors check them by.
 *
 * @throws {@link WorkspaceExistsError} when the folder holds anything, {@link FileAccessError}
 */
export async function createWorkspace(folder: string, setup: NewWorkspace): Promise<Workspace> {
  const texts = { buildConfig: buildConfigText(setup), backendConfig: backendConfigText(setup), beside: schemaTexts(setup) };
  return initWorkspace(folder, texts, setup.seed ?? 0, setup.files);
}

/** The schemas of both configuration files, by their names. */
export function schemaTexts({ backend, registry }: Pick<NewWorkspace, 'backend' | 'registry'>): Readonly<Record<string, string>> {
  return {
    [SCHEMA_FILES.build]: schemaText(buildConfigJsonSchema(registry?.kernels.map(({ value }) => value))),
    [SCHEMA_FILES.backend]: schemaText(backendConfigJsonSchema(backend, registry)),
  };
}

/** A commented `configs/predictorbuild_config.yaml`. */
export function buildConfigText({ backend, kernels, implement, batchSize = 1, kernelSettings }: NewWorkspace): string {
  const numbers = { ...DEFAULT_KERNEL_SETTINGS, ...kernelSettings };
  const holdout = kernelSettings?.holdoutSampleNum ?? defaultHoldout(numbers.initSampleNum);
  return [
    schemaLine(SCHEMA_FILES.build),
    '# Which kernels to build predictors for, and how. `nnm config` shows every value, and where each comes from.',
    '',
    `# ${describe('DETAIL')}: TRUE or FALSE. Default: FALSE.`,
    'DETAIL: FALSE',
    `# ${describe('IMPLEMENT')}: tensorflow or torch. ${backend.id} runs ${backend.implement.join(' and ')}.`,
    `IMPLEMENT: ${implement ?? backend.implement[0]}`,
    `# ${describe('BATCH_SIZE')}: 1 or more. Default: 1.`,
    `BATCH_SIZE: ${batchSize}`,
    '',
    `# ${describe('KERNELS')}:`,
    ...kernelKeyComments(),
    'KERNELS:',
    ...kernels.flatMap((type) => [
      `  ${type}:`,
      `    INIT_SAMPLE_NUM: ${numbers.initSampleNum}`,
      `    FINEGRAINED_SAMPLE_NUM: ${numbers.finegrainedSampleNum}`,
      `    ITERATION: ${numbers.iteration}`,
      `    ERROR_THRESHOLD: ${numbers.errorThreshold}`,
      `    HOLDOUT_SAMPLE_NUM: ${holdout}`,
    ]),
    '',
  ].join('\n');
}

/** A commented `configs/backend_config.yaml` with the backend's default settings. */
export function backendConfigText({ backend, device }: Pick<NewWorkspace, 'backend' | 'device'>): string {
  const head = `${schemaLine(SCHEMA_FILES.backend)}\n# The backend of this workspace and its settings.\nBACKEND: ${backend.id}\n`;
  const { settingsTemplate: template } = backend;
  if (device === undefined) return `${head}${deviceText(backend)}${template}`;
  const line = `DEVICE: ${device}`;
  const inTemplate = /^#? ?DEVICE *:.*$/m;
  if (inTemplate.test(template)) return `${head}${template.replace(inTemplate, () => line)}`;
  return `${head}\n# Where its runtime runs: here, a kind of device, an address, or a name of \`nnm device list\`.\n${line}\n\n${template}`;
}

/** Where it runs, for a backend that has the choice, or that this machine alone does not do for. */
function deviceText({ browser }: AnyBackend): string {
  if (browser === undefined) return '';
  if (browser.only)
    return '\n# Where it runs: in a browser, and nowhere else. docs/browsers.md has the settings of the browser.\nDEVICE: browser\n\n';
  return '\n# Where it runs: here, or browser. docs/browsers.md has the settings of the browser.\n# DEVICE: browser\n\n';
}

/** What a key means, in the words of the schema. */
function describe(key: keyof typeof buildSchema.shape): string {
  return z.toJSONSchema(buildSchema.shape[key], { io: 'input', unrepresentable: 'any' }).description ?? '';
}

/** A line for every key of a kernel: what it means, its values and its default. */
function kernelKeyComments(): readonly string[] {
  const { properties = {} } = z.toJSONSchema(kernelSchema, { io: 'input', unrepresentable: 'any' });
  const width = Math.max(...Object.keys(properties).map((key) => key.length));
  return Object.entries(properties).map(([key, property]) => {
    const { description = '', enum: values, default: byDefault } = property as { description?: string; enum?: string[]; default?: unknown };
    const said = byDefault === undefined ? '' : `. Default: ${String(byDefault)}`;
    return `#   ${key.padEnd(width)}  ${description}${values === undefined ? '' : ` (${values.join(', ')})`}${said}`;
  });
}
