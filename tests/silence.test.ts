import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { AnyBackend, Plugin } from '@nnm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../scripts/pack-all.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'tests', 'run-one-model.mjs');

/** Settings under which a runtime is loaded in another way than by default. */
const OTHER_WAYS: Readonly<Record<string, readonly object[]>> = { torch_cpu: [{ CALL: 'c_api' }, { CALL: 'javascript' }] };

/** Packages that a backend does not bring along, and that not every machine can install. */
const OPTIONAL: Readonly<Record<string, string>> = { tfjs_node: '@tensorflow/tfjs-node' };

/** Backends that need a GPU, which not every machine has. */
const ON_GPU: readonly string[] = ['ort_webgpu'];

const backends = await findBackends();
const traceable = spawnSync('strace', ['-f', '-o', '/dev/null', process.execPath, '--version']).status === 0;
if (!traceable) console.warn('skipped: connections are not looked for, which needs strace (Debian: apt-get install strace)');

/** True for a backend that runs on this machine without a browser. */
function runsHere(backend: AnyBackend, file: string): boolean {
  if (backend.browser?.only) return false;
  const reason = ON_GPU.includes(backend.id) ? 'it needs a GPU' : backend.whyNot?.()?.message;
  if (reason !== undefined) {
    console.warn(`skipped: ${backend.id}: ${reason}`);
    return false;
  }
  const needed = OPTIONAL[backend.id];
  if (needed === undefined) return true;
  try {
    createRequire(pathToFileURL(file)).resolve(needed);
    return true;
  } catch {
    console.warn(`skipped: ${backend.id}, whose package ${needed} is not installed`);
    return false;
  }
}

/** Every backend of this repository that runs here, those of the examples included. */
async function findBackends(): Promise<readonly { id: string; file: string; settings: object }[]> {
  const folders = await Promise.all(
    ['packages', 'examples'].map(async (folder) => (await readdir(join(root, folder))).map((name) => join(root, folder, name))),
  );
  const files = await Promise.all(
    folders.flat().map(async (folder) => {
      const manifest = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () => ({}));
      return manifest.keywords?.includes('nnm-plugin') ? [join(folder, 'src', 'index.ts')] : [];
    }),
  );
  const found = await Promise.all(
    files.flat().map(async (file) => {
      const { default: plugin } = (await import(file)) as { default: Plugin };
      const here = (plugin.backends ?? []).filter((backend) => runsHere(backend, file));
      const built = join(dirname(dirname(file)), 'dist', 'index.js');
      return here.flatMap(({ id }) => (OTHER_WAYS[id] ?? [{}]).map((settings) => ({ id, file: built, settings })));
    }),
  );
  return found.flat();
}

/** A user's folders, all of them new. */
class NewHome {
  constructor(readonly folder: string) {}

  async environment(): Promise<NodeJS.ProcessEnv> {
    const names = ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'APPDATA', 'LOCALAPPDATA'];
    const places = Object.fromEntries([...names, 'TMPDIR'].map((name) => [name, join(this.folder, name)]));
    for (const place of Object.values(places)) await mkdir(place, { recursive: true });
    // The switch that is tested must not come from outside.
    const inherited = Object.entries(process.env).filter(([name]) => !/TELEMETRY|^VITEST|^NNM_/i.test(name));
    const { HOME: USERPROFILE, TMPDIR: TEMP } = places;
    return { ...Object.fromEntries(inherited), ...places, USERPROFILE, TEMP, TMP: TEMP };
  }

  /** Files that were written since. */
  async written(): Promise<readonly string[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return paths.map((path) => path.slice(this.folder.length + 1));
  }
}

/** Calls of the system in a trace that reach for another machine: connections, datagrams, and the resolver's configuration. */
function reachingOut(trace: string): readonly string[] {
  return trace
    .split('\n')
    .filter((line) => /AF_INET6?,? .*(sin6?_addr|sin_port)|"\/etc\/resolv\.conf"|nscd\/socket|resolve\/io\.systemd/.test(line));
}

describe('what only measures', () => {
  let home: NewHome;
  beforeAll(async () => {
    await buildPackages(); // as they are installed: from sources each would be compiled anew
    home = new NewHome(await mkdtemp(join(tmpdir(), 'nnm-silence-')));
  });
  afterAll(() => rm(home.folder, { recursive: true, force: true }));

  it('finds every backend', () => {
    expect(backends.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['tflite_cpu', 'torch_cpu', 'tfjs_wasm', 'tfjs_cpu', 'tfjs_eager']),
    );
  });

  it.each(backends.map((backend) => [`${backend.id} ${JSON.stringify(backend.settings)}`, backend] as const))(
    `%s writes nothing for itself${traceable ? ' and reaches for no other machine' : ' (connections not looked for: no strace)'}`,
    async (_, { id, file, settings }) => {
      const place = new NewHome(await mkdtemp(join(home.folder, `${id}-`)));
      const node = [process.execPath, program, file, id, JSON.stringify(settings)];
      const trace = `${place.folder}.trace`;
      const tracer = traceable ? ['strace', '-f', '-o', trace, '-e', 'trace=%network,open,openat'] : [];
      const [command, ...args] = [...tracer, ...node] as [string, ...string[]];
      const { stdout } = await run(command, args, { cwd: root, env: await place.environment(), maxBuffer: 1 << 26 });
      expect(JSON.parse(stdout)).toEqual({ ran: id, values: 512 });
      expect(await place.written()).toEqual([]);
      if (traceable) expect(reachingOut(await readFile(trace, 'utf8'))).toEqual([]);
    },
  );

  it.skipIf(!traceable)('a look-up and a connection are seen (needs strace; `npm run test:debian` installs it)', async () => {
    const trace = join(home.folder, 'self.trace');
    const code = "require('node:dns').lookup('nnm.invalid', () => require('node:net').connect(9, '127.0.0.1').on('error', () => {}))";
    await run('strace', ['-f', '-o', trace, '-e', 'trace=%network,open,openat', process.execPath, '-e', code]);
    const seen = reachingOut(await readFile(trace, 'utf8')).join('\n');
    expect(seen).toContain('resolv.conf');
    expect(seen).toMatch(/connect\(.*sin_port=htons\(9\)/);
  });
});
