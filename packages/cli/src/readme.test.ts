import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('the command pages of README.md are those of the commands', () => {
  const script = fileURLToPath(new URL('../scripts/write-command-pages.ts', import.meta.url));
  const argv = ['--import', import.meta.resolve('tsx'), '--conditions=@nnm/source', script, '--check'];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
