import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nnMeterFolder } from '../../test/nn-meter-folder.ts';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Build from './build.ts';
import Create from './create.ts';
import Train from './train.ts';

describe("a folder of nn-Meter's", () => {
  let project: TempProject;
  beforeEach(async () => {
    const inside = Object.fromEntries(Object.entries(nnMeterFolder()).map(([name, content]) => [`old/${name}`, content]));
    project = await makeTempProject({ 'nnm.config.json': {}, ...inside });
  });
  afterEach(() => project[Symbol.asyncDispose]());
  const adopt = (...argv: string[]) => runCommand(Create, ['old', '--adopt', '--backend', 'tflite_cpu', ...argv], project.folder);

  test('gets one hint, whoever meets it', async () => {
    const created = await runCommand(Create, ['old', '--backend', 'tflite_cpu'], project.folder);
    const built = await runCommand(Build, ['-w', 'old'], project.folder);
    const inside = await runCommand(Build, [], project.path('old'));
    for (const { exitCode, stderr } of [created, built, inside]) {
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/Hint: It looks like a workspace of nn-Meter\. Open it with `nnm create .*old --adopt --backend <id>`/);
    }
  });

  test('is adopted, and nnm says what it understood', async () => {
    const { exitCode, stdout, stderr } = await adopt();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('without COUT, which can only equal CIN')]);
    expect(stdout).toMatch(/^conv-bn-relu +40 .*conv-bn-relu_prior\.json, .*profiled_conv-bn-relu\.json$/m);
    expect(stdout).toMatch(/^dwconv-bn-relu +30 /m);
    expect(stdout).toContain('Not used: 1 row of mykernel: no plugin provides this kernel.');
    expect(stdout).toMatch(/Not used: .*notes\.json is not JSON\./);
    expect(stdout).toMatch(/Moved: +old.configs.backend_config\.yaml to old.nn-meter.configs.backend_config\.yaml/);
    expect(stdout).toContain('IMPLEMENT tensorflow, BATCH_SIZE 1');

    // Everything is still there, under its own name or beside it.
    for (const [name, content] of Object.entries(nnMeterFolder())) {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      const places = [project.path('old', name), project.path('old', 'nn-meter', name)];
      const texts = await Promise.all(places.filter((file) => existsSync(file)).map((file) => readFile(file, 'utf8')));
      expect(texts, name).toContain(text);
    }
    const trained = await runCommand(Train, ['conv-bn-relu', '-w', 'old', '--json'], project.folder);
    expect(trained.json()).toMatchObject({ family: 'conv', rows: { imported: 40, measured: 0 } });
  });

  test('is a workspace then, and not adopted twice', async () => {
    expect((await adopt('--json')).json()).toMatchObject({ adopted: { rows: { 'conv-bn-relu': 40, 'dwconv-bn-relu': 30 } } });
    const again = await adopt();
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('already holds a workspace.')]);
  });

  test('keeps its own configuration: flags that it would overrule are refused', async () => {
    const { exitCode, stderr } = await adopt('--samples', '50');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--samples would change nothing')]);
    const torch = await runCommand(Create, ['old', '--adopt', '--backend', 'torch_cpu'], project.folder);
    expect([torch.exitCode, torch.stderr]).toEqual([
      1,
      expect.stringMatching(/:2 IMPLEMENT: is tensorflow, but the backend torch_cpu runs torch/),
    ]);
    expect(existsSync(project.path('old', 'nn-meter'))).toBe(false);
  });
});

test('a folder of nothing but kernel data is adopted with a configuration of its own', async () => {
  await using project = await makeTempProject({
    'nnm.config.json': {},
    'data/both.json': `\uFEFF${JSON.stringify({ relu: { A: { config: { HW: 7, CIN: 8 }, latency: 1.5 }, B: { config: { HW: 7, CIN: 0 }, latency: 1 } } })}`,
  });
  const { exitCode, stdout, stderr } = await runCommand(Create, ['data', '--adopt', '--backend', 'tflite_cpu'], project.folder);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^relu +1 +data.both\.json$/m);
  expect(stderr).toMatch(/1 row of relu with a configuration that the kernel refuses: CIN must be an integer from 1 .*\(B\)/);
  expect(existsSync(project.path('data', 'both.json'))).toBe(true);
});
