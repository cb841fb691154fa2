import { NnmError } from '@nnm/core';
import { fileExists } from '@nnm/profiler';
import { readConfigFile, type Workspace } from '../workspace/index.ts';
import type { PipelineContext } from './context.ts';
import { kernelId } from './kernel-id.ts';
import { configFile } from './sample.ts';

/**
 * What to say when the first round of an earlier build, as the workspace has it, was of another IMPLEMENT or BATCH_SIZE: ids depend on both,
 * so that nothing of it counts, and nothing else would say why everything is measured anew. Undefined when there is nothing to say.
 */
export async function otherSettingNote(
  kernelType: string,
  context: PipelineContext & { readonly workspace: Workspace },
): Promise<string | undefined> {
  const { workspace, implement, batchSize } = context;
  const file = configFile(workspace, kernelType, 'prior');
  if (!(await fileExists(file, workspace.files))) return undefined;
  let entries: [string, Parameters<typeof kernelId>[1]][];
  try {
    const saved = (await readConfigFile(file, workspace.files))[kernelType] ?? {};
    entries = Object.entries(saved).map(([id, { config }]) => [id, config]);
  } catch (error) {
    // What cannot be read says nothing of its setting; it is about to be written again, and `nnm check` tells of it.
    if (NnmError.isInstance(error)) return undefined;
    throw error;
  }
  if (entries.length === 0 || entries.some(([id, config]) => kernelId(kernelType, config, context) === id)) return undefined;
  return `${kernelType}: what an earlier build measured here was of another IMPLEMENT or BATCH_SIZE than ${implement} and ${batchSize}: those measurements do not count now, and everything is measured for this setting.`;
}
