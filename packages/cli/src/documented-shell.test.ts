import { appendFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCommands, type NnmCommandEntry } from '../test/all-commands.ts';
import { documents, type ShellCommand, type ShellLine, shellLinesOf } from '../test/documented-shell.ts';
import { smallNetwork, tfliteFile } from '../test/network-files.ts';
import { nnMeterFolder } from '../test/nn-meter-folder.ts';
import { runCommand } from '../test/run-command.ts';
import { makeTempProject, type TempProject } from '../test/temp-project.ts';

// What README and guides tell a reader to type is typed here, document by document, each in a project of its own. The backends are those of
// the documents on a device that is a formula, and samples are few; all else is as a reader has it. What cannot be typed here stands in NOT_TYPED.

vi.mock('./open-in-browser.ts', () => ({ openInBrowser: async () => undefined }));

const root = fileURLToPath(new URL('../../..', import.meta.url));
const simulated = new URL('../test/documented-backends.mjs', import.meta.url).href;
const FEW = { NNM_INIT_SAMPLE_NUM: '12', NNM_HOLDOUT_SAMPLE_NUM: '8', NNM_FINEGRAINED_SAMPLE_NUM: '1', NNM_ITERATION: '2' };
/** What takes minutes or hours, or asks a board, and what stands for it. */
const FEWER: readonly (readonly [RegExp, string])[] = [
  [/--kernels networks$/, '--kernels conv-bn-relu'],
  [/^nnm build -w phone --networks$/, 'nnm build -w phone'], // typed for another document
  [/^nnm device remove pi$/, 'nnm device remove pi --name-only'],
  [/^nnm doctor$/, 'nnm doctor --seconds 1 --backend tflite_cpu'],
];

interface NotTyped {
  readonly is: RegExp;
  readonly why: string;
  /** What is there afterwards, as if it had been typed. */
  readonly instead?: (project: TempProject) => Promise<void>;
}

const configOf = (...plugins: readonly string[]): string =>
  `import simulated from '${simulated}';\nexport default { plugins: [...simulated, ...${JSON.stringify(plugins)}] };\n`;
const addsPlugin = (name: string) => (project: TempProject) => writeFile(project.path('nnm.config.mjs'), configOf(name));

/** What is not typed, and what it needs that is not here. */
const NOT_TYPED: readonly NotTyped[] = [
  {
    is: /^npm (install(?! &&)|i )|^nnm plugins add @nnm\//,
    why: 'packages of nnm in the registry of npm; tests/plain-install.test.ts installs from a registry of its own',
  },
  {
    is: /^nnm plugins add \.\/my-kernel$/,
    why: 'npm and its registry; tests/installed.test.ts adds one',
    instead: addsPlugin('./my-kernel/src/index.ts'),
  },
  {
    is: /^nnm plugins add \.\/(my-backend|nnm-\S+\.tgz)$|^nnm plugins remove/,
    why: 'npm and its registry; tests/installed.test.ts adds and removes such packages',
  },
  {
    is: /^npm install && npm test && npm run build$|^npm run build && npm pack$/,
    why: 'the registry of npm, for what packages are built with; tests/installed.test.ts builds and packs them',
  },
  {
    is: /^nnm (connect|create|build) .*(my_backend|tfjs_eager)/,
    why: 'a backend that npm has installed; tests/installed.test.ts connects to it and builds',
  },
  { is: /^nnm build relu -w ws$/, why: 'the workspace of such a backend' },
  { is: /^nnm (un)?register --backend/, why: "a folder of the reader's own; register.test.ts registers one" },
  { is: /--device browser/, why: 'a browser; packages/device-browser starts those of the machine' },
  { is: /--device ssh:|^nnm device check/, why: 'a board; packages/device-ssh connects to servers that it starts' },
  { is: /-w my-phone/, why: 'a phone; android.test.ts emulates one' },
  { is: /--queue |^redis-server|^nnm fleet/, why: 'Redis, and devices that work for it; packages/fleet starts them' },
  { is: /^NNM_TFLITE_LIBRARY=/, why: "a library of the reader's own; packages/backend-tflite loads another one" },
  {
    is: /^npm (test|run (?!build &&))|^npx nx |^node examples\/|^taskset /,
    why: 'the repository itself; CI runs it, and examples have tests of their own',
  },
];

const workspace = async (project: TempProject, folder: string, kernel = 'conv-bn-relu'): Promise<void> => {
  for (const line of [`create ${folder} --backend tflite_cpu --kernels ${kernel}`, `build -w ${folder}`])
    expect(await type({ words: ['nnm', ...line.split(' ')], env: {} }, project.folder)).toMatchObject({ exitCode: 0 });
};
const model = async (project: TempProject, name: string): Promise<void> => writeFile(project.path(name), await tfliteFile(smallNetwork()));

/** What a document takes for granted. */
const GIVEN: Readonly<Record<string, (project: TempProject) => Promise<void>>> = {
  'docs/getting-started.md': (project) => model(project, 'model.tflite'),
  'docs/configuration.md': (project) => workspace(project, 'my-laptop'),
  'docs/models.md': async (project) => {
    await model(project, 'model.tflite');
    const published = path.join(root, 'node_modules', '@mediapipe', 'selfie_segmentation', 'selfie_segmentation.tflite');
    await cp(published, project.path('selfie_segmentation.tflite'));
  },
  'docs/reports.md': async (project) => {
    await workspace(project, 'my-laptop');
    for (const name of ['tflite-2.9', 'tflite-2.10']) await cp(project.path('my-laptop'), project.path(name), { recursive: true });
    await model(project, 'mobilenet_v2.tflite');
    vi.stubEnv('NNM_DETAIL', 'TRUE');
    await workspace(project, 'detailed');
    const results = project.path('detailed', 'predictor_build', 'results');
    for (const name of ['before.json', 'after.json']) await cp(path.join(results, 'profiled_conv-bn-relu.json'), project.path(name));
    await writeFile(project.path('configs.csv'), 'HW,CIN,COUT,KERNEL_SIZE,STRIDES\n28,20,40,3,1\n');
  },
  'docs/coming-from-nn-meter.md': async (project) => {
    for (const [name, content] of Object.entries(nnMeterFolder())) {
      const file = project.path('old', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
  },
  'examples/search-under-limit/README.md': (project) => workspace(project, 'desktop'),
  ...Object.fromEntries(
    ['kernel-encoder-block', 'kernel-inverted-residual', 'kernel-layers-api'].map((name) => [
      `examples/${name}/README.md`,
      addsPlugin(path.join(root, 'examples', name, 'src', 'index.ts')),
    ]),
  ),
};

const documented = documents.flatMap((document) => {
  const lines = shellLinesOf(document);
  return lines.length === 0 ? [] : [[document, lines] as const];
});
const notTyped = ({ text }: ShellLine): readonly NotTyped[] => NOT_TYPED.filter(({ is }) => is.test(text));

let commands: readonly NnmCommandEntry[];
beforeAll(async () => {
  commands = await loadCommands();
});
beforeEach(() => {
  for (const [name, value] of Object.entries(FEW)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

async function type({ words: [program = '', ...argv], env }: Pick<ShellCommand, 'words' | 'env'>, cwd: string) {
  if (program !== 'nnm') throw new Error(`no test types ${program}`);
  const command = [2, 1].flatMap((count) => commands.find(({ id }) => id === argv.slice(0, count).join(':')) ?? [])[0];
  if (command === undefined) throw new Error(`there is no command nnm ${argv.join(' ')}`);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return runCommand(command.load, argv.slice(command.id.split(':').length), cwd);
}

describe('what is typed', () => {
  it.each(documented)('by readers of %s works', async (document, lines) => {
    await using project = await makeTempProject({ 'package.json': { private: true }, 'nnm.config.mjs': configOf() });
    await mkdir(project.path('node_modules', '@nnm'), { recursive: true });
    await symlink(path.join(root, 'packages', 'core'), project.path('node_modules', '@nnm', 'core'), 'junction');
    vi.stubEnv('NNM_HOME', project.path('home'));
    vi.stubEnv('GITHUB_STEP_SUMMARY', project.path('summary.md'));
    await GIVEN[document]?.(project);
    let folder = project.folder;
    for (const line of lines) {
      const [exception] = notTyped(line);
      if (exception !== undefined) {
        await exception.instead?.(project);
        continue;
      }
      for (const { words, env, output } of line.commands) {
        const [program, ...argv] = FEWER.reduce((all, [long, short]) => all.replace(long, short), words.join(' ')).split(' ');
        if (program === 'cd') {
          folder = path.resolve(folder, argv[0] as string);
          continue;
        }
        const { exitCode, stdout, stderr } = await type({ words: [program as string, ...argv], env }, folder);
        expect(exitCode, `${document}:${line.line}: ${line.text}\n${stdout}\n${stderr}`).toBe(0);
        if (output === undefined) continue;
        const file = path.resolve(
          folder,
          output.file.replaceAll(/\$([A-Z_]+)/g, (_, name) => process.env[name] ?? ''),
        );
        await (output.isAppended ? appendFile : writeFile)(file, stdout);
      }
    }
  });

  it('is everything but what needs something that is not here', () => {
    const lines = documented.flatMap(([, lines]) => lines);
    const texts = lines.map(({ text }) => text);
    expect(NOT_TYPED.filter(({ is }) => !texts.some((text) => is.test(text))).map(({ is }) => String(is))).toEqual([]);
    expect(FEWER.filter(([long]) => !texts.some((text) => long.test(text.replace('npx ', '')))).map(([long]) => String(long))).toEqual([]);
    // Each with one reason, and no more of them than are typed.
    for (const line of lines) expect(notTyped(line).length, `${line.document}:${line.line}: ${line.text}`).toBeLessThanOrEqual(1);
    expect(lines.filter((line) => notTyped(line).length === 0 && line.text.includes('nnm ')).length).toBeGreaterThan(40);
  });
});
