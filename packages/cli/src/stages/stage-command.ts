import type { KernelBuildSettings, PipelineContext, Workspace } from '@nnm/builder';
import { type AnyBackend, type Implement, NnmError, type Registry } from '@nnm/core';
import { Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { INPUT_FORMATS } from '../input/input-format.ts';
import { kernelFlag } from '../name-flags.ts';
import { SEED_VARIABLE } from '../run-flags.ts';
import { backendFlag, deviceChoice, WorkspaceCommand } from '../workspace-command.ts';

/** What a stage works with: that of a workspace, or of flags where there is none. */
export interface StageSetup extends Pick<PipelineContext, 'registry' | 'implement' | 'batchSize' | 'seed'> {
  readonly kernels: ReadonlyMap<string, Partial<KernelBuildSettings>>;
  readonly backend?: { readonly backend: AnyBackend; readonly settings: unknown };
  readonly workspace?: Workspace;
}

/** A stage with a backend. */
export type MeasuringSetup = StageSetup & Required<Pick<StageSetup, 'backend'>>;

/** Flags of the stages that work on files, with a workspace's settings or without one. */
export const stageFlags = {
  backend: backendFlag(),
  implement: Flags.option({
    options: ['tensorflow', 'torch'] as const,
    description: "Framework whose layout and padding the models follow. Default: the workspace's, or the backend's own.",
  })(),
  'batch-size': Flags.integer({ min: 1, max: 65_536, description: "Default: the workspace's, or 1.", helpValue: '<n>' }),
  seed: Flags.integer({
    min: 0,
    max: 2 ** 32 - 1,
    description: "Seed of every random choice. Default: the workspace's, or 0.",
    helpValue: '<n>',
    env: SEED_VARIABLE,
  }),
};

/** Flags of the stages that read rows. */
export const rowFlags = {
  kernel: kernelFlag({ description: 'Kernel of rows that do not say of which they are.' }),
  'input-format': Flags.option({
    options: INPUT_FORMATS,
    description: 'How the files of rows are written. Default: what their names end in, or else what they begin with.',
    helpValue: '<format>',
  })(),
};

interface StageFlagValues {
  readonly backend?: string | undefined;
  readonly workspace?: string | undefined;
  readonly implement?: Implement | undefined;
  readonly 'batch-size'?: number | undefined;
  readonly seed?: number | undefined;
  readonly device?: string | undefined;
  readonly lan?: boolean | undefined;
}

/** Base of the commands that are one stage: files in, files out. */
export abstract class StageCommand extends WorkspaceCommand {
  /**
   * The workspace's settings, the nearest one's too; those of `--backend` where it is given; and without both what needs no backend.
   *
   * @param needsBackend - a stage that converts or measures
   */
  protected async openStage(flags: StageFlagValues, needsBackend: true): Promise<MeasuringSetup>;
  protected async openStage(flags: StageFlagValues, needsBackend: boolean): Promise<StageSetup>;
  protected async openStage(flags: StageFlagValues, needsBackend: boolean): Promise<StageSetup> {
    const found = flags.backend === undefined ? await this.nearestWorkspace(flags.workspace) : undefined;
    if (found !== undefined) {
      const { discovery, config } = await this.openSetup(found.folder, { needsBackend, ...deviceChoice(flags) });
      const { registry } = discovery;
      const { backend, settings, implement, batchSize, kernels } = config;
      const own = { registry, workspace: found, implement, batchSize, kernels, seed: found.manifest.seed };
      return { ...withFlags(own, flags), backend: { backend, settings } };
    }
    const { registry } = await this.discover();
    const bare = { registry, batchSize: 1, seed: 0, kernels: new Map() };
    if (flags.backend !== undefined) {
      const { backend, settings } = await this.configure(registry.backend(flags.backend), registry, deviceChoice(flags));
      const setup = withFlags({ ...bare, implement: flags.implement ?? backend.implement[0] }, flags);
      assertRuns(backend, setup.implement);
      return { ...setup, backend: { backend, settings } };
    }
    if (needsBackend) throw noBackend(registry);
    return withFlags({ ...bare, implement: flags.implement ?? 'tensorflow' }, flags);
  }

  /** The workspace that is named, or the nearest one; undefined where there is none. */
  private async nearestWorkspace(folder: string | undefined): Promise<Workspace | undefined> {
    try {
      return await this.openWorkspace(folder);
    } catch (error) {
      if (folder !== undefined || !NnmError.isInstance(error) || error.code !== 'ERR_NOT_A_WORKSPACE') throw error;
      return undefined;
    }
  }
}

function withFlags(setup: StageSetup, flags: StageFlagValues): StageSetup {
  return {
    ...setup,
    ...(flags.implement !== undefined && { implement: flags.implement }),
    ...(flags['batch-size'] !== undefined && { batchSize: flags['batch-size'] }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  };
}

function assertRuns(backend: AnyBackend, implement: Implement): void {
  if (backend.implement.includes(implement)) return;
  throw new UsageError({
    message: `The backend ${backend.id} does not run ${implement} models.`,
    hint: `Leave --implement out, or give ${backend.implement.join(' or ')}.`,
  });
}

function noBackend(registry: Registry): UsageError {
  const known = registry.backends.map(({ value }) => value.id);
  return new UsageError({
    message: 'There is no backend: none is named, and there is no workspace here or above.',
    hint: `Name one with --backend (${known.join(', ') || 'none is installed: see `nnm backends`'}), or a workspace with --workspace.`,
  });
}

/** The context of a stage that measures or trains and writes to no workspace. */
export function stageContext(
  { backend, workspace: _, ...setup }: MeasuringSetup,
  options: Pick<PipelineContext, 'signal' | 'timeLeftMs' | 'settleLeftMs' | 'measure'>,
): PipelineContext {
  return { ...setup, ...backend, ...options };
}
