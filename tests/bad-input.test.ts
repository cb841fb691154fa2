import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Backends from '../packages/cli/src/commands/backends.ts';
import Build from '../packages/cli/src/commands/build.ts';
import Connect from '../packages/cli/src/commands/connect.ts';
import Create from '../packages/cli/src/commands/create.ts';
import Export from '../packages/cli/src/commands/export.ts';
import Kernels from '../packages/cli/src/commands/kernels.ts';
import Predict from '../packages/cli/src/commands/predict.ts';
import Profile from '../packages/cli/src/commands/profile.ts';
import { importModule } from '../packages/cli/src/plugins/import-module.ts';
import { type Outcome, runCommand } from '../packages/cli/test/run-command.ts';
import { editFile, makeSimulatedProject, makeSimulatedWorkspace } from '../packages/cli/test/simulated-workspace.ts';
import { makeTempProject, type TempProject } from '../packages/cli/test/temp-project.ts';

// What a user does wrong, through the commands: one clear message, an exit code, and nothing measured is lost.

/** One message with a hint and without a stack. */
function expectKind({ stderr, exitCode }: Outcome, code: string, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr.match(/\[ERR_\w+\]/g), stderr).toEqual([`[${code}]`]);
  expect(stderr).toContain('\nHint: ');
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(stderr).not.toContain('\u001b');
  expect(exitCode).toBe(code === 'ERR_USAGE' ? 2 : 1);
}

let measured: TempProject;
const at = (...parts: readonly string[]) => measured.path('ws', ...parts);
const results = (...parts: readonly string[]) => at('predictor_build', 'results', ...parts);

/** Run with files of the workspace changed, and put them back. */
async function withChanged<T>(file: string, change: (text: string) => string, work: () => Promise<T>): Promise<T> {
  const before = await readFile(file, 'utf8');
  await writeFile(file, change(before));
  try {
    return await work();
  } finally {
    await writeFile(file, before);
  }
}

beforeAll(async () => {
  measured = await makeSimulatedWorkspace();
  await editFile(at('configs', 'predictorbuild_config.yaml'), (text) => text.replace(/ITERATION: \d+/, 'ITERATION: 1'));
  const { exitCode, stderr } = await runCommand(Build, ['-w', 'ws'], measured.folder);
  expect(exitCode, stderr).toBe(0);
});
afterAll(() => measured[Symbol.asyncDispose]());

describe('the configuration of a workspace', () => {
  const buildConfig = () => at('configs', 'predictorbuild_config.yaml');
  const withTraining = (training: string) => (text: string) => text.replace('  toy:\n', `  toy:\n    TRAINING: ${training}\n`);

  it.each([
    ['an unknown regressor', '{ REGRESSOR: random-forrest }', /:\d+ KERNELS\.toy\.TRAINING\.REGRESSOR: .*Did you mean "random-forest"/],
    ['an unknown preset', '{ PRESET: papr }', /:\d+ KERNELS\.toy\.TRAINING\.PRESET: .*default, paper/],
    ['a bad option', '{ OPTIONS: { maxDepth: -4 } }', /:\d+ KERNELS\.toy\.TRAINING\.OPTIONS: .*maxDepth/],
    ['an unknown key', '{ REGRESOR: random-forest }', /TRAINING\.REGRESOR: there is no key "REGRESOR"; did you mean "REGRESSOR"\?/],
    ['a text where a section belongs', 'paper', /KERNELS\.toy\.TRAINING: must be a list of keys/],
  ])('with %s is refused before anything is measured', async (_, training, message) => {
    const journal = await readFile(results('toy.jsonl'));
    const outcome = await withChanged(buildConfig(), withTraining(training), () => runCommand(Build, ['-w', 'ws'], measured.folder));
    expectKind(outcome, 'ERR_INVALID_FILE', message);
    expect(await readFile(results('toy.jsonl'))).toEqual(journal);
  });

  it.each([
    ['empty', '', /IMPLEMENT: must be tensorflow or torch[\s\S]*KERNELS: must have the kernels as keys/],
    ['a list', '- toy\n', /must be a list of keys/],
  ])('that is %s is refused', async (_, content, message) => {
    const outcome = await withChanged(
      buildConfig(),
      () => content,
      () => runCommand(Build, ['-w', 'ws'], measured.folder),
    );
    expectKind(outcome, 'ERR_INVALID_FILE', message);
  });
});

it('limits that no configuration meets: said once, and no file is named after nothing', async () => {
  await using project = await makeSimulatedWorkspace();
  const config = project.path('ws', 'configs', 'predictorbuild_config.yaml');
  await editFile(config, (text) => text.replace('  toy:\n', '  toy:\n    MAX_FLOPS: 1\n'));
  const { stdout, stderr, exitCode } = await runCommand(Build, ['-w', 'ws'], project.folder);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/Not built: toy: A predictor for toy needs at least 5 measured configurations; there are 0\./);
  expect(stderr).toContain('toy has no configuration within its ranges and the cost limits');
  expect(stderr).not.toMatch(/^: /m);
  expect(await readdir(project.path('ws', 'predictor_build'))).toEqual(['locks', 'manifest.json', 'written.jsonl']);
});

describe('configurations to predict', () => {
  it.each([
    [
      'rows out of range',
      'bad.csv',
      'HW,CIN\n28,64\n28,NaN\n28,-3\n99,9.5\n',
      [/csv:3: CIN must be a number, got "NaN"/, /csv:4: CIN .*got -3/, /csv:5: HW .*got 99/, /csv:5: CIN .*got 9\.5/],
    ],
    ['a missing column', 'column.csv', 'HW\n28\n29\n', [/csv has a problem:\n.*csv:1: the column CIN is missing/]],
    ['a short row', 'short.csv', 'HW,CIN\n28,64\n28\n', [/short\.csv:3: it has 1 cell/]],
    ['no row', 'head.csv', 'HW,CIN\n', [/holds no configuration/]],
    ['nothing', 'empty.csv', '', [/holds no configuration/]],
    ['nothing, as JSON', 'empty.json', '', [/it is not JSON/]],
    ['an empty list', 'list.json', '[]', [/holds no configuration/]],
    ['a misspelt key', 'key.json', '[{ "HW": 28, "CIM": 3 }]', [/\[0\]: CIN is missing/]],
    ['texts', 'text.json', '{ "HW": "28", "CIN": null }', [/HW must be a number, got "28"/, /CIN must be a number, got null/]],
  ])('with %s are refused by file and row', async (_, name, content, messages) => {
    await writeFile(measured.path(name), content);
    const outcome = await runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '-f', name], measured.folder);
    for (const message of messages) expectKind(outcome, 'ERR_INVALID_FILE', message);
  });
});

describe('a journal', () => {
  const build = () => runCommand(Profile, ['-w', 'ws'], measured.folder);
  const lines = (change: (lines: string[]) => readonly string[]) => (text: string) => change(text.split('\n')).join('\n');

  it('with a torn last line is carried on, measuring only what is missing', async () => {
    const { exitCode, stderr } = await withChanged(results('toy.jsonl'), (text) => text.slice(0, -40), build);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/toy: (59|60) of 60 kernels are in the journal already/);
  });

  it('with damaged lines says how many, and keeps the others', async () => {
    const damaged = lines((all) =>
      all.map((line, index) => (index === 4 ? 'garbage{{' : index === 5 ? '{"type":"visit","id":"A","visit":{"slices":7}}' : line)),
    );
    const { exitCode, stderr } = await withChanged(results('toy.jsonl'), damaged, build);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('toy: 2 damaged lines of the journal had to be ignored; line 5: it is not JSON.');
  });

  it.each([
    ['without its header', lines(([, ...rest]) => rest), 'ERR_JOURNAL_FORMAT', /it is not a journal of measurements/],
    [
      'of another version',
      (text: string) => text.replace('"schemaVersion":1', '"schemaVersion":9'),
      'ERR_JOURNAL_FORMAT',
      /schema version 9 .* version 1/,
    ],
    [
      'of another machine',
      (text: string) => text.replaceAll(/"cpu":"[^"]*"/g, '"cpu":"Cortex-A55"'),
      'ERR_JOURNAL_MISMATCH',
      /CPU was Cortex-A55, is /,
    ],
  ])('%s is refused and kept', async (_, change, code, message) => {
    await withChanged(results('toy.jsonl'), change, async () => {
      const before = await readFile(results('toy.jsonl'));
      const outcome = await build();
      expectKind(outcome, code, message);
      expect(outcome.stderr).toMatch(/`--fresh`|Move the file away/);
      expect(await readFile(results('toy.jsonl'))).toEqual(before);
    });
  });

  it('of another machine is left behind with --fresh', async () => {
    await using copy = await makeSimulatedProject();
    await cp(at(), copy.path('ws'), { recursive: true });
    await editFile(copy.path('ws', 'predictor_build', 'results', 'toy.jsonl'), (text) => text.replaceAll('"platform":"', '"platform":"x'));
    const { exitCode, stderr } = await runCommand(Profile, ['-w', 'ws', '--fresh', '--samples', '12'], copy.folder);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toContain('carrying on');
  });

  it('outlives --fresh when the runtime does not start', async () => {
    await using project = await makeTempProject({});
    await runCommand(Create, ['ws', '--backend', 'tflite_cpu', '--kernels', 'relu'], project.folder);
    await editFile(
      project.path('ws', 'configs', 'backend_config.yaml'),
      (text) => `${text}LIBRARY: ${JSON.stringify(project.path('none.so'))}\n`,
    );
    const journal = project.path('ws', 'predictor_build', 'results', 'relu.jsonl');
    await cp(results('toy.jsonl'), journal);
    const outcome = await runCommand(Build, ['-w', 'ws', '--fresh'], project.folder);
    expectKind(outcome, 'ERR_RUNTIME_UNAVAILABLE', /there is no file .*none\.so \(set by LIBRARY in configs\/backend_config\.yaml\)/);
    expect(await readFile(journal)).toEqual(await readFile(results('toy.jsonl')));
  });
});

describe('a predictor file', () => {
  const file = () => results('predictors', 'toy.json');
  it.each([
    ['that is torn', (text: string) => text.slice(0, 500), 'ERR_INVALID_PREDICTOR_FILE', /not complete JSON/],
    ['of something else', () => '{}', 'ERR_INVALID_PREDICTOR_FILE', /lacks `"format": "nnm-predictor"`/],
    [
      'with a changed tree',
      (text: string) => text.replace(/"binary": "(.{40})./, (_, start) => `"binary": "${start}!`),
      'ERR_INVALID_PREDICTOR_FILE',
      /damaged/,
    ],
    [
      'of a later format',
      (text: string) => text.replace(/"schemaVersion": \d+/, '"schemaVersion": 7'),
      'ERR_PREDICTOR_SCHEMA_VERSION',
      /format 7; this nnm reads formats 1 to 2/,
    ],
  ])('%s is refused', async (_, change, code, message) => {
    const predict = () => runCommand(Predict, ['toy', '-w', 'ws', '--no-check', '-c', 'HW=28,CIN=64'], measured.folder);
    expectKind(await withChanged(file(), change, predict), code, message);
    expect((await predict()).exitCode).toBe(0);
  });
});

describe('measurements to export', () => {
  const latencies = () => results('profiled_toy.json');
  const run = () => runCommand(Export, ['-w', 'ws', '--json'], measured.folder);

  /** Run with the journal out of the way, and put it back. */
  async function withoutJournal<T>(work: () => Promise<T>): Promise<T> {
    const text = await readFile(results('toy.jsonl'));
    await rm(results('toy.jsonl'));
    try {
      return await work();
    } finally {
      await writeFile(results('toy.jsonl'), text);
    }
  }

  it('that are no latencies are counted and named', async () => {
    const spoil = (text: string): string => {
      const file = JSON.parse(text) as { toy: Record<string, { latency: string }> };
      const ids = Object.keys(file.toy);
      ['NaN +- 0', '0 +- 0', '-3 +- 1', 'fast'].forEach((latency, index) => {
        file.toy[ids[index]!] = { latency };
      });
      delete file.toy[ids[4]!];
      return JSON.stringify({ toy: { ...file.toy, ZZZZZZ: { latency: '1 +- 0' } } });
    };
    // The journal is the source: what became of the latency file beside it does not matter.
    const whole = await withChanged(latencies(), spoil, run);
    expect(whole.json()).toMatchObject({ files: [{ rows: 60, problems: [] }] });
    const { json } = await withoutJournal(() => withChanged(latencies(), spoil, run));
    expect(json()).toMatchObject({
      files: [
        {
          rows: 55,
          problems: [
            expect.stringMatching(/^1 id with a configuration but no latency/),
            expect.stringMatching(/^4 ids (?=.*"NaN \+- 0")(?=.*"0 \+- 0")(?=.*"-3 \+- 1")(?=.*"fast")/),
          ],
        },
      ],
    });
  });

  it('that do not exist yet are named, with what to run', async () => {
    await using project = await makeSimulatedWorkspace();
    const outcome = await runCommand(Export, ['-w', 'ws'], project.folder);
    expectKind(outcome, 'ERR_NOTHING_MEASURED', /holds no measurements of toy\..*\n.*nnm build toy/);
  });

  it('to a place that cannot be written', async () => {
    const outcome = await runCommand(Export, ['-w', 'ws', '-o', path.join('nnm.config.json', 'x.csv')], measured.folder);
    expectKind(outcome, 'ERR_FILE_ACCESS', /Cannot write nnm\.config\.json.x\.csv: /);
  });
});

describe('nnm create', () => {
  it('leaves nothing behind when it cannot finish', async () => {
    await using project = await makeSimulatedProject({ file: 'not a folder' });
    const outcome = await runCommand(Create, [path.join('file', 'ws'), '--backend', 'simulated'], project.folder);
    expectKind(outcome, 'ERR_FILE_ACCESS', /Cannot write .*ws.predictor_build.*: a part of its path is not a folder/);
    expect(existsSync(project.path('ws'))).toBe(false);
  });
});

describe('a plugin', () => {
  it('that never finishes loading is given up', async () => {
    await using project = await makeTempProject({ 'stuck.mjs': 'await new Promise(() => {});' });
    await expect(importModule(pathToFileURL(project.path('stuck.mjs')).href, 100)).rejects.toThrow('did not finish loading within 0.1 s');
  });

  it('in a config file that is not JSON is a problem of that file', async () => {
    await using project = await makeTempProject({ 'nnm.config.json': '{' });
    expectKind(await runCommand(Kernels, [], project.folder), 'ERR_INVALID_FILE', /nnm\.config\.json: it is not JSON: .*position/);
  });
});

describe('--json', () => {
  it.each([
    ['no workspace', Build, ['-w', 'nowhere'], 'ERR_NOT_A_WORKSPACE', 1],
    ['no workspace to predict in', Predict, ['toy', '-w', 'nowhere', '-c', 'HW=1'], 'ERR_NOT_A_WORKSPACE', 1],
    ['no configuration', Predict, ['toy', '-w', 'ws'], 'ERR_USAGE', 2],
    ['an unknown kernel', Profile, ['-w', 'ws', 'toi'], 'ERR_UNKNOWN_KERNEL', 1],
    ['an unknown kernel to show', Kernels, ['toi'], 'ERR_UNKNOWN_KERNEL', 1],
    ['an unknown kernel to export', Export, ['-w', 'ws', 'toi'], 'ERR_UNKNOWN_KERNEL', 1],
    ['an unknown backend', Connect, ['--backend', 'simulate'], 'ERR_UNKNOWN_BACKEND', 1],
    ['an unknown option', Backends, ['--nope'], 'ERR_USAGE', 2],
    ['an option below its minimum', Profile, ['-w', 'ws', '--samples', '0'], 'ERR_USAGE', 2],
    ['an option without its value', Build, ['--workspace'], 'ERR_USAGE', 2],
    ['more samples than memory holds', Create, ['new', '-b', 'simulated', '--samples', '99999999999999999999'], 'ERR_USAGE', 2],
    ['an option that is no number', Build, ['-w', 'ws', '--seed', 'x'], 'ERR_USAGE', 2],
    ['a missing argument', Create, [], 'ERR_USAGE', 2],
    ['a budget of nothing', Build, ['-w', 'ws', '--budget', '0s'], 'ERR_USAGE', 2],
  ] as const)('%s: the error as JSON on stdout, nothing else', async (_, command, argv, code, exitCode) => {
    const outcome = await runCommand(command, [...argv, '--json'], measured.folder);
    expect(outcome.json()).toEqual({
      error: { code, message: expect.any(String), hint: expect.any(String), details: expect.any(Object) },
    });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toBe('');
  });

  it('adds the stack with --verbose', async () => {
    const { json } = await runCommand(Build, ['-w', 'nowhere', '--json', '--verbose'], measured.folder);
    expect(json()).toMatchObject({ error: { stack: expect.stringMatching(/^ {4}at /m) } });
  });
});
