import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@oclif/core';
import type { KnownCommand } from '../src/completion/complete-words.ts';
import type { CommandClass } from './run-command.ts';

const folder = path.join(import.meta.dirname, '..', 'src', 'commands');

/** A command of nnm, as oclif describes it, with its class. */
export interface NnmCommandEntry extends KnownCommand {
  readonly load: CommandClass;
  readonly examples: readonly unknown[];
}

/** Every command of the sources. */
export async function loadCommands(): Promise<readonly NnmCommandEntry[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  return Promise.all(files.sort().map(async (name) => entryOf(name, await import(path.join(folder, name)))));
}

function entryOf(name: string, { default: command }: { readonly default: typeof Command & CommandClass }): NnmCommandEntry {
  const words = name.replace(/\.ts$/, '').split(path.sep);
  const id = words.filter((word, index) => word !== 'index' || index === 0).join(':');
  const json = command.enableJsonFlag ? { json: { type: 'boolean' } } : {};
  const named = Object.entries({ ...command.baseFlags, ...command.flags, ...json }).map(([flag, rest]) => [flag, { ...rest, name: flag }]);
  const args = Object.entries(command.args).map(([arg, rest]) => [arg, { ...rest, name: arg }]);
  const { summary, hidden, examples = [] } = command;
  return { id, summary, hidden, examples, flags: Object.fromEntries(named), args: Object.fromEntries(args), load: command };
}
