import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCommands } from '../../test/all-commands.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedProject } from '../../test/simulated-workspace.ts';
import type { TempProject } from '../../test/temp-project.ts';

const all = (await loadCommands()).map((command) => ({ ...command, name: command.id.replaceAll(':', ' ') }));

/** The commands that have a flag, as far as it is not one of all. */
const WITH: Readonly<Record<string, readonly string[]>> = {
  workspace:
    'build bundle check config connect convert device:check doctor export fleet:calibrate fusion:detect generate import predict profile report sample status train worker'.split(
      ' ',
    ),
  seed: 'build create fleet:calibrate fusion:detect profile sample train'.split(' '),
  budget: 'build fleet:calibrate predict profile'.split(' '),
};

let project: TempProject;
beforeAll(async () => {
  project = await makeSimulatedProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const run = async (name: string, ...argv: string[]) => {
  const command = all.find((one) => one.name === name) as (typeof all)[number];
  return runCommand(command.load, argv, project.folder);
};

test('every command can be told to be quiet, to say more, and to answer in JSON', () => {
  for (const { id, flags } of all)
    expect([id, Object.keys(flags)]).toEqual([id, expect.arrayContaining(['json', 'quiet', 'verbose', 'trust'])]);
});

test.each(Object.entries(WITH))('--%s is a flag of the commands that it makes sense for', (flag, ids) => {
  expect(
    all
      .filter(({ flags }) => flag in flags)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort());
  const meanings = new Set(all.flatMap(({ flags }) => flags[flag]?.char ?? []));
  expect([...meanings]).toEqual(flag === 'workspace' ? ['w'] : []);
});

test.each([
  ['seed', 'NNM_SEED'],
  ['budget', 'NNM_BUDGET'],
])('--%s is %s in every command that has it', (flag, variable) => {
  for (const { id, flags } of all) if (flag in flags) expect([id, (flags[flag] as { readonly env?: string }).env]).toEqual([id, variable]);
});

test('a letter means the same in every command', () => {
  const meanings = new Map<string, Set<string>>();
  for (const { flags } of all)
    for (const { char, name } of Object.values(flags))
      if (char !== undefined) meanings.set(char, (meanings.get(char) ?? new Set()).add(name));
  const several = [...meanings].filter(([, names]) => names.size > 1).map(([char, names]) => [char, [...names].sort()]);
  expect(several).toEqual([['k', ['kernel', 'kernels']]]);
});

test('every command says what it is for, with an example', () => {
  for (const { id, summary, examples } of all.filter(({ hidden }) => !hidden)) {
    expect([id, summary]).toEqual([id, expect.stringMatching(/^[A-Z].+\.$/)]);
    expect([id, examples.length > 0]).toEqual([id, true]);
  }
});

describe.each(all.filter(({ id }) => id !== 'complete').map(({ name }) => name))('nnm %s', (name) => {
  test('a wrong flag is one message, or one document', async () => {
    const { stdout, stderr, exitCode } = await run(name, '--nope');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Error: .*--nope.* \[ERR_USAGE\]\nHint: .*\n$/);
    const answered = await run(name, '--nope', '--json');
    expect([answered.exitCode, answered.stderr]).toEqual([2, '']);
    expect(answered.json()).toEqual({
      error: { code: 'ERR_USAGE', message: expect.stringContaining('--nope'), hint: expect.any(String), details: {} },
    });
  });

  test('run for nothing it answers with one document, and fails in one message without a stack', async () => {
    const argv = name === 'doctor' ? ['--seconds', '1'] : name === 'trust' ? ['--list'] : [];
    const { json, exitCode } = await run(name, ...argv, '--json');
    const document = json() as { readonly error?: { readonly code: string } };
    expect(document).toEqual(expect.anything());
    if (exitCode === 0) return;
    expect(document.error?.code).toMatch(/^ERR_[A-Z_]+$/);
    const { stderr } = await run(name, ...argv);
    expect(stderr).toMatch(/^Error: /);
    expect(stderr.match(/Error: /g)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

test.each([
  ['--verbose', {}],
  ['', { DEBUG: '1' }],
])('the stack is shown with %s %j', async (flag, env) => {
  const before = process.env.DEBUG;
  Object.assign(process.env, env);
  try {
    const { stderr, exitCode } = await run('kernels', 'no-such-kernel', ...(flag === '' ? [] : [flag]));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\n {4}at /);
  } finally {
    if (before === undefined) delete process.env.DEBUG;
    else process.env.DEBUG = before;
  }
});
