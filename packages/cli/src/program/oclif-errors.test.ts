import { Command, Flags } from '@oclif/core';
import { expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { tellErrorsAlike } from './oclif-errors.ts';

class Stranger extends Command {
  static override enableJsonFlag = true;
  static override flags = { size: Flags.integer() };

  async run(): Promise<void> {
    await this.parse(Stranger);
  }
}

test('commands of other packages tell wrong options as those of nnm do', async () => {
  tellErrorsAlike();
  const { json, exitCode } = await runCommand(Stranger, ['--nope', '--json'], process.cwd());
  expect(json()).toEqual({ error: { code: 'ERR_USAGE', message: 'Nonexistent flag: --nope', hint: expect.any(String), details: {} } });
  expect(exitCode).toBe(2);
});
