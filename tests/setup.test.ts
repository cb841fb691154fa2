import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

// The set-up script beside a project of two tiny packages, one of them for development only, in a folder with a space.
const scripts = fileURLToPath(new URL('../scripts', import.meta.url));
const PACKAGES = {
  'node_modules/ms': {
    version: '2.1.3',
    integrity: 'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==',
  },
  'node_modules/wrappy': {
    version: '1.0.2',
    integrity: 'sha512-l4Sp/DRseor9wL6EvV2+TuQn63dMkPjZ/sp9XkghTEbV9KlPS1xUsZ3u7/IQO4wxtcFB4bgpQPRcR3QCvezPcQ==',
    dev: true,
  },
};
const MANIFEST = {
  name: 'fixture',
  version: '1.0.0',
  dependencies: { ms: '2.1.3' },
  devDependencies: { wrappy: '1.0.2' },
};

let folder: string;
const at = (...parts: readonly string[]) => path.join(folder, ...parts);
const isInstalled = (name: string) => existsSync(at('node_modules', name, 'package.json'));

function setUp(env: NodeJS.ProcessEnv = {}): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [at('scripts', 'setup.mjs')], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

/** A set-up that must succeed, unless the packages can be had neither from npm's cache nor from the registry. */
async function setUpOrSkip({ skip }: TestContext, env?: NodeJS.ProcessEnv): Promise<string> {
  const { code, output } = await setUp(env);
  if (code !== 0 && /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED/.test(output)) skip('the npm registry cannot be reached');
  expect(code, output).toBe(0);
  expect(isInstalled('ms') && isInstalled('wrappy'), output).toBe(true);
  return output;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nnm set-up '));
  const postinstall = `node -e "require('fs').writeFileSync('ran', '')"`;
  const lock = { ...MANIFEST, lockfileVersion: 3, requires: true, packages: { '': { ...MANIFEST, hasInstallScript: true }, ...PACKAGES } };
  await writeFile(at('package.json'), JSON.stringify({ ...MANIFEST, scripts: { postinstall } }));
  await writeFile(at('package-lock.json'), JSON.stringify(lock));
  await mkdir(at('scripts'));
  for (const name of ['setup.mjs', 'folder-lock.mjs']) await cp(path.join(scripts, name), at('scripts', name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('scripts/setup.mjs', () => {
  it('installs everything, whatever the npm that calls it has set, and runs no install script', async (context) => {
    const output = await setUpOrSkip(context, {
      NODE_ENV: 'production',
      npm_config_omit: 'dev',
      npm_config_ignore_scripts: 'false',
      npm_config_global: 'true',
    });
    expect(output).toContain('nothing is installed yet');
    expect(existsSync(at('ran'))).toBe(false);
  });

  it('does nothing when everything is installed', async (context) => {
    await setUpOrSkip(context);
    expect(await setUp()).toEqual({ code: 0, output: '' });
  });

  it.for([
    ['a package of another version', 'ms is not the locked version', () => patchRecord((record) => ({ ...record, version: '2.0.0' }))],
    ['a package that was removed', 'ms is gone', () => rm(at('node_modules', 'ms'), { recursive: true })],
    ['a package npm does not know of', 'ms is missing', () => patchRecord(() => undefined)],
    ['an interrupted install', 'the last install was interrupted', () => rm(at('node_modules', '.package-lock.json'))],
    ['a damaged record', 'the last install was interrupted', () => writeFile(at('node_modules', '.package-lock.json'), '{"pack')],
  ] as const)('repairs %s', async ([, reason, damage], context) => {
    if (!isInstalled('ms')) context.skip('the npm registry cannot be reached');
    await damage();
    expect(await setUpOrSkip(context)).toContain(reason);
  });

  it('waits for another set-up, and takes over the lock of one that died', async (context) => {
    await setUpOrSkip(context);
    await rm(at('node_modules'), { recursive: true });
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ output }) => output.includes('setup: installing'))).toHaveLength(1);

    await rm(at('node_modules', 'ms'), { recursive: true });
    await mkdir(at('.setup-lock'));
    await writeFile(at('.setup-lock', '999999999'), '');
    expect(await setUpOrSkip(context)).toContain('ms is gone');
    expect((await readdir(at())).filter((name) => name.startsWith('.setup-lock'))).toEqual([]);
  });

  it('says what is wrong when it cannot install', async () => {
    await rm(at('node_modules'), { recursive: true, force: true });
    const withoutNpm = await setUp({ PATH: at(), Path: at(), npm_execpath: '' });
    if (process.platform !== 'win32')
      expect(withoutNpm).toMatchObject({ code: 1, output: expect.stringContaining('npm cannot be started') });
    expect(existsSync(at('.setup-lock'))).toBe(false);
    await writeFile(at('package-lock.json'), '<<<<<<< HEAD');
    expect(await setUp()).toEqual({ code: 1, output: expect.stringMatching(/^setup: there is no readable package-lock\.json/) });
  });
});

async function patchRecord(change: (entry: object) => object | undefined): Promise<void> {
  const file = at('node_modules', '.package-lock.json');
  const record = JSON.parse(await readFile(file, 'utf8'));
  record.packages['node_modules/ms'] = change(record.packages['node_modules/ms']);
  await writeFile(file, JSON.stringify(record));
}
