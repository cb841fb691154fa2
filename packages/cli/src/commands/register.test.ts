import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../test/run-command.ts';
import { makeTempProject, type TempProject } from '../../test/temp-project.ts';
import Backends from './backends.ts';
import Kernels from './kernels.ts';
import PluginsList from './plugins/list.ts';
import Register from './register.ts';
import Unregister from './unregister.ts';

const fixtures = fileURLToPath(new URL('../registered/__fixtures__', import.meta.url));
let project: TempProject;

beforeEach(async () => {
  project = await makeTempProject({});
  process.env.NNM_HOME = project.path('home');
  await cp(fixtures, project.folder, { recursive: true });
});
afterEach(async () => {
  delete process.env.NNM_HOME;
  await project[Symbol.asyncDispose]();
});

/** In place of TensorFlow.js, which such a folder brings along: what nnm takes of a `tf.LayersModel`. */
const LAYERS = `import { BaseBlock, type Shape } from '@nnm/core';
import { LayersBlock } from '@nnm/model/layers';

function sequential(shape: Shape) {
  const layers = [
    { class_name: 'Conv2D', config: { name: 'c', filters: 4, kernel_size: [1, 1], strides: [1, 1], padding: 'valid', use_bias: true, batch_input_shape: [null, ...shape] } },
    { class_name: 'Activation', config: { name: 'a', activation: 'sigmoid' } },
  ];
  return { name: 'gate', toJSON: () => ({ class_name: 'Sequential', config: { name: 'gate', layers } }) };
}
`;

const register = (...argv: string[]) => runCommand(Register, argv, project.folder);
const unregister = (...argv: string[]) => runCommand(Unregister, argv, project.folder);
const edit = async (file: string, from: string | RegExp, to: string) =>
  writeFile(project.path(file), (await readFile(project.path(file), 'utf8')).replace(from, to));

describe('nnm register and unregister', () => {
  it('take a name with an underscore, as nn-Meter has them', async () => {
    await edit('my-kernel/meta.yaml', /builtin_name: .*/, 'builtin_name: mykernel_tf');
    const { exitCode, stderr } = await register('--kernel', 'my-kernel/meta.yaml');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect((await runCommand(Kernels, ['mykernel_tf', '--json'], project.folder)).json()).toMatchObject({ type: 'mykernel_tf' });
  });

  it('add a kernel of TypeScript modules in a folder without node_modules, and take it away', async () => {
    const added = await register('--kernel', 'my-kernel/meta.yaml', '--json');
    expect(added.json()).toMatchObject({ kind: 'kernel', name: 'my-kernel', metaFile: project.path('my-kernel', 'meta.yaml') });
    const listed = await runCommand(Kernels, [], project.folder);
    expect(listed.stdout).toMatch(/^\* my-kernel +my-kernel +HW CIN +registered:my-kernel \(registered in home\/registered\.json\)$/m);
    expect((await runCommand(Kernels, ['my-kernel', '--json'], project.folder)).json()).toMatchObject({
      implement: ['tensorflow'],
      configSpace: { CIN: { max: 1024 } },
      origin: { kind: 'registered' },
    });
    expect((await unregister('--kernel', 'my-kernel')).exitCode).toBe(0);
    expect((await runCommand(Kernels, [], project.folder)).stdout).not.toContain('my-kernel');
  });

  it.each(['BaseBlock', 'LayersBlock'])('add a kernel of a folder without node_modules whose %s gives layers', async (block) => {
    await edit('my-kernel/block.ts', "import { BaseBlock, GraphBuilder, type Shape } from '@nnm/core';", LAYERS);
    await edit('my-kernel/block.ts', 'extends BaseBlock', `extends ${block}`);
    await edit('my-kernel/block.ts', /const g = [\s\S]*'sigmoid'\)\)\);/, 'return sequential(this.inputShape);');
    const added = await register('--kernel', 'my-kernel/meta.yaml');
    expect([added.exitCode, added.stderr]).toEqual([0, '']);
    expect(added.stdout).toMatch(/✓ kernel my-kernel: (\d+) of \1 requirements met/);
  });

  it('add a backend and take it away', async () => {
    expect(await register('--backend', 'my-backend/meta.yaml')).toMatchObject({ exitCode: 0 });
    expect((await runCommand(Backends, [], project.folder)).stdout).toMatch(/^\* my_backend +the reference under another name/m);
    await unregister('--backend', 'my_backend');
    expect((await runCommand(Backends, [], project.folder)).stdout).not.toContain('my_backend');
  });

  it('refuse a name that is taken, saying by whom', async () => {
    await edit('my-kernel/meta.yaml', 'my-kernel', 'conv-bn-relu');
    expect((await register('--kernel', 'my-kernel/meta.yaml')).stderr).toMatch(
      /@nnm\/kernels-conv provides a kernel of this name already\. \[ERR_NAME_TAKEN\]/,
    );
    await register('--backend', 'my-backend/meta.yaml');
    const again = await register('--backend', 'my-backend/meta.yaml');
    expect(again.stderr).toMatch(/The backend "my_backend" is registered already, by .*meta\.yaml/);
    expect(again.stderr).toContain('nnm unregister --backend my_backend');
    expect(await register('--backend', 'my-backend/meta.yaml', '--force')).toMatchObject({ exitCode: 0 });
  });

  it('a removed folder costs its kernel alone, wherever it is asked for, and can still be unregistered', async () => {
    await register('--kernel', 'my-kernel/meta.yaml');
    await rm(project.path('my-kernel'), { recursive: true });
    const { stdout, stderr, exitCode } = await runCommand(Kernels, [], project.folder);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('conv-bn-relu')]);
    expect(stderr).toContain(`package_location: there is no folder ${project.path('my-kernel')}`);
    expect(stderr).toContain('nnm unregister --kernel my-kernel');
    const asked = await runCommand(Kernels, ['my-kernel'], project.folder);
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toMatch(/^Error: The kernel "my-kernel", registered by .* cannot be used: .*there is no folder/m);
    const listed = await runCommand(PluginsList, ['--json'], project.folder);
    expect(listed.json()).toContainEqual(
      expect.objectContaining({ name: 'registered:my-kernel', error: expect.objectContaining({ code: 'ERR_REGISTRATION' }) }),
    );
    expect((await unregister('--kernel', 'my-kernel')).exitCode).toBe(0);
    expect((await runCommand(Kernels, [], project.folder)).stderr).toBe('');
  });

  it('a list that cannot be read costs only what is registered', async () => {
    await mkdir(project.path('home'));
    await writeFile(project.path('home', 'registered.json'), '{ "schemaVersion": 9 }');
    const { stdout, stderr, exitCode } = await runCommand(Kernels, [], project.folder);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('conv-bn-relu')]);
    expect(stderr).toContain('has schemaVersion 9; this nnm reads 1 and 2');
  });

  it('what an older nnm has registered stays registered, as a plugin from then on', async () => {
    const part = (key: string, name: string, module: string) => ({ module, name, keys: [`${key}_module`, `${key}_name`] });
    const at = { metaFile: project.path('my-kernel', 'meta.yaml'), packageLocation: project.path('my-kernel') };
    const kernel = {
      ...at,
      name: 'my-kernel',
      implement: ['tensorflow'],
      block: part('class', 'MyBlock', 'block'),
      sampler: part('sampler', 'MySampler', 'sampler'),
      parser: part('parser', 'MyParser', 'parser.ts'),
    };
    await mkdir(project.path('home'));
    const list = {
      schemaVersion: 1,
      kernels: { 'my-kernel': kernel, gone: { ...kernel, name: 'gone', packageLocation: '/no/such' } },
      backends: {},
    };
    await writeFile(project.path('home', 'registered.json'), JSON.stringify(list));
    const { json } = await runCommand(Kernels, ['my-kernel', '--json'], project.folder);
    expect(json()).toMatchObject({ implement: ['tensorflow'], configSpace: { CIN: { max: 1024 } }, origin: { kind: 'registered' } });
    expect(JSON.parse(await readFile(project.path('home', 'registered.json'), 'utf8'))).toMatchObject({ schemaVersion: 2 });
    expect((await unregister('--kernel', 'gone')).exitCode).toBe(0);
    expect((await unregister('--kernel', 'my-kernel')).exitCode).toBe(0);
  });

  it('know what was never registered', async () => {
    expect((await unregister('--kernel', 'nothing')).stderr).toMatch(/No kernel "nothing" is registered\. Registered kernels: none\./);
  });
});

describe('nnm register reports', () => {
  it('every problem of the meta file with its line', async () => {
    await edit('my-kernel/meta.yaml', 'implement: tensorflow', 'implement: caffe\nsampler_modul: x');
    await edit('my-kernel/meta.yaml', 'parser_name: MyParser\n', '');
    await edit('my-kernel/meta.yaml', 'my-kernel', 'My Kernel');
    const { stderr, exitCode } = await register('--kernel', 'my-kernel/meta.yaml');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/meta\.yaml has 4 problems/);
    expect(stderr).toMatch(/meta\.yaml:1 builtin_name: must be lower-case letters and digits, with - or _ between them/);
    expect(stderr).toMatch(/meta\.yaml:2 implement: must be tensorflow, torch or a list of both/);
    expect(stderr).toMatch(/meta\.yaml:3 sampler_modul: is not a key of this file, did you mean sampler_module/);
    expect(stderr).toMatch(/meta\.yaml parser_name: is missing/);
  });

  it.each([
    ['a missing module', 'meta.yaml', 'class_module: block', 'class_module: blok', /class_module: there is no module .*blok/],
    ['a misspelt class', 'meta.yaml', 'MyBlock', 'MyBlok', /class_name: .*block\.ts does not export MyBlok; did you mean MyBlock\?/],
    [
      'a module that throws',
      'sampler.ts',
      /^/,
      "throw new Error('no prior');\n",
      /sampler_module: .*sampler\.ts failed while it was imported: Error: no prior/,
    ],
    [
      'a syntax error',
      'block.ts',
      'override getModel() {',
      'override getModel( {',
      /class_module: .*block\.ts failed while it was imported: .*(SyntaxError|ParseError)/,
    ],
    ['a class that is no block', 'meta.yaml', 'class_name: MyBlock', 'class_name: MySampler\n#', /class_name: .*does not export MySampler/],
    [
      'a block without a graph',
      'block.ts',
      'override getModel',
      'getGraph',
      /class_name: MyBlock is not a block class: it has no method getModel/,
    ],
    [
      'a constructor that fails',
      'parser.ts',
      'super(',
      'throw new TypeError("bad");\nsuper(',
      /parser_name: new MyParser\("my-kernel"\) failed: TypeError: bad/,
    ],
  ] as const)('%s', async (_, file, from, to, message) => {
    await edit(`my-kernel/${file}`, from, to);
    const { stderr, exitCode } = await register('--kernel', 'my-kernel/meta.yaml');
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
    expect((await runCommand(Kernels, [], project.folder)).stdout).not.toContain('my-kernel');
  });

  it('which requirement of the contract is not met, and registers only when forced', async () => {
    await edit('my-kernel/parser.ts', "keys: ['HW', 'CIN'],", "keys: ['HW'],");
    const { stdout, stderr, exitCode } = await register('--kernel', 'my-kernel/meta.yaml');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('✗ kernel my-kernel: 14 of 15 requirements met');
    expect(stdout).toMatch(/Kernel "my-kernel" turns {"HW":\d+,"CIN":\d+} into features and back into {"HW":\d+}/);
    expect(stderr).toMatch(/does not meet 1 requirement of the contract\. \[ERR_CONTRACT_NOT_MET\]/);
    expect(await register('--kernel', 'my-kernel/meta.yaml', '--force')).toMatchObject({ exitCode: 0 });
  });

  it('a backend whose id is another', async () => {
    await edit('my-backend/meta.yaml', 'my_backend', 'your_backend');
    expect((await register('--backend', 'my-backend/meta.yaml')).stderr).toContain(
      `builtin_name: the backend's own id is "my_backend", not "your_backend"`,
    );
  });
});
