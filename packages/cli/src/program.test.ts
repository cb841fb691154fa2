import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { editFile, makeSimulatedProject, makeSimulatedWorkspace } from '../test/simulated-workspace.ts';
import { program, runFromSources, start } from '../test/start-program.ts';
import { makeTempProject } from '../test/temp-project.ts';

const run = (...args: Parameters<typeof start>) => start(...args).ended;

/** Resolves when a journal in the folder has its first line; a program that ends before fails the test with what it said. */
async function isMeasuring(results: string, { child, ended }: ReturnType<typeof start>): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the program ended before it measured:\n${(await ended).stderr}`);
    const journals = (await readdir(results).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
    const sizes = await Promise.all(journals.map(async (name) => (await stat(path.join(results, name))).size));
    if (sizes.some((size) => size > 0)) return;
    await sleep(20);
  }
}

describe.concurrent('the program', () => {
  test('colours what goes to a pipe only when they are forced', async () => {
    await using project = await makeSimulatedProject();
    const { stdout } = await run(['kernels'], project.folder, { FORCE_COLOR: '1' });
    expect(stdout).toContain('\u001b[1m');
  });

  test('says the same from its sources, which `bin/dev.js` runs without a build', async () => {
    await using project = await makeSimulatedProject();
    const [{ stdout }, fromSources] = await Promise.all([run(['kernels'], project.folder), runFromSources(['kernels'], project.folder)]);
    expect(fromSources).toBe(stdout);
  });

  test('fails with one error, a hint and exit code 1, without stack or escape codes', async () => {
    await using project = await makeTempProject({ 'nnm.config.ts': 'throw new Error("no config today");' });
    const { stdout, stderr, exitCode } = await run(['backends'], project.folder);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error: .*nnm\.config\.ts has a problem:\n.*no config today.*\[ERR_INVALID_FILE\]\nHint: .*\n$/);
  });

  test('a plugin that ends the process is named, and the exit code says that something went wrong', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { plugins: ['./quitter.mjs'] },
      'quitter.mjs': 'process.exit(0);',
    });
    const { stdout, stderr, exitCode } = await run(['kernels'], project.folder);
    expect(stderr).toMatch(
      /^Error: The plugin "\.\/quitter\.mjs" .* failed while it was imported: .*ended the program \[ERR_PLUGIN_IMPORT\]\nHint: /,
    );
    expect([stdout, exitCode]).toEqual(['', 1]);
  });

  test('`plugins add` and `plugins remove` are those of the project, `install` and `uninstall` those of the user', async () => {
    await using project = await makeTempProject({});
    const { stdout } = await run(['plugins', '--help'], project.folder);
    for (const id of ['add', 'remove', 'list', 'new', 'check', 'install', 'uninstall']) {
      expect(stdout).toMatch(new RegExp(`^ +plugins ${id} `, 'm'));
    }
    expect(stdout).toMatch(/^ +plugins add +Add a plugin .* to this project\.$/m);
    expect(stdout).toMatch(/^ +plugins install +Install a package for this user/m);
    expect(stdout).toMatch(/^ +plugins remove +Remove a plugin .* from this project\.$/m);
  });

  test.for([
    [['biuld', 'relu', '-w', 'x'], 'biuld relu', 'Did you mean `nnm build`?'],
    [['kernls', '--verbose'], 'kernls', 'Did you mean `nnm kernels`?'],
    [['frobnicate'], 'frobnicate', 'Run `nnm help` to see the commands.'],
    [['backends', 'x'], '`nnm backends` takes no such argument: "x".', 'Did you mean `nnm backends`?'],
  ] as const)('an unknown command is refused, and the nearest are named: %j', async ([argv, wrong, hint], { expect }) => {
    await using project = await makeTempProject({});
    const message = wrong.endsWith('.') ? wrong : `There is no command "nnm ${wrong}".`;
    expect(await run(argv, project.folder)).toEqual({
      stdout: '',
      stderr: `Error: ${message} [ERR_USAGE]\nHint: ${hint}\n`,
      exitCode: 2,
    });
    const { stdout, stderr, exitCode } = await run([...argv, '--json'], project.folder);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'ERR_USAGE', message, hint, details: {} } });
    expect([stderr, exitCode]).toEqual(['', 2]);
  });

  const DISHONEST = {
    'prints while it is imported': ["console.log('noise'); process.stdout.write('more noise');", 0, undefined],
    'prints straight to the descriptor': ["(await import('node:fs')).writeSync(1, 'noise');", 0, undefined],
    'sets the exit code': ['process.exitCode = 7;', 0, undefined],
    'never lets the program end': ['setInterval(() => undefined, 1000);', 0, undefined],
    exits: ['process.exit(0);', 1, 'ERR_PLUGIN_IMPORT'],
    'exits soon after its import began': [
      'setTimeout(() => process.exit(0), 1); await new Promise((done) => setTimeout(done, 500));',
      1,
      'ERR_PLUGIN_IMPORT',
    ],
    aborts: ['process.abort();', 1, 'ERR_PLUGIN_IMPORT'],
    'rejects what nobody waits for': ["Promise.reject(new Error('nobody waits'));", 1, 'ERR_PLUGIN_FAILED'],
    'throws what is no error, from a timer': [
      'setTimeout(() => { throw undefined; }, 1); await new Promise((done) => setTimeout(done, 500));',
      1,
      'ERR_PLUGIN_FAILED',
    ],
    'keeps the processor busy': ['for (;;);', 1, 'ERR_PLUGIN_IMPORT'],
  } as const;

  test.for(Object.entries(DISHONEST))(
    '--json is one document and the exit code is true, though a plugin %s',
    async ([name, [code, exit, error]], { expect }) => {
      await using project = await makeTempProject({
        'nnm.config.json': { plugins: ['./plugin.mjs'] },
        'plugin.mjs': `${code}\nexport default { name: 'dishonest', apiVersion: 1 };`,
      });
      const { stdout, exitCode } = await run(['backends', '--json'], project.folder, {
        NNM_LOAD_LIMIT: name.includes('busy') ? '0.1' : '',
      });
      const document = JSON.parse(stdout);
      expect(exitCode).toBe(exit);
      if (error === undefined) expect(document).toContainEqual(expect.objectContaining({ id: 'tflite_cpu' }));
      else expect(document).toMatchObject({ error: { code: error, message: expect.stringContaining('./plugin.mjs') } });
    },
  );

  const BAD_CONFIGS = {
    'has a getter that throws': ['export default { get plugins() { throw new Error("getter"); } };', 'ERR_INVALID_FILE', /Error: getter/],
    'is a Proxy that throws': [
      'export default new Proxy({}, { get() { throw new Error("trap"); }, ownKeys() { throw new Error("trap"); }, getPrototypeOf() { throw new Error("trap"); } });',
      'ERR_INVALID_FILE',
      /Error: trap/,
    ],
    'has a list that throws': [
      'export default { plugins: new Proxy([], { get() { throw new Error("list"); } }) };',
      'ERR_INVALID_FILE',
      /Error: list/,
    ],
    'throws what is no error': ['export default { get builtins() { throw null; } };', 'ERR_INVALID_FILE', /null/],
    'fails in a timer': ['setTimeout(() => { throw new Error("later"); }, 5); export default {};', 'ERR_CONFIG_FAILED', /Error: later/],
    'rejects what nobody waits for': ['Promise.reject(new Error("alone")); export default {};', 'ERR_CONFIG_FAILED', /Error: alone/],
    'throws what is no error, in a timer': [
      'setTimeout(() => { throw undefined; }, 5); export default {};',
      'ERR_CONFIG_FAILED',
      /undefined/,
    ],
    'imports what fails in a timer': ['import "./beside.mjs"; export default {};', 'ERR_CONFIG_FAILED', /Error: beside/],
  } as const;

  test.for(Object.entries(BAD_CONFIGS))('a config that %s is named', async ([, [source, code, words]], { expect }) => {
    await using project = await makeTempProject({
      'nnm.config.mjs': source,
      'beside.mjs': 'setTimeout(() => { throw new Error("beside"); }, 5);',
    });
    const { stdout, exitCode } = await run(['kernels', '--json'], project.folder);
    const { error } = JSON.parse(stdout);
    expect([exitCode, error.code]).toEqual([1, code]);
    expect(error.message).toContain('nnm.config.mjs');
    expect(error.message).toMatch(words);
  });

  test('a config that exits is named', async () => {
    await using project = await makeTempProject({ 'nnm.config.mjs': 'process.exit(0);' });
    const { stdout, exitCode } = await run(['kernels', '--json'], project.folder);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_PLUGIN_IMPORT', message: expect.stringContaining('nnm.config.mjs') } });
    expect(exitCode).toBe(1);
  });

  test('a plugin that ends the process later is among those named', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./plugin.mjs'] },
      'plugin.mjs': `export default { name: 'late', apiVersion: 1, get kernels() { return globalThis.asked++ > 4 ? process.exit(0) : []; } };
        globalThis.asked = 0;`,
    });
    const { stdout, exitCode } = await run(['plugins', 'list', '--json'], project.folder);
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining('./plugin.mjs') } });
    expect(exitCode).toBe(1);
  });

  test('Ctrl-C ends a program whose plugin keeps the processor busy', async ({ skip }) => {
    if (process.platform === 'win32') skip('Windows cannot send SIGINT to a child');
    await using project = await makeTempProject({
      'nnm.config.json': { plugins: ['./plugin.mjs'] },
      'plugin.mjs': "process.stderr.write('busy now'); for (;;);",
    });
    const { child, ended, says } = start(['backends', '--json'], project.folder);
    await says('busy now');
    child.kill('SIGINT');
    const { stdout, exitCode } = await ended;
    expect([exitCode, JSON.parse(stdout)]).toEqual([130, { error: expect.objectContaining({ code: 'ERR_ABORTED' }) }]);
  });

  test('a document that cannot be written is a failure', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no /dev/full here');
    await using project = await makeTempProject({});
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [program, 'backends', '--json'], {
      cwd: project.folder,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    await full.close();
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^Error: .*ENOSPC.* \[ERR_SYSTEM\]\nHint: .*\n$/)]);
  });

  test.for([
    ['stdout', ['kernels']],
    ['stdout', ['kernels', '--json']],
    ['stderr', ['kernels', 'no-such-kernel']],
    ['both', ['kernels']],
    ['both', ['kernels', 'no-such-kernel', '--verbose']],
    ['both', ['frobnicate']],
  ] as const)('a reader of %s that goes away ends it without a word: %j', async ([closed, argv], { expect }) => {
    await using bare = await makeTempProject({});
    await using watched = await makeSimulatedProject();
    for (const { folder } of [bare, watched]) {
      const { child, ended } = start(argv, folder);
      if (closed !== 'stderr') child.stdout.destroy();
      if (closed !== 'stdout') child.stderr.destroy();
      const { stdout, stderr, exitCode } = await ended;
      const failure = argv[0] === 'frobnicate' ? 2 : argv.length > 1 && argv[1] !== '--json' ? 1 : undefined;
      expect([stdout, stderr, exitCode]).toEqual(['', '', failure ?? 141]);
    }
  });

  test('a build that nobody reads any more is finished, and leaves no lock', async () => {
    await using project = await makeSimulatedWorkspace();
    const { child, ended } = start(['build', '-w', 'ws'], project.folder);
    child.stdout.destroy();
    child.stderr.once('data', () => child.stderr.destroy());
    expect((await ended).exitCode).toBe(141);
    const again = await run(['predict', 'toy', '-w', 'ws', '-c', 'HW=28,CIN=64', '--json'], project.folder);
    expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ kernel: 'toy' })]);
    const locks = await readdir(project.path('ws', 'predictor_build', 'locks'));
    expect(locks.filter((name) => !name.endsWith('.released'))).toEqual([]);
  });

  test('says why its output cannot be written', async ({ skip }) => {
    if (!existsSync('/dev/full')) skip('there is no /dev/full here');
    await using project = await makeSimulatedProject();
    const full = await open('/dev/full', 'w');
    const child = spawn(process.execPath, [program, 'kernels'], {
      cwd: project.folder,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    await full.close();
    expect(stderr).toMatch(/^Error: The operating system refused something: ENOSPC: .* \[ERR_SYSTEM\]\nHint: .*\n$/);
    expect(exitCode).toBe(1);
  });

  test('stops at Ctrl-C with 130, keeps what was measured, and carries on', async ({ skip }) => {
    if (process.platform === 'win32') skip('Windows cannot send SIGINT to a child');
    await using project = await makeSimulatedWorkspace();
    const settings = project.path('ws', 'configs', 'backend_config.yaml');
    await editFile(settings, (text) => text.replace('DELAY: 0', 'DELAY: 5'));
    const first = start(['profile', '-w', 'ws', '--samples', '10'], project.folder);
    await first.says('prior: 10 configurations chosen');
    await isMeasuring(project.path('ws', 'predictor_build', 'results'), first);
    first.child.kill('SIGINT');
    const stopped = await first.ended;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain('Stopping; what has been measured is kept.');
    expect(stopped.stderr).toContain('[ERR_ABORTED]\nHint: Run the same command again to carry on.');

    await editFile(settings, (text) => text.replace('DELAY: 5', 'DELAY: 0'));
    const second = await run(['profile', '-w', 'ws', '--samples', '10', '--json'], project.folder);
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ kernels: [{ measured: 30 }] });
  });
});
