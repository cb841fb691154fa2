import { existsSync } from 'node:fs';
import { link, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { editFile, makeSimulatedProject, makeSimulatedWorkspace } from '../../test/simulated-workspace.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Connect from './connect.ts';
import Create from './create.ts';
import Doctor from './doctor.ts';
import Export from './export.ts';
import Predict from './predict.ts';
import Profile from './profile.ts';

describe('from nothing to a prediction', () => {
  let project: TempProject;
  beforeAll(async () => {
    project = await makeSimulatedWorkspace();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('nnm connect says what the runtime is', async () => {
    const { stdout, exitCode } = await runCommand(Connect, ['-w', 'ws'], project.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^runtime +simulation 1$/m);
    expect(stdout).toMatch(/^threads +1$/m);
    expect(stdout).toContain('Connected:');
  });

  test('nnm predict before nnm build says what to do', async () => {
    const { stderr, exitCode } = await runCommand(Predict, ['toy', '-c', 'HW=28,CIN=64', '-w', 'ws'], project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('[ERR_NO_PREDICTOR]\nHint: Build one with `nnm build toy`.');
  });

  test('nnm profile measures, nnm build takes over what was measured and ends with the accuracy table', async () => {
    const profiled = await runCommand(Profile, ['-w', 'ws', '--json'], project.folder);
    expect(profiled.json()).toMatchObject({ kernels: [{ kernel: 'toy', asked: 60, measured: 60, failed: 0 }] });

    const built = await runCommand(Build, ['-w', 'ws'], project.folder);
    expect(built.exitCode).toBe(0);
    expect(built.stderr).toContain('toy: 60 of 60 kernels are in the journal already; carrying on');
    expect(built.stdout).toMatch(/^KERNEL +GRADED ON +ROWS +RMSE +RMSPE +±5 % +±10 % +±15 % +WORST TENTH$/m);
    expect(built.stdout).toMatch(/^toy +validation split +\d+ /m);
    expect(built.stdout).toMatch(/^ +hold-out +20 /m);
    expect(built.stdout).toContain('none failed');
    expect(built.stdout).toMatch(/^Predictor of toy: .*predictors.toy\.json$/m);
    expect(built.stdout + built.stderr).not.toContain('\u001b');

    const again = await runCommand(Build, ['-w', 'ws', '--json'], project.folder);
    expect(again.stderr).toBe('');
    expect(again.json()).toMatchObject({
      predictors: [{ family: 'toy', kernels: ['toy'], file: project.path('ws', 'predictor_build', 'results', 'predictors', 'toy.json') }],
      kernels: [{ kernel: 'toy', failed: {}, holdout: { rows: 20 } }],
      failures: [],
    });
    expect(existsSync(project.path('ws', 'predictor_build', 'lock.json'))).toBe(false);
  });

  test('nnm predict shows ranges, marks guesses, and measures beside with --measure', async () => {
    const argv = ['toy', '-w', 'ws', '-c', 'HW=28,CIN=64', '-c', 'HW=1,CIN=512', '--measure'];
    const { stdout, stderr, json } = await runCommand(Predict, argv, project.folder);
    expect(stdout).toMatch(/^HW +CIN +PREDICTED +80 % RANGE +95 % RANGE +MEASURED +OFF BY$/m);
    expect(stdout).toMatch(/^28 +64 +[\d.]+ ms +[\d.]+ to [\d.]+ ms +[\d.]+ to [\d.]+ ms +[\d.]+ ms +[+-][\d.]+ %$/m);
    expect(stdout).toMatch(/^ 1 +512 .* \?$/m);
    expect(stdout).toContain('? row 2 lies outside what was measured: ');
    expect(stderr).not.toContain('Warning');
    expect(json).toThrow();

    const result = (await runCommand(Predict, [...argv, '--json'], project.folder)).json() as {
      environmentDifferences: string[];
      predictions: { latencyMs: number; interval95: { lowMs: number }; outsideSampled: string[]; measured: { relativeError: number } }[];
    };
    expect(result.environmentDifferences).toEqual([]);
    expect(Math.abs(result.predictions[0]!.measured.relativeError)).toBeLessThan(0.2);
    expect(result.predictions[0]!.interval95.lowMs).toBeLessThan(result.predictions[0]!.latencyMs);
    expect(result.predictions.map(({ outsideSampled }) => outsideSampled.length > 0)).toEqual([false, true]);
  });

  test('nnm predict says "measure this" of ranges that are wider than asked, and of guesses', async () => {
    const argv = ['toy', '-w', 'ws', '--no-check', '-c', 'HW=28,CIN=64', '-c', 'HW=1,CIN=512', '--max-interval'];
    const { stdout } = await runCommand(Predict, [...argv, '500%'], project.folder);
    expect(stdout).toMatch(/^28 +64 .* sure enough$/m);
    expect(stdout).toMatch(/^ 1 +512 .* measure this +\?$/m);
    const strict = (await runCommand(Predict, [...argv, '0.0001%', '--json'], project.folder)).json();
    expect(strict).toMatchObject({ predictions: [{ measureThis: true }, { measureThis: true }] });
    expect(await runCommand(Predict, [...argv, 'wide'], project.folder)).toMatchObject({ exitCode: 2 });
  });

  test('nnm predict reads JSON, CSV and the config files of a workspace', async () => {
    await writeFile(project.path('list.json'), '[{ "HW": 28, "CIN": 64 }, { "HW": 14, "CIN": 32 }]');
    await writeFile(project.path('one.json'), '{ "HW": 28, "CIN": 64 }');
    await writeFile(project.path('table.csv'), 'name,CIN,HW\na,64,28\nb,32,14\n');
    const count = async (file: string) => {
      const { json } = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '--json', '-f', file], project.folder);
      return (json() as { predictions: { config: unknown }[] }).predictions.map(({ config }) => config);
    };
    expect(await count('list.json')).toEqual([
      { HW: 28, CIN: 64 },
      { HW: 14, CIN: 32 },
    ]);
    expect(await count('one.json')).toEqual([{ HW: 28, CIN: 64 }]);
    expect(await count('table.csv')).toEqual([
      { HW: 28, CIN: 64 },
      { HW: 14, CIN: 32 },
    ]);
    expect(await count('ws/predictor_build/results/toy_prior.json')).toHaveLength(40);
  });

  test.each([
    ['nothing', [], 2, /There is no configuration to predict/],
    ['a part without number', ['-c', 'HW=28,CIN'], 2, /not KEY=number: "CIN"/],
    ['a key twice', ['-c', 'HW=28,HW=3'], 2, /names HW twice/],
    ['wrong keys and values', ['-c', 'HW=99,CIM=3'], 1, /HW must be an integer from 1 to 56, got 99; CIN is missing; CIM is no key/],
    ['a missing file', ['-f', 'no.json'], 1, /Cannot read .*no\.json: it does not exist/],
    ['a file that is no JSON', ['-f', 'ws/configs/backend_config.yaml'], 1, /backend_config\.yaml: it is neither JSON nor a table/],
  ])('nnm predict refuses %s', async (_, argv, exitCode, message) => {
    const outcome = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', ...argv], project.folder);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.exitCode).toBe(exitCode);
  });

  test('nnm predict names every bad row of a file', async () => {
    await writeFile(project.path('bad.csv'), 'HW,CIN\n28,64\nx,64\n14,y\n');
    const { stderr } = await runCommand(Predict, ['toy', '-w', 'ws', '-f', 'bad.csv'], project.folder);
    expect(stderr).toMatch(/bad\.csv:3: HW must be a number[\s\S]*bad\.csv:4: CIN must be a number/);
  });

  test('nnm predict --output predicts a file of any length into CSV or JSON Lines, and says which rows it could not', async () => {
    const good = Array.from({ length: 20_000 }, (_, i) => `${1 + (i % 56)},${1 + (i % 500)}`);
    await writeFile(project.path('many.csv'), `HW,CIN\n${[...good, 'x,64', '14,'].join('\n')}\n`);
    const argv = ['toy', '-w', 'ws', '--no-check', '-f', 'many.csv', '-o'];
    const { stdout, stderr, exitCode } = await runCommand(Predict, [...argv, 'out/many.csv'], project.folder);
    expect(stdout).toMatch(/^20000 predictions in out.many\.csv/m);
    expect(stderr).toMatch(
      /2 configurations could not be predicted[\s\S]*many\.csv:20002: HW must be a number[\s\S]*many\.csv:20003: CIN is missing/,
    );
    expect(exitCode).toBe(1);
    const lines = (await readFile(project.path('out', 'many.csv'), 'utf8')).trim().split('\n');
    expect(lines[0]).toBe('HW,CIN,latency_ms,low80_ms,high80_ms,low95_ms,high95_ms,outside,error');
    expect(lines).toHaveLength(20_003);
    expect(lines[28]).toMatch(/^28,28(,[\d.]+){5},,$/);
    expect(lines.at(-1)).toMatch(/^14,,,,,,,,.*line 20003 CIN is missing/);

    // The same configurations, the same numbers: in lanes or one by one, from CSV or from JSON Lines.
    await writeFile(project.path('two.jsonl'), '{ "HW": 28, "CIN": 28 }\n\nnonsense\n');
    const other = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '-f', 'two.jsonl', '-o', 'two-out.jsonl'], project.folder);
    expect(other.exitCode).toBe(1);
    const [first, second] = (await readFile(project.path('two-out.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { latencyMs: number; error?: string });
    expect(Number(first!.latencyMs.toPrecision(6))).toBe(Number(lines[28]!.split(',')[2]));
    expect(second!.error).toMatch(/^line 3 is not a configuration/);
  });

  test('nnm predict --output keeps what the file of the user holds besides configurations', async () => {
    const predict = async (from: string, content: string, to: string): Promise<string[]> => {
      await writeFile(project.path(from), content);
      const { stderr } = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '-f', from, '-o', to], project.folder);
      expect(stderr).not.toContain('Error');
      return (await readFile(project.path(to), 'utf8')).trim().split('\n');
    };
    const csv = await predict('own.csv', 'name;hw;CIN;error\n"a; b";28;64;x\nc;28;;y\n', 'own-out.csv');
    expect(csv[0]).toBe('name,hw,CIN,input_error,latency_ms,low80_ms,high80_ms,low95_ms,high95_ms,outside,error');
    expect(csv[1]).toMatch(/^a; b,28,64,x(,[\d.]+){5},,$/);
    expect(csv[2]).toBe('c,28,,y,,,,,,,line 3 CIN is missing');
    const [line] = await predict('own.csv', 'name,HW,CIN\na,28,64\n', 'own-out.jsonl');
    expect(JSON.parse(line ?? '')).toMatchObject({ name: 'a', config: { HW: 28, CIN: 64 }, latencyMs: expect.any(Number) });
    const fields = await predict('own.jsonl', '{ "config": { "HW": 28, "CIN": 64 }, "layer": 3 }\n', 'fields.csv');
    expect(fields[0]).toMatch(/^HW,CIN,layer,latency_ms/);
    expect(fields[1]).toMatch(/^28,64,3,/);
  });

  test.each(['same.csv', './same.csv', 'link.csv', 'hard.csv'])('nnm predict refuses to replace the file it reads: %s', async (output) => {
    const content = 'HW,CIN,mine\n28,64,dear\n';
    await writeFile(project.path('same.csv'), content);
    await rm(project.path('link.csv'), { force: true });
    await rm(project.path('hard.csv'), { force: true });
    if (process.platform !== 'win32') await symlink(project.path('same.csv'), project.path('link.csv'));
    else await link(project.path('same.csv'), project.path('link.csv'));
    await link(project.path('same.csv'), project.path('hard.csv'));
    const outcome = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '-f', 'same.csv', '-o', output], project.folder);
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining('--output is the same file as --file')]);
    expect(await readFile(project.path('same.csv'), 'utf8')).toBe(content);
  });

  test('nnm predict --output leaves nothing behind when it fails', async () => {
    await writeFile(project.path('broken.csv'), 'HW,HW\n28,64\n');
    const argv = ['toy', '-w', 'ws', '--no-check', '-f', 'broken.csv', '-o', 'never.csv'];
    const { stderr, exitCode } = await runCommand(Predict, argv, project.folder);
    expect(stderr).toMatch(/broken\.csv:1: more than one column is HW: HW \(column 1\), HW \(column 2\)/);
    expect(exitCode).toBe(1);
    expect(existsSync(project.path('never.csv'))).toBe(false);
    expect(existsSync(project.path('never.csv.partial'))).toBe(false);
  });

  test('nnm export writes CSV', async () => {
    const { stdout, exitCode } = await runCommand(Export, ['-w', 'ws', '-o', 'toy.csv'], project.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^toy: \d+ rows \(tensorflow, batch size 1\) in toy\.csv$/m);
    const [head, ...lines] = (await readFile(project.path('toy.csv'), 'utf8')).trim().split('\n');
    expect(head).toMatch(/^id,HW,CIN,.*,latency_ms,spread_ms,implement,batch_size,kernel,mark,repeatability_ms,flags$/);
    expect(lines.length).toBeGreaterThanOrEqual(60);
  });

  test('a second build in the same workspace is refused with the pid of the first', async () => {
    const lock = project.path('ws', 'predictor_build', 'lock.json');
    const { hostname } = await import('node:os');
    await writeFile(lock, JSON.stringify({ pid: process.ppid, host: hostname() }));
    const { stderr, exitCode } = await runCommand(Build, ['-w', 'ws'], project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Process ${process.ppid} `);
    expect(stderr).toContain('[ERR_WORKSPACE_BUSY]');
    await writeFile(lock, '');
  });

  test('--fresh forgets the journal', async () => {
    const { stderr, exitCode } = await runCommand(Profile, ['-w', 'ws', '--fresh', '--samples', '12'], project.folder);
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('carrying on');
    const latencies = JSON.parse(await readFile(project.path('ws', 'predictor_build', 'results', 'profiled_toy.json'), 'utf8'));
    expect(Object.keys(latencies.toy)).toHaveLength(32);
  });
});

describe('bad input', () => {
  test('a folder that is no workspace', async () => {
    await using project = await makeSimulatedProject();
    for (const argv of [[], ['-w', 'elsewhere']]) {
      const { stderr, exitCode } = await runCommand(Build, argv, project.folder);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/is not an nnm workspace[\s\S]*Hint: Make one with `nnm create/);
    }
  });

  test('the nearest workspace upwards is used', async () => {
    await using project = await makeSimulatedWorkspace();
    const { stdout } = await runCommand(Connect, [], project.path('ws', 'predictor_build'));
    expect(stdout).toContain(`settings   ${path.join('..', 'configs', 'backend_config.yaml')}`);
  });

  test.each([
    ['malformed YAML', 'predictorbuild_config.yaml', (text: string) => `${text}\n  bad: [1, 2`, /predictorbuild_config\.yaml:\d+/],
    [
      'a wrong type',
      'predictorbuild_config.yaml',
      (text: string) => text.replace(/INIT_SAMPLE_NUM: \d+/, 'INIT_SAMPLE_NUM: many'),
      /:\d+ KERNELS\.toy\.INIT_SAMPLE_NUM: must be an integer/,
    ],
    [
      'a negative number',
      'predictorbuild_config.yaml',
      (text: string) => text.replace(/ITERATION: \d+/, 'ITERATION: -3'),
      /:\d+ KERNELS\.toy\.ITERATION: must be an integer >= 1/,
    ],
    [
      'an unknown kernel',
      'predictorbuild_config.yaml',
      (text: string) => text.replace('toy:', 'toi:'),
      /there is no kernel "toi"; did you mean "toy"\?/,
    ],
    [
      'an unknown backend',
      'backend_config.yaml',
      (text: string) => text.replace('BACKEND: simulated', 'BACKEND: simulate'),
      /there is no backend "simulate"; did you mean "simulated"\?/,
    ],
    [
      'a bad backend setting',
      'backend_config.yaml',
      (text: string) => text.replace('DELAY: 0', 'DELAY: soon'),
      /backend_config\.yaml:\d+ DELAY: must be a number >= 0, got "soon"/,
    ],
  ])('%s in a workspace names file, line and key', async (_, file, change, message) => {
    await using project = await makeSimulatedWorkspace();
    await editFile(project.path('ws', 'configs', file), change);
    const { stderr, exitCode } = await runCommand(Build, ['-w', 'ws'], project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('[ERR_INVALID_FILE]');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test.each([
    [['ws', '--backend', 'simulatet'], 1, /Did you mean "simulated"\?/],
    [['ws', '--backend', 'simulated', '--kernels', 'toi'], 1, /Did you mean "toy"\?/],
    [['ws', '--backend', 'simulated', '--implement', 'torch'], 2, /does not run torch models/],
    [['ws', '--backend', 'simulated', '--samples', '3'], 2, /--samples/],
    [['ws'], 2, /backend/],
    [['.', '--backend', 'simulated'], 1, /already holds files/],
  ])('nnm create %j is refused and makes nothing', async (argv, exitCode, message) => {
    await using project = await makeSimulatedProject();
    const outcome = await runCommand(Create, argv, project.folder);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.exitCode).toBe(exitCode);
    expect(existsSync(project.path('ws'))).toBe(false);
  });

  test.each(['soon', '20', '-5m', '0s', '5 m x'])('a budget of "%s"', async (budget) => {
    await using project = await makeSimulatedWorkspace();
    const { stderr, exitCode } = await runCommand(Build, ['-w', 'ws', `--budget=${budget}`], project.folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--budget must be a duration. Got "${budget}".`);
  });
});

describe('nnm doctor', () => {
  test('says what works', async () => {
    await using project = await makeSimulatedProject();
    const { json, exitCode } = await runCommand(Doctor, ['--seconds', '1', '--json'], project.folder);
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      healthy: true,
      checks: expect.arrayContaining([
        expect.objectContaining({ what: 'simulated', status: 'ok' }),
        expect.objectContaining({ what: 'Noise (simulated)' }),
      ]),
    });
  });

  test('names every broken plugin and exits with 1', async () => {
    await using project = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./a.mjs', 'nowhere'] },
      'a.mjs': 'throw new Error("a is broken");',
    });
    const { stdout, exitCode } = await runCommand(Doctor, [], project.folder);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed +Plugin \.\/a\.mjs .*a is broken/m);
    expect(stdout).toMatch(/^failed +Plugin nowhere .*cannot be found/m);
  });
});
