import {
  type AnyBackend,
  type AnyKernel,
  BaseBlock,
  type BaseConfigSampler,
  type BaseFeatureParser,
  type ConfigRange,
  definePlugin,
  type Plugin,
} from '@nnm/core';
import { describeCause } from '../plugins/errors.ts';
import { RegistrationError } from './errors.ts';
import { type ImportedPart, importPart } from './import-part.ts';
import type { BackendMeta, KernelMeta, PartLocation } from './meta-file.ts';

/** The range of a key that nobody has described. */
const ANY_INTEGER: ConfigRange = { min: 0, max: 65_536, description: 'not described: give the block a static `configSpace`' };

/**
 * Import the parts of a kernel and put them together as a plugin of its own.
 *
 * @param registered - whether it is in the list already, which decides what the error advises
 * @throws {@link RegistrationError} with everything that is wrong
 */
export async function assembleKernel(meta: KernelMeta, registered: boolean): Promise<Plugin> {
  const [block, sampler, parser] = await Promise.all(
    [meta.block, meta.sampler, meta.parser].map((part) => importPart(meta.packageLocation, part)),
  );
  const problems: string[] = [];
  const parts = {
    block: expectBlock(block as ImportedPart, meta.block, problems),
    sampler: expectObject<BaseConfigSampler>(
      sampler as ImportedPart,
      meta.sampler,
      [],
      ['priorConfigSampling', 'finegrainedConfigSampling'],
      problems,
    ),
    features: expectObject<BaseFeatureParser>(
      parser as ImportedPart,
      meta.parser,
      [meta.name],
      ['getFeatureByConfig', 'getConfigByFeature'],
      problems,
    ),
  };
  const { block: blockClass, sampler: configSampler, features } = parts;
  if (blockClass === undefined || configSampler === undefined || features === undefined) {
    const causes = [block, sampler, parser].flatMap((part) => (part !== undefined && 'cause' in part ? [part.cause] : []));
    // All three parts may be missing for one reason.
    const distinct = [...new Set(problems)];
    throw new RegistrationError(
      { kind: 'kernel', name: meta.name, metaFile: meta.metaFile, problems: distinct, registered },
      { cause: causes[0] },
    );
  }
  const kernel: AnyKernel = {
    type: meta.name,
    ...(meta.family !== undefined && { family: meta.family }),
    ...(meta.description !== undefined && { description: meta.description }),
    ...(meta.implement !== undefined && { implement: meta.implement }),
    configSpace: meta.configSpace ?? findConfigSpace(blockClass, configSampler, features),
    block: blockClass as AnyKernel['block'],
    sampler: configSampler,
    features,
  };
  return definePlugin({ name: pluginName(meta.name), apiVersion: 1, kernels: [kernel] });
}

/** Import a backend and make it a plugin of its own; errors as {@link assembleKernel}. */
export async function assembleBackend(meta: BackendMeta, registered: boolean): Promise<Plugin> {
  const problems: string[] = [];
  const part = await importPart(meta.packageLocation, meta.backend);
  const backend = expectObject<AnyBackend>(part, meta.backend, [], ['convert', 'parseSettings'], problems);
  if (backend !== undefined && backend.id !== meta.name) {
    problems.push(`builtin_name: the backend's own id is "${backend.id}", not "${meta.name}"`);
  }
  if (backend === undefined || problems.length > 0) {
    const cause = 'cause' in part ? part.cause : undefined;
    throw new RegistrationError({ kind: 'backend', name: meta.name, metaFile: meta.metaFile, problems, registered }, { cause });
  }
  return definePlugin({ name: pluginName(meta.name), apiVersion: 1, backends: [backend] });
}

/** How the plugin of something registered is called in lists and errors. */
export function pluginName(name: string): string {
  return `registered:${name}`;
}

function expectBlock(
  part: ImportedPart,
  { name, keys }: PartLocation,
  problems: string[],
): (new (...args: never[]) => BaseBlock) | undefined {
  if ('problem' in part) {
    problems.push(part.problem);
    return undefined;
  }
  const { value } = part;
  const isBlock = typeof value === 'function' && typeof (value.prototype as Partial<BaseBlock> | undefined)?.getModel === 'function';
  if (!isBlock)
    problems.push(`${keys[1]}: ${name} is not a block class: it has no method getModel (extend ${BaseBlock.name} of @nnm/core)`);
  return isBlock ? (value as new (...args: never[]) => BaseBlock) : undefined;
}

/** An object with these methods, made from its class when the export is one. */
function expectObject<T>(
  part: ImportedPart,
  { name, keys }: PartLocation,
  constructorArguments: readonly unknown[],
  methods: readonly string[],
  problems: string[],
): T | undefined {
  if ('problem' in part) {
    problems.push(part.problem);
    return undefined;
  }
  let value = part.value;
  try {
    if (typeof value === 'function') value = new (value as new (...args: readonly unknown[]) => unknown)(...constructorArguments);
  } catch (cause) {
    problems.push(
      `${keys[1]}: new ${name}(${constructorArguments.map((argument) => JSON.stringify(argument)).join(', ')}) failed: ${describeCause(cause)}`,
    );
    return undefined;
  }
  const missing = methods.filter((method) => typeof (value as Record<string, unknown> | null | undefined)?.[method] !== 'function');
  if (missing.length === 0) return value as T;
  problems.push(`${keys[1]}: ${name} has no method ${missing.join(' and no method ')}`);
  return undefined;
}

/** The ranges of a configuration: the block's static `configSpace`, the sampler's, or any integer for each key the parser needs. */
function findConfigSpace(block: unknown, sampler: unknown, features: BaseFeatureParser): Readonly<Record<string, ConfigRange>> {
  const candidates = [
    (block as { configSpace?: unknown }).configSpace,
    (sampler as { configSpace?: unknown }).configSpace,
    (sampler as { options?: { space?: unknown } }).options?.space,
  ];
  const described = candidates.find((space) => typeof space === 'object' && space !== null);
  return (described ?? Object.fromEntries(features.neededConfig.map((key) => [key, ANY_INTEGER]))) as Readonly<Record<string, ConfigRange>>;
}
