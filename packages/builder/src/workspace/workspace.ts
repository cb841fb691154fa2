import path from 'node:path';
import { CORE_VERSION, InvalidFileError, NnmError } from '@nnm/core';
import { type FileSystem, nodeFileSystem, readJsonFile, writeJsonFile, writeWholeFile } from '@nnm/profiler';
import { z } from 'zod';
import { type FolderKind, isThere, kindOfFolder } from './folder-kind.ts';
import { OwnFiles } from './own-files.ts';
import { type WorkspacePaths, workspacePaths } from './workspace-paths.ts';

/**
 * Version of the workspace's layout and files, kept in its manifest. Older versions are read, and keep what they mean:
 *
 * - 1: `ITERATION` counts the adaptive rounds alone;
 * - 2: `ITERATION` counts the initial round too, as nn-Meter does.
 */
export const WORKSPACE_SCHEMA_VERSION = 2;

/** A folder that holds the configuration, measurements and predictors of one backend. */
export interface Workspace {
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: WorkspaceManifest;
  readonly paths: WorkspacePaths;
  /** Where its files lie. */
  readonly files: FileSystem;
  /** What nnm has written among them. */
  readonly own: OwnFiles;
}

/** `predictor_build/manifest.json` */
export interface WorkspaceManifest {
  readonly schemaVersion: number;
  /** Seed of every random choice in this workspace, an unsigned 32-bit integer. */
  readonly seed: number;
  /** Version of nnm that made the workspace. */
  readonly nnmVersion: string;
}

/** What to do with a folder of nn-Meter's. */
function adoptHint(folder: string): string {
  return `It looks like a workspace of nn-Meter. Open it with \`nnm create ${folder} --adopt --backend <id>\`, which reads its kernel data and replaces nothing.`;
}

/** The folder is not an nnm workspace. */
export class NotAWorkspaceError extends NnmError {
  /** @param details - `isNnMeter`: it has the files of a workspace of nn-Meter */
  constructor(details: { folder: string; isNnMeter?: boolean }) {
    super({
      code: 'ERR_NOT_A_WORKSPACE',
      message: `${details.folder} is not an nnm workspace: it lacks configs/predictorbuild_config.yaml or predictor_build/manifest.json.`,
      hint: details.isNnMeter
        ? adoptHint(details.folder)
        : 'Make one with `nnm create <folder> --backend tflite_cpu`, or name one with --workspace.',
      details,
    });
  }
}

const EXISTS: Readonly<Record<Exclude<FolderKind, 'free'>, { readonly what: string; readonly hint: (folder: string) => string }>> = {
  workspace: { what: 'a workspace', hint: () => 'Use it as it is, edit its configs/, or choose another folder.' },
  damaged: {
    what: 'a workspace without configs/predictorbuild_config.yaml',
    hint: () => 'Put that file back, or choose another folder.',
  },
  'nn-Meter': { what: 'a workspace of nn-Meter', hint: adoptHint },
  files: { what: 'files', hint: () => 'Choose an empty or new folder.' },
};

/** A workspace cannot be made where something else already is. */
export class WorkspaceExistsError extends NnmError {
  constructor(details: { folder: string; what: Exclude<FolderKind, 'free'> }) {
    const { what, hint } = EXISTS[details.what];
    super({
      code: 'ERR_WORKSPACE_EXISTS',
      message: `${details.folder} already holds ${what}.`,
      hint: hint(details.folder),
      details,
    });
  }
}

const manifestSchema = z.object({ schemaVersion: z.number(), seed: z.number().int().nonnegative(), nnmVersion: z.string() });

/** What a new workspace has in `configs/`. */
export interface ConfigTexts {
  readonly buildConfig: string;
  readonly backendConfig: string;
  /** Further files by name, such as the schemas of the two. */
  readonly beside?: Readonly<Record<string, string>>;
}

/**
 * Make a workspace from the texts of its configuration files.
 *
 * @param seed - seed of every random choice in it, an unsigned 32-bit integer
 * @throws {@link WorkspaceExistsError}, {@link FileAccessError}
 */
export async function initWorkspace(
  folder: string,
  texts: ConfigTexts,
  seed: number,
  files: FileSystem = nodeFileSystem,
): Promise<Workspace> {
  const absolute = path.resolve(folder);
  const paths = workspacePaths(absolute);
  const kind = kindOfFolder(absolute, files);
  if (kind !== 'free') throw new WorkspaceExistsError({ folder: absolute, what: kind });
  const folderExisted = isThere(absolute, files);
  const own = new OwnFiles(absolute, paths.written, files);
  const manifest: WorkspaceManifest = { schemaVersion: WORKSPACE_SCHEMA_VERSION, seed: seed >>> 0, nnmVersion: CORE_VERSION };
  try {
    own.begin();
    await writeJsonFile(paths.manifest, manifest, { files });
    await writeWholeFile(paths.backendConfig, texts.backendConfig, { files });
    for (const [name, text] of Object.entries(texts.beside ?? {})) {
      await writeWholeFile(path.join(path.dirname(paths.buildConfig), name), text, { files });
    }
    // The last one: with it the workspace is there, without it this may be done again.
    await writeWholeFile(paths.buildConfig, texts.buildConfig, { files });
  } catch (error) {
    // Half a workspace would be in the way of the next attempt; the folder was new or empty. What makes it one goes first, for good.
    removeQuietly(paths.buildConfig, files);
    syncQuietly(path.dirname(paths.buildConfig), files);
    const made = folderExisted ? [path.dirname(paths.buildConfig), path.dirname(paths.manifest)] : [absolute];
    for (const folder of made) removeQuietly(folder, files);
    throw error;
  }
  return { folder: absolute, manifest, paths, files, own };
}

function removeQuietly(place: string, files: FileSystem): void {
  quietly(() => files.remove(place));
}

function syncQuietly(folder: string, files: FileSystem): void {
  quietly(() => files.syncFolder(folder));
}

/** The error that led to cleaning up says more than one of cleaning up. */
function quietly(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/**
 * Open an existing workspace.
 *
 * @throws {@link NotAWorkspaceError}; {@link InvalidFileError} when it was made by another version of the format
 */
export async function openWorkspace(folder: string, files: FileSystem = nodeFileSystem): Promise<Workspace> {
  const absolute = path.resolve(folder);
  const paths = workspacePaths(absolute);
  const kind = kindOfFolder(absolute, files);
  if (kind !== 'workspace') throw new NotAWorkspaceError({ folder: absolute, isNnMeter: kind === 'nn-Meter' });
  const parsed = manifestSchema.safeParse(await readJsonFile(paths.manifest, files));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: key, message }) => ({ key: key.join('.'), message }));
    throw new InvalidFileError({ file: paths.manifest, problems, hint: 'Restore the file, or make a new workspace.' });
  }
  const { schemaVersion } = parsed.data;
  if (!Number.isInteger(schemaVersion) || schemaVersion < 1 || schemaVersion > WORKSPACE_SCHEMA_VERSION) {
    throw new InvalidFileError({
      file: paths.manifest,
      problems: [
        {
          key: 'schemaVersion',
          message: `is ${schemaVersion}; this nnm reads workspaces of version 1 to ${WORKSPACE_SCHEMA_VERSION}`,
        },
      ],
      hint: 'Use the version of nnm that made the workspace, or make a new one.',
    });
  }
  return { folder: absolute, manifest: parsed.data, paths, files, own: new OwnFiles(absolute, paths.written, files) };
}

/** Open the nearest workspace in `start` or above it. @throws {@link NotAWorkspaceError} */
export async function findWorkspace(start: string, files: FileSystem = nodeFileSystem): Promise<Workspace> {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (isThere(workspacePaths(folder).manifest, files)) return openWorkspace(folder, files);
    if (folder === path.dirname(folder)) {
      throw new NotAWorkspaceError({ folder: path.resolve(start), isNnMeter: kindOfFolder(path.resolve(start), files) === 'nn-Meter' });
    }
  }
}
