import path from 'node:path';
import { type AnyBackend, CORE_VERSION, type Implement, InvalidFileError, kernelFamily, type Problem, type Registry } from '@nnm/core';
import { explainFileError, type FileSystem, nodeFileSystem, writeJsonFile, writeWholeFile } from '@nnm/profiler';
import { type ImportedData, importKernelData } from '../data/imported-data.ts';
import { workspaceContext } from '../stages/context.ts';
import { backendConfigText, buildConfigText, type NewWorkspace, schemaTexts } from '../workspace/create-workspace.ts';
import { kindOfFolder } from '../workspace/folder-kind.ts';
import { readWorkspaceConfig, WORKSPACE_SCHEMA_VERSION, type Workspace, WorkspaceExistsError, workspacePaths } from '../workspace/index.ts';
import { OwnFiles } from '../workspace/own-files.ts';
import { readYamlFile } from '../workspace/yaml-file.ts';
import { type FoundFile, findKernelFiles } from './kernel-files.ts';

/** What {@link adoptFolder} understood, and what it did. */
export interface AdoptedFolder {
  readonly workspace: Workspace;
  readonly implement: Implement;
  readonly batchSize: number;
  /** Rows that can be trained on, by kernel. */
  readonly rows: ReadonlyMap<string, number>;
  /** Every JSON file that was looked at. */
  readonly files: readonly FoundFile[];
  /** Kernels that no plugin provides, with the entries there are of them. */
  readonly unknownKernels: ReadonlyMap<string, number>;
  /** What could not be used, and what is wrong with the configuration; with counts. */
  readonly problems: readonly Problem[];
  /** Files whose names nnm uses itself: old path and new one. */
  readonly moved: readonly (readonly [from: string, to: string])[];
}

/** Where files go whose names nnm needs. */
const ASIDE = 'nn-meter';

/**
 * Make a workspace of a folder of nn-Meter's: its configuration stays, its kernel data is read, checked and imported. What has a name
 * that nnm uses itself is moved, with its path, into the folder `nn-meter`; nothing is changed or removed.
 *
 * @param setup - the backend, and what the configuration is made of where the folder has none
 * @throws {@link WorkspaceExistsError} when nnm has a workspace there; {@link InvalidFileError} when its configuration cannot be read, or
 *   names a framework that the backend does not run; {@link FileAccessError}
 */
export async function adoptFolder(
  folder: string,
  setup: NewWorkspace,
  registry: Registry,
  files: FileSystem = nodeFileSystem,
): Promise<AdoptedFolder> {
  const absolute = path.resolve(folder);
  const paths = workspacePaths(absolute);
  const kind = kindOfFolder(absolute, files);
  if (kind === 'workspace' || kind === 'damaged') throw new WorkspaceExistsError({ folder: absolute, what: kind });
  const hasConfig = files.stat(paths.buildConfig) !== undefined;
  if (hasConfig) await assertFramework(paths.buildConfig, setup.backend, files);
  const aside = path.join(absolute, ASIDE);
  // An attempt that was interrupted has moved some of them already.
  const found = [...findKernelFiles(absolute, files), ...findKernelFiles(aside, files)];
  const moved = moveAside(
    [
      ...(isOurs(paths.backendConfig, setup, files) ? [] : [paths.backendConfig]),
      ...found.map(({ file }) => file).filter((file) => isInside(paths.results, file)),
    ],
    absolute,
    aside,
    files,
  );
  const newPath = new Map(moved);
  const present = found.map((one) => ({ ...one, file: newPath.get(one.file) ?? one.file }));

  if (!hasConfig) await writeWholeFile(paths.buildConfig, buildConfigText(setup), { files });
  await writeWholeFile(paths.backendConfig, backendConfigText(setup), { files });
  for (const [name, text] of Object.entries(schemaTexts({ ...setup, registry }))) {
    await writeWholeFile(path.join(path.dirname(paths.backendConfig), name), text, { files });
  }
  if (files.stat(paths.written) === undefined) new OwnFiles(absolute, paths.written, files).begin();
  const manifest = { schemaVersion: WORKSPACE_SCHEMA_VERSION, seed: (setup.seed ?? 0) >>> 0, nnmVersion: CORE_VERSION };
  const own = new OwnFiles(absolute, paths.written, files);
  const workspace: Workspace = { folder: absolute, manifest, paths, files, own };
  const understood = await importFound(workspace, present, setup, registry);
  // The last one: with it the workspace is there, without it this may be done again.
  await writeJsonFile(paths.manifest, manifest, { files });
  return { workspace, files: present, moved, ...understood };
}

/** Whether an attempt that was interrupted has written the backend's configuration already. */
function isOurs(file: string, setup: NewWorkspace, files: FileSystem): boolean {
  return files.stat(file) !== undefined && Buffer.from(files.readFile(file)).toString('utf8') === backendConfigText(setup);
}

type Understood = Pick<AdoptedFolder, 'implement' | 'batchSize' | 'rows' | 'unknownKernels' | 'problems'>;

async function importFound(
  workspace: Workspace,
  found: readonly FoundFile[],
  { backend }: NewWorkspace,
  registry: Registry,
): Promise<Understood> {
  const problems: Problem[] = [];
  const config = await readWorkspaceConfig(workspace, registry).catch((error: unknown) => {
    if (!(error instanceof InvalidFileError)) throw error;
    problems.push({ message: error.message });
    return undefined;
  });
  const { implement, batchSize } = config ?? (await statedSetting(workspace, backend));
  const context = {
    ...workspaceContext(
      registry,
      workspace,
      config ?? { backend, settings: undefined, implement, batchSize, detail: false, kernels: new Map() },
    ),
    workspace,
  };
  const known = new Map(registry.kernels.map(({ value }) => [value.type, value]));
  const types = [...new Set(found.flatMap(({ kernels }) => [...kernels.keys()]))];
  const rows = new Map<string, number>();
  // One kernel of each family brings the rows of the others with it.
  const families = new Map(types.flatMap((type) => (known.has(type) ? [[kernelFamily(registry.kernel(type)), type] as const] : [])));
  for (const [family, type] of families) {
    const own = found.filter(({ kernels }) => registry.family(family).some((kernel) => kernels.has(kernel.type)));
    const paths = own.map(({ file }) => file);
    const imported = await importKernelData(type, [paths, paths], context).catch((error: unknown): ImportedData => {
      if (!(error instanceof InvalidFileError)) throw error;
      return { kernels: new Map(), files: [], problems: error.details.problems as readonly Problem[] };
    });
    for (const [kernel, list] of imported.kernels) rows.set(kernel, list.length);
    problems.push(...imported.problems.filter(({ message }) => !message.includes('of other kernels than')));
  }
  const unknownKernels = new Map<string, number>();
  for (const { kernels } of found)
    for (const [type, { configs, latencies }] of kernels)
      if (!known.has(type)) unknownKernels.set(type, (unknownKernels.get(type) ?? 0) + Math.max(configs, latencies));
  return { implement, batchSize, rows, unknownKernels, problems };
}

/** IMPLEMENT and BATCH_SIZE of a configuration that has problems elsewhere. */
async function statedSetting(workspace: Workspace, backend: AnyBackend): Promise<{ implement: Implement; batchSize: number }> {
  const { IMPLEMENT, BATCH_SIZE } = (await readYamlFile(workspace.paths.buildConfig, workspace.files)).value as {
    IMPLEMENT?: Implement;
    BATCH_SIZE?: unknown;
  };
  return { implement: IMPLEMENT ?? backend.implement[0], batchSize: Number.isInteger(BATCH_SIZE) ? (BATCH_SIZE as number) : 1 };
}

async function assertFramework(file: string, backend: AnyBackend, files: FileSystem): Promise<void> {
  const yaml = await readYamlFile(file, files);
  const { IMPLEMENT } = (yaml.value ?? {}) as { IMPLEMENT?: unknown };
  if (IMPLEMENT === undefined || (backend.implement as readonly unknown[]).includes(IMPLEMENT)) return;
  const line = yaml.lineOf(['IMPLEMENT']);
  throw new InvalidFileError({
    file,
    problems: [
      {
        key: 'IMPLEMENT',
        ...(line !== undefined && { line }),
        message: `is ${String(IMPLEMENT)}, but the backend ${backend.id} runs ${backend.implement.join(' and ')}`,
      },
    ],
    hint: 'Choose the backend that runs it (`nnm backends` shows which does), or change IMPLEMENT.',
  });
}

function moveAside(paths: readonly string[], folder: string, aside: string, files: FileSystem): readonly (readonly [string, string])[] {
  return paths.flatMap((from): readonly (readonly [string, string])[] => {
    if (files.stat(from) === undefined || isInside(aside, from)) return [];
    const to = freeName(path.join(aside, path.relative(folder, from)), files);
    try {
      files.makeFolder(path.dirname(to));
      files.rename(from, to);
    } catch (error) {
      throw explainFileError(error, to, 'write');
    }
    return [[from, to]];
  });
}

/** The name, or the first one with a number that nothing has. */
function freeName(file: string, files: FileSystem): string {
  const { dir, name, ext } = path.parse(file);
  for (let number = 1, free = file; ; number++, free = path.join(dir, `${name}-${number}${ext}`)) {
    if (files.stat(free) === undefined) return free;
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
