import type { ReadConfigOptions, Workspace, WorkspaceConfig } from '@nnm/builder';
import type { AnyBackend } from '@nnm/core';
import { Flags } from '@oclif/core';
import { NnmCommand } from './base-command.ts';
import type { Discovery } from './plugins/discover.ts';

/** A workspace with its configuration and the plugins that apply to it. */
export interface WorkspaceSetup {
  readonly workspace: Workspace;
  readonly discovery: Discovery;
  readonly config: WorkspaceConfig;
}

/** A backend with its settings, and where they come from. */
export interface BackendSetup {
  readonly backend: AnyBackend;
  readonly settings: unknown;
  /** The workspace the settings were read from; absent for default settings. */
  readonly workspace?: Workspace;
}

/** Base of the commands that work in a workspace: `--workspace`, by default the nearest one upwards from the current folder. */
export abstract class WorkspaceCommand extends NnmCommand {
  static override baseFlags = {
    ...NnmCommand.baseFlags,
    workspace: Flags.string({
      char: 'w',
      description: 'Folder of the workspace. Default: NNM_WORKSPACE, or the current folder, or the nearest workspace above it.',
      helpValue: '<folder>',
      helpGroup: 'GLOBAL',
    }),
  };

  /** @throws core's `NotAWorkspaceError` */
  protected async openWorkspace(folder: string | undefined): Promise<Workspace> {
    const { findWorkspace, openWorkspace } = await import('@nnm/builder');
    const named = folder ?? (process.env.NNM_WORKSPACE || undefined);
    return named === undefined ? findWorkspace(process.cwd()) : openWorkspace(named);
  }

  /**
   * The workspace, its checked configuration, and the plugins. Says which listed kernels nothing provides here.
   *
   * @param options - `needsBackend: false` for commands that measure nothing, and do without the backend's plugin
   */
  protected async openSetup(folder: string | undefined, options: ReadConfigOptions = {}): Promise<WorkspaceSetup> {
    const { readWorkspaceConfig } = await import('@nnm/builder');
    const workspace = await this.openWorkspace(folder);
    const discovery = await this.discover();
    const config = await readWorkspaceConfig(workspace, discovery.registry, { env: process.env, ...options });
    for (const variable of new Set(config.overrides?.map((one) => one.variable))) {
      this.note(`The environment variable ${variable} counts in place of what the workspace's configuration says.`);
    }
    for (const problem of config.missing.values()) this.caution(`Left out: ${problem}`);
    return { workspace, discovery, config };
  }

  /** The backend that `--backend` names, with default settings, or else that of the workspace with its own. */
  protected async chooseBackend(flags: {
    readonly backend: string | undefined;
    readonly workspace: string | undefined;
  }): Promise<BackendSetup> {
    if (flags.backend === undefined) {
      const { workspace, config } = await this.openSetup(flags.workspace);
      return { workspace, backend: config.backend, settings: config.settings };
    }
    const { registry } = await this.discover();
    const backend = registry.backend(flags.backend);
    return { backend, settings: backend.parseSettings({}) };
  }
}

/** `--backend <id>`, instead of the workspace's backend. */
export const backendFlag = Flags.string({
  char: 'b',
  description: 'A backend with its default settings, instead of the workspace and its settings; see `nnm backends`.',
  helpValue: '<id>',
  exclusive: ['workspace'],
});
