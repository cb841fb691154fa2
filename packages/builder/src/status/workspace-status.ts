import path from 'node:path';
import { kernelFamily, type Registry } from '@nnm/core';
import { parsePredictor } from '@nnm/predictor';
import { explainFileError, type JournalContent, readJournal } from '@nnm/profiler';
import { compareMarks, journalFile } from '../data/measured-data.ts';
import {
  fileExists,
  type HeldLock,
  listKernelFiles,
  type ProcessTable,
  readConfigFile,
  readLocks,
  readTextFile,
  type Workspace,
  type WorkspaceConfig,
} from '../workspace/index.ts';

/** How far a workspace is, as its files have it at this moment. */
export interface WorkspaceStatus {
  readonly workspace: string;
  /** Who builds there: a process that runs, or that cannot be seen from here. */
  readonly building?: Pick<HeldLock, 'owner' | 'state'>;
  /** In the order of the configuration. */
  readonly kernels: readonly KernelStatus[];
}

/** How far one kernel is. */
export interface KernelStatus {
  readonly kernel: string;
  /** Configurations chosen so far, and what came of them. */
  readonly chosen: number;
  readonly measured: number;
  readonly failed: number;
  readonly flagged: number;
  /** Visited, but not finished when the time budget ended: a predictor has learned from them, flagged. */
  readonly begun: number;
  /** Rounds that a predictor was trained after, of as many as there may be. */
  readonly rounds: number;
  readonly mostRounds: number;
  /** Share of the validation split within ±10 % after the last of them. */
  readonly acc10?: number;
  /** The family's predictor is there. */
  readonly finished: boolean;
}

/**
 * Say how far the kernels of a workspace are, also while another process builds there; nothing is locked or written.
 *
 * @throws core's `InvalidFileError`, `FileAccessError`, the profiler's `JournalFormatError`
 */
export async function readWorkspaceStatus(
  workspace: Workspace,
  config: Pick<WorkspaceConfig, 'kernels'>,
  registry: Registry,
  processes?: ProcessTable,
): Promise<WorkspaceStatus> {
  const kernels: KernelStatus[] = [];
  for (const [kernel, { iteration }] of config.kernels) kernels.push(await kernelStatus(kernel, iteration, workspace, registry));
  const held = (await readLocks(workspace, processes)).find(({ state }) => state !== 'gone');
  return { workspace: workspace.folder, ...(held && { building: { owner: held.owner, state: held.state } }), kernels };
}

async function kernelStatus(type: string, mostRounds: number, workspace: Workspace, registry: Registry): Promise<KernelStatus> {
  const { files, paths } = workspace;
  const ids = new Set<string>();
  for (const file of (await listKernelFiles(workspace, type)).configs) {
    for (const id of Object.keys((await readConfigFile(file, files))[type] ?? {})) ids.add(id);
  }
  const content = readContent(workspace, type);
  const records = recordsOf(content).filter(({ id }) => ids.has(id));
  const rounds = listRounds(workspace, type);
  const last = rounds.at(-1);
  const acc10 = last === undefined ? undefined : await accuracyOf(last, workspace, registry);
  const finished = await fileExists(path.join(paths.predictors, `${kernelFamily(registry.kernel(type))}.json`), files);
  return {
    kernel: type,
    chosen: ids.size,
    measured: records.filter(({ status }) => status === 'ok').length,
    failed: records.filter(({ status }) => status === 'failed').length,
    flagged: records.filter((record) => record.status === 'ok' && record.flags.length > 0).length,
    begun: countBegun(content, ids),
    rounds: rounds.length,
    mostRounds,
    ...(acc10 !== undefined && { acc10 }),
    finished,
  };
}

function readContent(workspace: Workspace, type: string): JournalContent | undefined {
  const file = journalFile(workspace, type);
  try {
    return readJournal(file, workspace.files);
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}

/** The latest record of each configuration. */
function recordsOf(content: JournalContent | undefined) {
  return [...(content?.kernels.values() ?? [])].flatMap(
    (measured) => measured.findLast(({ record }) => record !== undefined)?.record ?? [],
  );
}

function countBegun(content: JournalContent | undefined, ids: ReadonlySet<string>): number {
  const begun = [...(content?.kernels ?? [])].filter(
    ([id, measured]) =>
      ids.has(id) && measured.some(({ visits }) => visits.length > 0) && measured.every(({ record }) => record === undefined),
  );
  return begun.length;
}

/** The files of the predictors that a kernel's build has left after each round, the first one first. */
export function listRounds(
  { paths, files }: Pick<Workspace, 'paths' | 'files'>,
  type: string,
): readonly { readonly mark: string; readonly file: string }[] {
  if (files.stat(paths.predictors) === undefined) return [];
  const marks = files.list(paths.predictors).flatMap((name) => {
    const mark = name.startsWith(`${type}_`) ? /^(initial|finegrained\d+)\.json$/.exec(name.slice(type.length + 1))?.[1] : undefined;
    return mark === undefined ? [] : [mark];
  });
  const place = (mark: string): string => (mark === 'initial' ? 'prior' : mark);
  return marks
    .sort((a, b) => compareMarks(place(a), place(b)))
    .map((mark) => ({ mark, file: path.join(paths.predictors, `${type}_${mark}.json`) }));
}

async function accuracyOf({ file }: { readonly file: string }, { files }: Workspace, registry: Registry): Promise<number> {
  const predictor = parsePredictor(await readTextFile(file, files), { file, regressor: (id) => registry.regressor(id) });
  return predictor.manifest.metrics.acc10;
}
