import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing } from '../packages/device-browser/src/__fixtures__/debian-browsers.ts';
import { documentedFiles, writeFiles } from './documented-code.ts';
import { builtinKernelCount, makeStrangersPlace, type Outcome, readJson, registryAnswers, type StrangersPlace } from './packed.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isOnline = await registryAnswers();
if (browserMissing !== undefined) console.warn(`skipped: what is packed for pages is not opened: ${browserMissing}`);
if (!isOnline) console.warn("skipped: what is installed from tarballs needs npm's registry, which does not answer");

/** Stdout of a program that must have ended well. */
function ok({ stdout, stderr, exitCode }: Outcome): string {
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

describe.skipIf(!isOnline)("installed from tarballs in an empty folder (needs npm's registry)", () => {
  let place: StrangersPlace;
  let project: string;
  const nnm = (...args: string[]) => place.nnm(project, ...args);

  beforeAll(async () => {
    place = await makeStrangersPlace();
    project = await place.project('project');
    const own = Object.entries(place.tarballs).flatMap(([name, file]) => (name.startsWith('@nnm/') ? [file] : []));
    ok(await place.npm(project, 'install', ...own));
  });
  afterAll(() => place?.close());

  it('every package holds its build, its types, a README and a licence, and neither sources nor tests', () => {
    for (const [name, files] of Object.entries(place.contents)) {
      if (!name.startsWith('@nnm/')) continue;
      const wanted = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'];
      expect(
        wanted.filter((file) => !files.includes(file)),
        `missing in ${name}`,
      ).toEqual([]);
      const unwanted = files.filter(
        (file) =>
          !file.startsWith('templates/') && /(^|\/)(src|test|bench|__fixtures__)\/|\.test\.|\.tsbuildinfo$|\.d\.ts\.map$/.test(file),
      );
      expect(unwanted, `not wanted in ${name}`).toEqual([]);
    }
  });

  it('nnm runs, with all kernels and backends', async () => {
    expect(JSON.parse(ok(await nnm('kernels', '--json')))).toHaveLength(builtinKernelCount);
    const ids = JSON.parse(ok(await nnm('backends', '--json'))).map(({ id }: { id: string }) => id);
    expect(ids.sort()).toEqual([
      ...['litert_wasm', 'litert_webgpu', 'ort_wasm', 'ort_webgpu'],
      ...['tfjs_cpu', 'tfjs_node', 'tfjs_wasm', 'tfjs_webgl', 'tfjs_webgpu'],
      ...['tflite_cpu', 'torch_cpu'],
    ]);
  });

  it.skipIf(browserMissing !== undefined)("what is packed for pages measures in Chromium (needs Debian's chromium)", async () => {
    for (const backend of ['tfjs_wasm', 'litert_wasm']) {
      const connected = ok(await nnm('connect', '--backend', backend, '--device', 'browser'));
      expect(connected).toMatch(/^browser +Chromium \d+\./m);
      expect(connected).toMatch(/^isolation +cross-origin isolated/m);
    }
    const { stdout } = await nnm('doctor', '--backend', 'tfjs_wasm', '--device', 'browser', '--seconds', '1');
    expect(stdout).toMatch(/^ok +Device browser: .*chromium.*; runs .*tfjs_wasm/m);
    expect(stdout).toMatch(/^ok +tfjs_wasm: TensorFlow\.js \d/m);
  });

  it('the packed types compile without skipLibCheck, and name the key that a sampler forgets', async () => {
    const folder = join(project, 'typed');
    const { 'gate.ts': gate } = await documentedFiles('custom-kernels.md');
    const all = Object.keys(place.tarballs).filter((name) => name.startsWith('@nnm/'));
    const imports = [...all, '@nnm/core/testing', '@nnm/predictor/browser', '@nnm/backend-tflite/runtime', '@nnm/backend-torch/runtime'];
    await writeFiles(folder, {
      'gate.ts': gate as string,
      'all.ts': imports.map((name, index) => `export * as m${index} from '${name}';\n`).join(''),
      'forgets.ts': (gate as string)
        .replace('new PriorSampler({ space, prior', 'new PriorSampler({ space: { HW: space.HW }, prior')
        .replaceAll(/, CIN: \d+ \}(?=[,\]])(?=.*channelKeys)/g, ' }')
        .replace("channelKeys: ['CIN']", 'channelKeys: []'),
    });
    const compilers = ['typescript/bin/tsc', '@typescript/native/bin/tsc'];
    const modules = [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const;
    // The slow one finds modules in one of the two ways.
    const compiled = compilers.flatMap((compiler, index) =>
      modules.slice(0, 1 + index).map(([module, resolution]) => {
        const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', module, '--moduleResolution', resolution];
        const files = ['gate.ts', 'all.ts', 'forgets.ts'];
        // All types but TypeScript's own.
        const checked = ['--skipLibCheck', 'false', '--skipDefaultLibCheck', 'true'];
        return place.node(folder, join(root, 'node_modules', compiler), ...options, ...checked, ...files);
      }),
    );
    for (const { stdout } of await Promise.all(compiled)) {
      expect(stdout).toMatch(/^forgets\.ts.*PriorSampler<.*BaseConfigSampler<Config>[\s\S]*Property 'CIN' is missing/);
      expect(stdout.match(/^\S.*error TS/gm), stdout).toHaveLength(1);
    }
  });

  it('a kernel package is added, checked, built into a predictor, asked, and removed', async () => {
    expect(ok(await nnm('plugins', 'add', place.tarballs['nnm-kernel-inverted-residual'] as string))).toContain(
      'Added nnm-kernel-inverted-residual 0.1.0',
    );
    expect(await readJson(join(project, 'nnm.config.json'))).toEqual({ plugins: ['nnm-kernel-inverted-residual'] });
    expect(ok(await nnm('kernels'))).toMatch(/^\* inverted-residual .*nnm-kernel-inverted-residual \(nnm\.config\.json\)$/m);
    expect(ok(await nnm('plugins', 'check', 'nnm-kernel-inverted-residual'))).toMatch(
      /✓ kernel inverted-residual: (\d+) of \1 requirements met/,
    );
    await buildTiny('inverted-residual', 'tflite_cpu');
    const asked = await nnm(
      'predict',
      'inverted-residual',
      '--config',
      'HW=56,CIN=24,EXPANSION=6,KERNEL_SIZE=3',
      '-w',
      'inverted-residual',
      '--no-check',
    );
    expect(ok(asked)).toMatch(/\d ms/);
    ok(await nnm('plugins', 'remove', 'nnm-kernel-inverted-residual'));
    expect(ok(await nnm('kernels'))).not.toContain('inverted-residual');
    expect(await readJson(join(project, 'package.json'))).not.toHaveProperty('dependencies.nnm-kernel-inverted-residual');
  });

  it('a backend package for a runtime that is not built in is added, connected to, built on, and removed', async () => {
    ok(await nnm('plugins', 'add', place.tarballs['nnm-backend-tfjs-eager'] as string));
    expect(ok(await nnm('backends'))).toMatch(/^\* tfjs_eager /m);
    expect(ok(await nnm('connect', '--backend', 'tfjs_eager'))).toContain('TensorFlow.js WebAssembly');
    await buildTiny('relu', 'tfjs_eager');
    ok(await nnm('plugins', 'remove', 'nnm-backend-tfjs-eager'));
    expect(ok(await nnm('backends'))).not.toContain('tfjs_eager');
  });

  it('plugins are composed without files', async () => {
    const { tarballs } = place;
    ok(
      await place.npm(
        project,
        'install',
        '--no-save',
        tarballs['nnm-kernel-inverted-residual'] as string,
        tarballs['nnm-example-compose'] as string,
      ),
    );
    const stdout = ok(await place.node(project, join('node_modules', 'nnm-example-compose', 'dist', 'main.js'), '15', '10'));
    expect(JSON.parse(stdout.trim().split('\n').at(-1) as string).latencyMs).toBeGreaterThan(0);
  });

  it('a kernel in a folder without node_modules is registered and unregistered', async () => {
    const folder = join(place.folder, 'local-kernel');
    await cp(fileURLToPath(new URL('../packages/cli/src/registered/__fixtures__/my-kernel', import.meta.url)), folder, { recursive: true });
    expect(ok(await nnm('register', '--kernel', join(folder, 'meta.yaml')))).toMatch(/✓ kernel my-kernel: (\d+) of \1 requirements met/);
    expect(ok(await nnm('kernels'))).toMatch(/^\* my-kernel .*registered/m);
    ok(await nnm('unregister', '--kernel', 'my-kernel'));
    expect(ok(await nnm('kernels'))).not.toContain('my-kernel');
  });

  // Other reasons: packages/cli/src/plugins/load-plugin.test.ts
  it.each([
    [
      'a kernel id that exists',
      {
        'index.js':
          "import { convBnRelu } from '@nnm/kernels-conv';\nexport default { name: 'nnm-bad', apiVersion: 1, kernels: [convBnRelu] };\n",
      },
      /Both @nnm\/kernels-conv and nnm-bad provide the kernel "conv-bn-relu"\. \[ERR_DUPLICATE_ID\]/,
    ],
    [
      'another version of core',
      {
        'index.js': "export default { name: 'nnm-bad', apiVersion: 1 };\n",
        'node_modules/@nnm/core/package.json': '{"name":"@nnm/core","version":"0.0.9","exports":{"./package.json":"./package.json"}}\n',
      },
      /uses @nnm\/core 0\.0\.9 \(.*\); nnm itself runs on @nnm\/core \d+\.\d+\.\d+\. \[ERR_CORE_VERSION\]/,
    ],
  ])('a plugin with %s is refused and taken out again', async (name, files, message) => {
    const folder = join(place.folder, `bad ${name.replaceAll(' ', '-')}`);
    const manifest = JSON.stringify({
      name: 'nnm-bad',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
      keywords: ['nnm-plugin'],
      ...('node_modules/@nnm/core/package.json' in files && {
        dependencies: { '@nnm/core': '0.0.9' },
        bundleDependencies: ['@nnm/core'],
      }),
    });
    for (const [file, text] of Object.entries({ 'package.json': manifest, ...files })) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    // Real files, as an installed package has them: what it imports is looked for from where it lies.
    const { stderr, exitCode } = await place.nnm(
      project,
      'plugins',
      'add',
      name === 'a kernel id that exists' ? await packed(folder) : folder,
    );
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
    expect(await readJson(join(project, 'package.json'))).not.toHaveProperty('dependencies.nnm-bad');
  });

  it('generated packages install, test, build, pack and are added', async () => {
    const generate = async (kind: string, like?: string): Promise<string> => {
      ok(await nnm('plugins', 'new', kind, `my-${kind}`));
      const folder = join(project, `my-${kind}`);
      // What both need is unpacked once; npm looks at it all the same.
      if (like !== undefined)
        await cp(join(like, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
      ok(await place.npm(folder, 'install', '--save-dev', place.tarballs['@nnm/core'] as string));
      expect(ok(await place.npm(folder, 'test'))).toMatch(/Tests .*passed/);
      ok(await place.npm(folder, 'run', 'typecheck'));
      ok(await place.npm(folder, 'run', 'build'));
      return folder;
    };
    const kernel = await generate('kernel');
    const backend = await generate('backend', kernel);
    expect(ok(await nnm('plugins', 'add', kernel))).toMatch(/✓ kernel my-kernel: (\d+) of \1 requirements met/);
    expect(ok(await nnm('plugins', 'add', await packed(backend)))).toMatch(/✓ backend my_backend: (\d+) of \1 requirements met/);
    const index = join(kernel, 'dist', 'index.js');
    await writeFile(
      index,
      (await readFile(index, 'utf8')).replaceAll("'my-kernel'", "'my-changed-kernel'").replaceAll('"my-kernel"', '"my-changed-kernel"'),
    );
    expect(ok(await nnm('plugins', 'add', kernel))).toContain('✓ kernel my-changed-kernel');
    ok(await nnm('plugins', 'remove', 'nnm-my-kernel'));
    // npm would have linked the folder and taken its devDependencies out at the second installation.
    ok(await place.npm(kernel, 'test'));
  });

  async function packed(folder: string): Promise<string> {
    const [{ filename }] = JSON.parse(ok(await place.npm(folder, 'pack', '--json', '--ignore-scripts'))) as [{ filename: string }];
    return join(folder, filename);
  }

  /** A workspace of a dozen configurations and at most one further round: that it works, not that it is exact. */
  async function buildTiny(kernel: string, backend: string): Promise<void> {
    ok(await nnm('create', kernel, '--backend', backend, '--kernels', kernel, '--samples', '12'));
    const config = join(project, kernel, 'configs', 'predictorbuild_config.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(
      config,
      text.replace(/ITERATION: \d+/, 'ITERATION: 1').replace(/FINEGRAINED_SAMPLE_NUM: \d+/, 'FINEGRAINED_SAMPLE_NUM: 1'),
    );
    ok(await nnm('build', kernel, '-w', kernel));
  }
});
