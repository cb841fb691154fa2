import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../scripts/local-registry.mjs';
import { npm, packedPackages } from '../scripts/pack-all.mjs';
import { builtinKernelCount, registryAnswers } from './packed.ts';

const MAX_CLI_BYTES = 60e6;
const NPM_VERSIONS = ['10', '11', '12'];
const run = promisify(execFile);
const isOnline = await registryAnswers();
if (!isOnline) console.warn("skipped: installing by name needs npm's registry, which does not answer");

interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Bytes of all files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => (entry.isFile() ? (await stat(join(entry.parentPath, entry.name))).size : 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe.skipIf(!isOnline)("installed by name, by npm as it comes: install scripts run where it runs them (needs npm's registry)", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let registry: Awaited<ReturnType<typeof startRegistry>>;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'nnm-plain-')));
    const packed = (await packedPackages()).filter(({ isPublished }) => isPublished);
    const { stdout } = await npm(['config', 'get', 'registry'], folder);
    registry = await startRegistry({ upstream: stdout.trim(), packed });
    const home = join(folder, 'home');
    await mkdir(home);
    await writeFile(join(home, '.npmrc'), `registry=${registry.url}\n`);
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|VITEST|NODE_(ENV|OPTIONS|PATH)$|NNM_|XDG_|NX_|ONNXRUNTIME|INIT_CWD$)/i.test(name),
    );
    env = { ...Object.fromEntries(inherited), HOME: home, USERPROFILE: home, NNM_HOME: join(folder, 'nnm-home'), NO_COLOR: '1' };
  });
  afterAll(async () => {
    await registry?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const node = (cwd: string, ...args: readonly string[]): Promise<Outcome> =>
    run(process.execPath, [...args], { cwd, env, maxBuffer: 1 << 26 }).then(
      ({ stdout, stderr }) => ({ stdout, stderr, exitCode: 0 }),
      ({ stdout, stderr, code }) => ({ stdout, stderr, exitCode: code }),
    );
  const nnm = (project: string, ...args: readonly string[]) =>
    node(project, join(project, 'node_modules', '@nnm', 'cli', 'bin', 'nnm.js'), ...args);

  async function project(name: string): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    await writeFile(join(path, 'package.json'), '{ "private": true }\n');
    return path;
  }

  /** npm of a major version, whichever npm runs this test. */
  async function npmOf(version: string): Promise<string> {
    const tool = join(folder, `npm-${version}`);
    if (!existsSync(tool)) {
      await mkdir(tool);
      const { stdout } = await npm(['pack', '--json', `npm@${version}`], tool, env);
      await run('tar', ['-xzf', JSON.parse(stdout)[0].filename], { cwd: tool }); // it brings its dependencies
    }
    return join(tool, 'package', 'bin', 'npm-cli.js');
  }

  it.each(NPM_VERSIONS)(
    'npm %s installs the program: below 60 MB, with its kernels, without a runtime and another npm; then TensorFlow Lite, compiling and downloading nothing',
    async (version) => {
      const path = await project(`cli-${version}`);
      const { exitCode, stderr } = await node(path, await npmOf(version), 'install', '@nnm/cli');
      expect(exitCode, stderr).toBe(0);
      expect(await sizeOf(join(path, 'node_modules'))).toBeLessThan(MAX_CLI_BYTES);
      const programs = await readdir(join(path, 'node_modules', '.bin'));
      expect(programs.filter((name) => /^(npm|npx|yarn|yarnpkg|pnpm)(\.|$)/.test(name))).toEqual([]);
      const refused = await nnm(path, 'create', 'ws', '--backend', 'tflite_cpu');
      expect(refused.stderr).toContain('comes with the package @nnm/backend-tflite, which is not installed. [ERR_BACKEND_NOT_INSTALLED]');
      expect(refused.exitCode).toBe(1);
      // Once will do for what npm has no part in.
      if (version === '10') {
        await cp(path, join(folder, 'cli-only'), { recursive: true, verbatimSymlinks: true });
        expect(JSON.parse((await nnm(path, 'kernels', '--json')).stdout)).toHaveLength(builtinKernelCount);
        expect(JSON.parse((await nnm(path, 'backends', '--json')).stdout)).toEqual([]);
        const alone = await nnm(path, 'fleet', 'list', '--queue', 'redis://127.0.0.1:1');
        expect(alone.stderr).toMatch(/\[ERR_FLEET_NOT_INSTALLED\]\nHint: Run `npm i @nnm\/fleet`/);
      }

      const added = await node(path, await npmOf(version), 'install', '@nnm/backend-tflite');
      expect(added.exitCode, added.stderr).toBe(0);
      expect(existsSync(join(path, 'node_modules', 'tfjs-tflite-node'))).toBe(false);
      expect(await sizeOf(join(path, 'node_modules'))).toBeLessThan(MAX_CLI_BYTES);
      const { stdout, ...connected } = await nnm(path, 'connect', '--backend', 'tflite_cpu');
      expect(connected.exitCode, connected.stderr).toBe(0);
      expect(stdout).toContain('TensorFlow Lite 2.9.0');
    },
  );

  it('a workspace brings its backend with --install: to the project, or for the user where there is none', async () => {
    const path = join(folder, 'cli-10');
    const made = await nnm(path, 'create', 'torch', '--backend', 'torch_cpu', '--kernels', 'relu', '--samples', '10', '--install');
    expect(made.exitCode, made.stderr).toBe(0);
    const { dependencies } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    expect(dependencies).toHaveProperty('@nnm/backend-torch');
    expect((await nnm(path, 'connect', '-w', 'torch')).stdout).toMatch(/runtime +ONNX Runtime/);

    // No project here, and the program lies elsewhere: as after `npm install --global`.
    const elsewhere = join(folder, 'no-project');
    await mkdir(elsewhere);
    const program = join(folder, 'cli-only', 'node_modules', '@nnm', 'cli', 'bin', 'nnm.js');
    const installed = await node(elsewhere, program, 'create', 'ws', '--backend', 'tflite_cpu', '--kernels', 'relu', '--install');
    expect(installed.exitCode, installed.stderr).toBe(0);
    expect(await readdir(elsewhere)).toEqual(['ws']);
    expect((await node(elsewhere, program, 'connect', '-w', 'ws')).stdout).toContain('TensorFlow Lite 2.9.0');
    expect((await node(elsewhere, program, 'plugins', 'uninstall', '@nnm/backend-tflite')).exitCode).toBe(0);
    expect((await node(elsewhere, program, 'connect', '-w', 'ws')).stderr).toContain('[ERR_BACKEND_NOT_INSTALLED]');
  });

  it('a package of commands is installed for the user and taken out again', async () => {
    const path = join(folder, 'cli-11');
    const commands = join(folder, 'nnm-hello');
    await mkdir(join(commands, 'commands'), { recursive: true });
    const manifest = { name: 'nnm-hello', version: '1.0.0', type: 'module', oclif: { commands: './commands' } };
    await writeFile(join(commands, 'package.json'), JSON.stringify(manifest));
    await writeFile(
      join(commands, 'commands', 'hello.js'),
      "export default class Hello { static id = 'hello'; static async run() { console.log('hello there'); } }\n",
    );
    expect((await nnm(path, 'plugins', 'install', commands)).exitCode).toBe(0);
    expect((await nnm(path, 'hello')).stdout).toBe('hello there\n');
    expect((await nnm(path, 'plugins', 'uninstall', 'nnm-hello')).exitCode).toBe(0);
    expect((await nnm(path, 'hello')).exitCode).toBe(2);
  });
});
