import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NnmError } from '@nnm/core';
import { isReadable, showThrown } from '../output/show-value.ts';
import type { ForeignStep } from '../program/messages.ts';
import { isNnmError } from './errors.ts';
import { describeOrigin, type PluginOrigin } from './origin.ts';

/** A plugin whose code may have run. */
export interface Suspect {
  readonly plugin: { readonly name: string };
  readonly origin: PluginOrigin;
  /** Where its code lies: folders, with everything below them but `node_modules`. */
  readonly places?: readonly string[];
}

/** Code of a plugin threw something that is no nnm error; the cause is what it threw. */
export class PluginFailedError extends NnmError {
  constructor(suspects: readonly (Suspect | string)[], cause: unknown) {
    const names = suspects.map((suspect) => (typeof suspect === 'string' ? suspect : suspect.plugin.name));
    const [first, ...others] = suspects.map((suspect, index) =>
      typeof suspect === 'string' ? `"${suspect}"` : `"${names[index]}" (${describeOrigin(suspect.origin)})`,
    );
    super(
      {
        code: 'ERR_PLUGIN_FAILED',
        message: `${others.length === 0 ? `The plugin ${first}` : `One of the plugins ${[first, ...others].join(', ')}`} failed: ${showThrown(cause)}`,
        hint: 'Correct the plugin, or take it out of your nnm config. `nnm plugins check` tries all of it; --verbose shows where it failed.',
        details: { plugins: names },
      },
      { cause },
    );
  }
}

/** Code of an nnm config, or of what it imports, threw something that is no nnm error, such as in a timer; the cause is what it threw. */
export class ConfigFailedError extends NnmError {
  constructor(file: string, cause: unknown) {
    super(
      {
        code: 'ERR_CONFIG_FAILED',
        message: `The nnm config ${file} failed: ${showThrown(cause)}`,
        hint: 'Correct it. --verbose shows where it failed.',
        details: { file },
      },
      { cause },
    );
  }
}

/** Whose code may have run, and what is imported at this moment. */
export interface Suspects {
  readonly plugins: readonly Suspect[];
  /** Files of nnm configs that are programs. */
  readonly configs?: readonly string[];
  readonly importing?: ForeignStep | undefined;
}

/**
 * Find out whether code of a plugin or of an nnm config is to blame for an error that nnm did not throw on purpose.
 *
 * It is when a line of the stack, or of its causes' stacks, lies there. What comes out of the blue while code of others is imported comes
 * from there; and what is thrown and is no error, cannot be read or does not say where it comes from can only come from code of others.
 *
 * @returns a {@link PluginFailedError}, a {@link ConfigFailedError}, or the error itself
 */
export function blameForeignCode(error: unknown, { plugins, configs = [], importing }: Suspects): unknown {
  if (isNnmError(error)) return error;
  const stacks = stacksOf(error);
  const foreign = plugins.filter(({ origin }) => origin.kind !== 'builtin');
  const guilty = foreign.find(({ places = [] }) => stacks.some((stack) => places.some((place) => stackTouches(stack, place))));
  if (guilty !== undefined) return new PluginFailedError([guilty], error);
  const config = configs.find((file) => stacks.some((stack) => stackNames(stack, file)));
  if (config !== undefined) return new ConfigFailedError(config, error);
  if (importing !== undefined)
    return importing.what === 'config' ? new ConfigFailedError(importing.name, error) : new PluginFailedError([importing.name], error);
  // What a config imports lies beside it
  const near = configs.find((file) => stacks.some((stack) => stackTouches(stack, dirname(file))));
  if (near !== undefined) return new ConfigFailedError(near, error);
  if (!isForeignMade(error) || foreign.length + configs.length === 0) return error;
  return foreign.length === 0 ? new ConfigFailedError(configs[0] as string, error) : new PluginFailedError([...foreign, ...configs], error);
}

/** True when a stack has a line of a file. */
function stackNames(stack: string, file: string): boolean {
  return stack
    .split('\n')
    .some((line) => /^\s+at /.test(line) && [file, pathToFileURL(file).href].some((name) => line.includes(`${name}:`)));
}

/** True when a stack has a line of a file below a folder. */
export function stackTouches(stack: string, place: string): boolean {
  const names = [place, pathToFileURL(place).href];
  return stack.split('\n').some((line) => {
    if (!/^\s+at /.test(line)) return false;
    const rest = names.flatMap((name) => (line.includes(name) ? [line.slice(line.indexOf(name) + name.length)] : []))[0];
    return rest !== undefined && /^[/\\]/.test(rest) && !rest.includes(`${sep}node_modules${sep}`) && !rest.includes('/node_modules/');
  });
}

/** The stacks of an error and its causes, as far as they can be read. */
function stacksOf(error: unknown): readonly string[] {
  const stacks: string[] = [];
  try {
    for (let next = error; next instanceof Error && stacks.length < 10; next = next.cause) stacks.push(String(next.stack));
  } catch {
    // Getters of the error throw: what could be read has to do.
  }
  return stacks;
}

/** Nothing that nnm throws: no error, also when Node has wrapped it because nobody caught the rejection, or one without a place. */
function isForeignMade(error: unknown): boolean {
  if (!isReadable(error) || !(error instanceof Error)) return true;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Errors of the system come without a place where nobody waited for them.
  return code === 'ERR_UNHANDLED_REJECTION' || (syscall === undefined && !/^\s+at /m.test(String(error.stack)));
}
