import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { npm, packedPackages } from '../scripts/pack-all.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Kernels that come with nnm. */
export const builtinKernelCount = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap(
  ({ kernels = [] }) => kernels,
).length;

/** What a program wrote and how it ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** An empty folder outside the repository with every package of this repository beside it, packed as it would be published. */
export interface StrangersPlace {
  readonly folder: string;
  /** Tarballs by package name. */
  readonly tarballs: Readonly<Record<string, string>>;
  /** Files of each tarball by package name. */
  readonly contents: Readonly<Record<string, readonly string[]>>;
  readonly env: NodeJS.ProcessEnv;
  /** Make a project of this package.json. */
  project(name: string): Promise<string>;
  npm(folder: string, ...args: readonly string[]): Promise<Outcome>;
  /** The installed `nnm` of a project. */
  nnm(project: string, ...args: readonly string[]): Promise<Outcome>;
  node(folder: string, ...args: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

/** True when npm's registry answers; the tests install packages from it. */
export async function registryAnswers(): Promise<boolean> {
  return npm(['ping', '--fetch-retries=0', '--fetch-timeout=60000'], root, cleanEnvironment()).then(
    () => true,
    () => false,
  );
}

/** Build, pack, and make the place. */
export async function makeStrangersPlace(): Promise<StrangersPlace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'nnm-stranger-')));
  const packed = await packedPackages();
  const env = { ...cleanEnvironment(), NNM_HOME: join(folder, 'nnm-home'), XDG_DATA_HOME: join(folder, 'data'), NO_COLOR: '1' };
  const outcome = (program: Promise<{ stdout: string; stderr: string }>): Promise<Outcome> =>
    program.then(
      ({ stdout, stderr }) => ({ stdout, stderr, exitCode: 0 }),
      (error: { stdout?: string; stderr?: string; code?: unknown; message: string }) => ({
        stdout: error.stdout ?? '',
        stderr: error.stderr || error.message,
        exitCode: typeof error.code === 'number' ? error.code : 1,
      }),
    );
  const node = (cwd: string, ...args: readonly string[]): Promise<Outcome> =>
    outcome(run(process.execPath, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }));
  return {
    folder,
    env,
    tarballs: Object.fromEntries(packed.map(({ name, file }) => [name, file])),
    contents: Object.fromEntries(packed.map(({ name, files }) => [name, files])),
    async project(name) {
      const path = await mkdtemp(join(folder, `${name}-`));
      await writeFile(join(path, 'package.json'), `${JSON.stringify({ name: basename(path).toLowerCase(), private: true })}\n`);
      return path;
    },
    npm: (cwd, ...args) => outcome(npm([...args], cwd, env)),
    nnm: (cwd, ...args) => node(cwd, join(cwd, 'node_modules', '@nnm', 'cli', 'bin', 'nnm.js'), ...args),
    node,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Read a JSON file. */
export async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

/** The environment without what this test run and the npm around it have put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(npm_(?!execpath)|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|TEST$|NX_|DEBUG$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    npm_config_ignore_scripts: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
  };
}
