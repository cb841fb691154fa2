import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../scripts/pack-all.mjs';
import { builtBackends } from './built-backends.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'tests', 'run-one-model.mjs');

/** Settings under which a runtime is loaded in another way than by default. */
const OTHER_WAYS: Readonly<Record<string, readonly object[]>> = { torch_cpu: [{ CALL: 'c_api' }, { CALL: 'javascript' }] };

const backends = await builtBackends(OTHER_WAYS);
const traceable = spawnSync('strace', ['-f', '-o', '/dev/null', process.execPath, '--version']).status === 0;
if (!traceable) console.warn('skipped: connections are not looked for, which needs strace (Debian: apt-get install strace)');

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
