import { fileExists, readJsonFile, type Workspace } from '@nnm/builder';
import { InvalidFileError, NnmError } from '@nnm/core';
import { type FusionRules, parseFusionRules } from '../detect/fusion-rules.ts';
import { networkFiles } from './network-files.ts';

/** Write the rules by which a workspace's models are taken apart. @returns the file */
export async function writeRules(workspace: Workspace, rules: FusionRules): Promise<string> {
  const file = networkFiles(workspace).rules;
  await workspace.own.writeJson(file, rules);
  return file;
}

/**
 * The rules of fusion that a workspace has of its own; undefined where those that are built in for its backend hold.
 *
 * @throws {@link InvalidFileError} when they are damaged or of another version
 */
export async function readRules(workspace: Workspace): Promise<FusionRules | undefined> {
  const file = networkFiles(workspace).rules;
  if (!(await fileExists(file, workspace.files))) return undefined;
  const content = await readJsonFile(file, workspace.files);
  try {
    return parseFusionRules(content);
  } catch (error) {
    if (!NnmError.isInstance(error)) throw error;
    const hint = 'Mend it, or remove it: `nnm fusion detect` measures rules again.';
    throw new InvalidFileError({ file, problems: [{ key: '', message: error.message }], hint }, { cause: error });
  }
}
