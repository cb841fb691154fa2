import { expect, it } from 'vitest';
import { npmCall } from './npm-call.ts';

const unix = { execPath: '/opt/node/bin/node', env: {}, platform: 'linux' };
const windows = { execPath: 'C:\\node\\node.exe', env: {}, platform: 'win32' };
const only = (place: string) => (file: string) => file === place;

it('runs npm by the Node that it came with', () => {
  const unixNpm = '/opt/node/bin/../lib/node_modules/npm/bin/npm-cli.js';
  expect(npmCall(['pack'], unix, only(unixNpm))).toEqual({ file: unix.execPath, args: [unixNpm, 'pack'], shell: false });
  const windowsNpm = 'C:\\node/node_modules/npm/bin/npm-cli.js';
  expect(npmCall(['pack'], windows, only(windowsNpm))).toEqual({ file: windows.execPath, args: [windowsNpm, 'pack'], shell: false });
});

it('runs the npm that has started this process', () => {
  const started = { ...unix, env: { npm_execpath: '/home/me/npm/bin/npm-cli.js' } };
  expect(npmCall([], started, () => true).args).toEqual(['/home/me/npm/bin/npm-cli.js']);
  // Another package manager is no npm.
  const byOther = { ...unix, env: { npm_execpath: '/home/me/pnpm.cjs' } };
  expect(npmCall([], byOther, only('/home/me/pnpm.cjs'))).toEqual({ file: 'npm', args: [], shell: false });
});

it('leaves the rest to whatever npm is', () => {
  expect(npmCall(['pack', 'a b'], windows, () => false)).toEqual({ file: 'npm.cmd', args: ['"pack"', '"a b"'], shell: true });
});
