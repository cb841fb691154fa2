import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeSimulatedProject } from '../../test/simulated-workspace.ts';
import { makeTempProject, pluginSource, type TempProject } from '../../test/temp-project.ts';
import Backends from './backends.ts';
import Kernels from './kernels.ts';

let project: TempProject;
beforeEach(async () => {
  project = await makeSimulatedProject();
});
afterEach(() => project[Symbol.asyncDispose]());

describe('nnm kernels', () => {
  test('lists the built-in kernels without a star', async () => {
    await using empty = await makeTempProject({});
    const { stdout, exitCode } = await runCommand(Kernels, [], empty.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}conv-bn-relu +conv +HW CIN COUT KERNEL_SIZE STRIDES +@nnm\/kernels-conv$/m);
    expect(stdout).not.toContain('*');
  });

  test('marks what is not built in and says where it comes from', async () => {
    const { stdout } = await runCommand(Kernels, [], project.folder);
    expect(stdout).toMatch(/^\* toy +toy +HW CIN +nnm-simulated \(nnm\.config\.json\)$/m);
    expect(stdout).toContain('* added by you: not built in');
  });

  test('shows one kernel with its ranges', async () => {
    const { stdout } = await runCommand(Kernels, ['toy'], project.folder);
    expect(stdout).toMatch(/^family +toy \(its own\)$/m);
    expect(stdout).toMatch(/^HW +1 to 56 +7 14 28 56 +height and width$/m);
  });

  test('shows how each backend runs the operators of a kernel', async () => {
    await using empty = await makeTempProject({});
    const { stdout } = await runCommand(Kernels, ['channelshuffle'], empty.folder);
    expect(stdout).toMatch(/^OPERATOR(?=.*ON tflite_cpu)(?=.*ON litert_wasm)(?=.*ON torch_cpu)/m);
    expect(stdout).toMatch(/^channelShuffle( +composed){2,}$/m);
    const { json } = await runCommand(Kernels, ['concat', '--json'], empty.folder);
    expect(json()).toMatchObject({
      operators: [{ operator: 'concat', runs: { tflite_cpu: 'reference kernel', litert_wasm: 'delegated', torch_cpu: 'native' } }],
    });
  });

  test('as JSON', async () => {
    const list = await runCommand(Kernels, ['--json'], project.folder);
    const origin = { kind: 'config', file: project.path('nnm.config.json') };
    expect(list.json()).toMatchObject([{ type: 'toy', family: 'toy', keys: ['HW', 'CIN'], plugin: 'nnm-simulated', origin }]);
    const detail = await runCommand(Kernels, ['toy', '--json'], project.folder);
    expect(detail.json()).toMatchObject({
      type: 'toy',
      configSpace: { CIN: { min: 1, max: 512 } },
      features: expect.arrayContaining(['HW']),
    });
  });

  test('an unknown kernel gives one error with the nearest name', async () => {
    const { stdout, stderr, exitCode } = await runCommand(Kernels, ['tou'], project.folder);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe('Error: There is no kernel "tou". Known: toy. [ERR_UNKNOWN_KERNEL]\nHint: Did you mean "toy"?\n');
  });

  test('an error as JSON goes to stdout, with code, message, hint and details', async () => {
    const { stderr, exitCode, json } = await runCommand(Kernels, ['tou', '--json'], project.folder);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('');
    expect(json()).toEqual({
      error: {
        code: 'ERR_UNKNOWN_KERNEL',
        message: 'There is no kernel "tou". Known: toy.',
        hint: 'Did you mean "toy"?',
        details: { what: 'kernel', id: 'tou', known: ['toy'], near: ['toy'] },
      },
    });
  });

  test('a wrong option exits with 2, as text and as JSON', async () => {
    const text = await runCommand(Kernels, ['--nonsense'], project.folder);
    expect(text.exitCode).toBe(2);
    expect(text.stderr).toMatch(/^Error: Nonexistent flag: --nonsense \[ERR_USAGE\]\nHint: /);
    const { exitCode, json } = await runCommand(Kernels, ['--nonsense', '--json'], project.folder);
    expect(exitCode).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'ERR_USAGE', message: 'Nonexistent flag: --nonsense' } });
  });
});

describe('a plugin that cannot be used', () => {
  const BROKEN = {
    'throws on import': ['throw new RangeError("out of kernels");', 'ERR_PLUGIN_IMPORT', /RangeError: out of kernels/],
    'has no default export': ['export const kernels = [];', 'ERR_INVALID_PLUGIN', /default export is missing/],
    'has a foreign API version': [
      pluginSource('from-future', [], 99),
      'ERR_PLUGIN_API_VERSION',
      /plugin API 99; this @nnm\/core speaks plugin API 1/,
    ],
    'lacks parts': [
      "export default { name: 'x', apiVersion: 1, kernels: [{ type: 'Bad Name' }] };",
      'ERR_INVALID_PLUGIN',
      /lower-case letters/,
    ],
  } as const;

  test.each(Object.entries(BROKEN))('that %s costs nothing but itself: a warning, a hint, no stack', async (_, [source, code, message]) => {
    await using broken = await makeTempProject({ 'nnm.config.json': { plugins: ['./broken.mjs'] }, 'broken.mjs': source });
    const { stdout, stderr, exitCode } = await runCommand(Backends, [], broken.folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('tflite_cpu');
    expect(stderr).toMatch(/^Warning: /);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(`[${code}]\nHint: `);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('is named by what cannot be found because of it', async () => {
    await using broken = await makeTempProject({
      'nnm.config.json': { plugins: ['./broken.mjs'] },
      'broken.mjs': 'throw new RangeError("out of kernels");',
    });
    const { json, exitCode } = await runCommand(Kernels, ['gated-conv', '--json'], broken.folder);
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({
      error: { code: 'ERR_UNKNOWN_KERNEL', hint: expect.stringContaining('a plugin that cannot be used here (./broken.mjs)') },
    });
  });

  test('with --verbose the stack of the cause follows', async () => {
    await using broken = await makeTempProject({
      'nnm.config.json': { builtins: false, plugins: ['./broken.mjs'] },
      'broken.mjs': 'function explode() { throw new RangeError("out of kernels"); }\nexplode();',
    });
    const { stderr } = await runCommand(Backends, ['--verbose'], broken.folder);
    expect(stderr).toMatch(/^ +at explode /m);
  });
});

test('nnm backends lists each backend with its origin', async () => {
  const { stdout, json } = await runCommand(Backends, ['--json'], project.folder);
  expect(json()).toMatchObject([{ id: 'simulated', implement: ['tensorflow'], modelExtension: '.sim', plugin: 'nnm-simulated' }]);
  expect(stdout).not.toContain('\u001b');
});
