import path from 'node:path';
import { NnmError, type Registry } from '@nnm/core';
import { findRegressor, parsePredictor } from '@nnm/predictor';
import { explainFileError } from '@nnm/profiler';
import type { Setting } from '../data/measured-data.ts';
import { kernelHasChanged } from '../stages/kernel-probes.ts';
import {
  describeIds,
  listTemporaryFiles,
  lockWorkspace,
  openWorkspace,
  portableName,
  readLocks,
  readWorkspaceConfig,
  type Workspace,
} from '../workspace/index.ts';
import { checkKernel } from './check-kernel.ts';
import type { Finding, Found } from './finding.ts';

/** What {@link checkWorkspace} did. */
export interface CheckReport {
  readonly workspace: string;
  /** Files that were looked at. */
  readonly files: number;
  readonly findings: readonly Finding[];
  /** Faults that are left. */
  readonly faults: number;
}

/**
 * Verify every file of a workspace against every other: manifest, configuration, configurations and their ids, journals, latency files,
 * imported data, predictors, saved graphs, and what killed processes left behind.
 *
 * @param options - `repair`: put right what is safe, under the workspace's lock
 * @throws {@link NotAWorkspaceError}, {@link InvalidFileError} for a manifest that cannot be read; {@link WorkspaceBusyError} when
 *   something is to be repaired while another process builds there
 */
export async function checkWorkspace(
  folder: string,
  registry: Registry,
  options: { readonly repair?: boolean; readonly breakLock?: boolean } = {},
): Promise<CheckReport> {
  const workspace = await openWorkspace(folder);
  // Claiming the workspace removes them already.
  const leftovers = checkLeftovers(workspace);
  const release = options.repair ? await lockWorkspace(workspace, options) : undefined;
  try {
    const found = [...(await findAll(workspace, registry, options.repair === true)), ...leftovers];
    const findings: Finding[] = [];
    for (const { repair, ...finding } of found) {
      if (repair !== undefined && options.repair) await repair();
      findings.push({ ...finding, repairable: repair !== undefined, ...(repair !== undefined && options.repair && { repaired: true }) });
    }
    const faults = findings.filter(({ kind, repaired }) => kind === 'fault' && !repaired).length;
    return { workspace: workspace.folder, files: countFiles(workspace.folder, workspace), findings, faults };
  } finally {
    await release?.();
  }
}

async function findAll(workspace: Workspace, registry: Registry, isLocked: boolean): Promise<readonly Found[]> {
  const found: Found[] = [];
  const setting = await readSetting(workspace, registry, found);
  if (setting !== undefined) {
    for (const { value } of registry.kernels) found.push(...(await checkKernel(value.type, { registry, workspace, ...setting })));
  }
  found.push(...checkPredictors(workspace, registry));
  found.push(...checkGraphs(workspace));
  if (!isLocked) found.push(...(await checkLocks(workspace)));
  return found;
}

async function readSetting(
  workspace: Workspace,
  registry: Registry,
  found: Found[],
): Promise<(Pick<Setting, 'implement' | 'batchSize'> & { readonly detail: boolean }) | undefined> {
  try {
    const { implement, batchSize, detail, missing } = await readWorkspaceConfig(workspace, registry, { needsBackend: false });
    for (const problem of missing.values()) found.push({ file: 'configs/predictorbuild_config.yaml', kind: 'fault', problem });
    return { implement, batchSize, detail };
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    found.push({ file: 'configs/', kind: 'fault', problem: error.message, ...(error.hint !== undefined && { remedy: error.hint }) });
    return undefined;
  }
}

function checkPredictors(workspace: Workspace, registry: Registry): readonly Found[] {
  const { files, paths } = workspace;
  return listFiles(paths.predictors, workspace).flatMap((file): readonly Found[] => {
    const name = nameOf(file, workspace);
    try {
      const text = Buffer.from(files.readFile(file)).toString('utf8');
      const predictor = parsePredictor(text, { file, regressor: (id) => findRegressor(id, registry) });
      const { manifest } = predictor;
      const kernel = registry.kernels.find(({ value }) => value.type === manifest.kernelType)?.value;
      if (kernel === undefined) {
        const problem = `it is for ${manifest.kernelType}, which nothing provides here`;
        return [{ file: name, kind: 'fault', problem, remedy: 'Add the plugin that provides the kernel.' }];
      }
      const own = kernel.features.featureNames;
      const changed = registry.kernels.map(({ value }) => value).filter((known) => kernelHasChanged(predictor, known));
      const note = changed.map(
        ({ type }): Found => ({
          file: name,
          kind: 'note',
          problem: `it predicts ${type} as it was: its block has changed since`,
          remedy: `Run \`nnm build ${type}\`.`,
        }),
      );
      if (own.join() === manifest.featureNames.slice(0, own.length).join()) return note;
      const problem = `it was trained with the features ${manifest.featureNames.join(', ')}; ${kernel.type} has ${own.join(', ')} now`;
      return [{ file: name, kind: 'fault', problem, remedy: 'Run `nnm build`: what is measured is kept.' }];
    } catch (error) {
      const explained = explainFileError(error, file, 'read');
      if (!NnmError.isInstance(explained)) throw error;
      return [
        { file: name, kind: 'fault', problem: explained.message, remedy: 'Remove it and run `nnm build`: what is measured is kept.' },
      ];
    }
  });
}

/** Saved graphs are not waited for: a power cut may leave them torn. */
function checkGraphs(workspace: Workspace): readonly Found[] {
  const torn = listFiles(workspace.paths.kernels, workspace).filter(
    (file) => file.endsWith('.json') && !isJson(workspace.files.readFile(file)),
  );
  const [problem] = describeIds(
    torn.map((file) => path.basename(file)),
    'that is not whole, as after a power cut',
    'saved graph',
  );
  if (problem === undefined) return [];
  const repair = async (): Promise<void> => {
    for (const file of torn) workspace.files.remove(file);
  };
  return [
    { file: `${nameOf(workspace.paths.kernels, workspace)}/`, kind: 'fault', problem, remedy: 'The next build saves them again.', repair },
  ];
}

function checkLeftovers(workspace: Workspace): readonly Found[] {
  return listTemporaryFiles(workspace).map((file): Found => {
    const repair = async (): Promise<void> => workspace.files.remove(file);
    const problem = 'was left by a process that was killed while it wrote a file';
    return { file: nameOf(file, workspace), kind: 'fault', problem, remedy: 'The next build removes it.', repair };
  });
}

async function checkLocks(workspace: Workspace): Promise<readonly Found[]> {
  return (await readLocks(workspace)).map(({ file, owner, state }): Found => {
    const name = nameOf(file, workspace);
    const who = owner === undefined ? 'a process that it does not name' : `process ${owner.pid} on ${owner.host}`;
    if (state === 'running') return { file: name, kind: 'note', problem: `${who} is building here now` };
    if (state === 'gone') return { file: name, kind: 'note', problem: `was left by ${who}, which is gone; the next build takes it over` };
    const remedy = 'If it does not, run the next command with --break-lock.';
    return { file: name, kind: 'fault', problem: `is held by ${who}; whether it still runs cannot be seen from here`, remedy };
  });
}

function listFiles(folder: string, { files }: Workspace): readonly string[] {
  if (files.stat(folder)?.kind !== 'folder') return [];
  const places = [...files.list(folder)].sort().map((name) => path.join(folder, name));
  return places.filter((place) => files.stat(place)?.kind === 'file' && !path.basename(place).startsWith('.'));
}

function countFiles(folder: string, workspace: Workspace): number {
  const { files } = workspace;
  return files.list(folder).reduce((count, name) => {
    const place = path.join(folder, name);
    return count + (files.stat(place)?.kind === 'folder' ? countFiles(place, workspace) : 1);
  }, 0);
}

function nameOf(file: string, { folder }: Workspace): string {
  return portableName(folder, file);
}

function isJson(content: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(content).toString('utf8'));
    return true;
  } catch {
    return false; // torn
  }
}
