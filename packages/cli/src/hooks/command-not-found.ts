import { suggestNearest } from '@nnm/core';
import type { Hook } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { renderError, reportError } from '../output/describe-error.ts';
import { paintFor } from '../output/paint.ts';

const EXIT_CODE = 2;

/** Run by oclif for a command that does not exist: names the nearest ones, to people and programs alike, and asks nothing. */
const commandNotFound: Hook.CommandNotFound = async function commandNotFound({ id, argv = [], config }) {
  const wanted = id.replaceAll(':', ' ');
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => command.id.replaceAll(':', ' '));
  // What follows an unknown command may be its arguments: then only the first word was to be a command.
  const near = [wanted, wanted.split(' ')[0]!].map((words) => suggestNearest(words, known)).find(({ length }) => length > 0) ?? [];
  const command = known.find((name) => wanted.startsWith(`${name} `) && !known.some((other) => other.startsWith(`${name} `)));
  const error = new UsageError({
    message:
      command === undefined
        ? `There is no command "nnm ${wanted}".`
        : `\`nnm ${command}\` takes no such argument: "${wanted.slice(command.length + 1)}".`,
    hint: near.length > 0 ? `Did you mean ${near.map((name) => `\`nnm ${name}\``).join(' or ')}?` : 'Run `nnm help` to see the commands.',
  });
  if ([...argv, wanted].includes('--json')) {
    const { exitCode: _, ...report } = reportError(error);
    process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  } else process.stderr.write(`${renderError(error, false, paintFor(process.stderr))}\n`);
  this.exit(EXIT_CODE);
};

export default commandNotFound;
