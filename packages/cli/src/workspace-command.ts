import type { ConfiguredBackend, DeviceChoice, ReadConfigOptions, Workspace, WorkspaceConfig } from '@nnm/builder';
import type { AnyBackend, Device, Registry } from '@nnm/core';
import { Flags } from '@oclif/core';
import { NnmCommand } from './base-command.ts';
import type { ModelPredictors } from './models/open-predictors.ts';
import type { Discovery } from './plugins/discover.ts';

/** A workspace with its configuration and the plugins that apply to it. */
export interface WorkspaceSetup {
  readonly workspace: Workspace;
  readonly discovery: Discovery;
  readonly config: WorkspaceConfig;
}

/** A backend with its settings, and where they come from. */
export interface BackendSetup extends ConfiguredBackend {
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

  /** Devices that are given back when the command ends. */
  private readonly devices: Device[] = [];

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
    await this.keepDevice(config.backend);
    return { workspace, discovery, config };
  }

  /** The backend that `--backend` names, with default settings, or else that of the workspace with its own. */
  protected async chooseBackend(flags: {
    readonly backend: string | undefined;
    readonly workspace: string | undefined;
    readonly device?: string | undefined;
    readonly lan?: boolean | undefined;
  }): Promise<BackendSetup> {
    if (flags.backend === undefined) {
      const { workspace, config } = await this.openSetup(flags.workspace, deviceChoice(flags));
      const { backend, settings, device } = config;
      return { workspace, backend, settings, ...(device && { device }) };
    }
    const { registry } = await this.discover();
    return this.configure(registry.backend(flags.backend), registry, deviceChoice(flags));
  }

  /** A backend with default settings, on the device that a command names. */
  protected async configure(backend: AnyBackend, registry: Registry, choice: DeviceChoice): Promise<BackendSetup> {
    const { configureBackend, namesFor } = await import('@nnm/builder');
    const named = await namesFor(choice.device, registry);
    const setup = configureBackend(backend, {}, registry, { ...choice, named });
    await this.keepDevice(setup.backend);
    return setup;
  }

  /** What models are predicted with, by `--predictor`. @throws what opening it throws */
  protected async openPredictors(place: string, registry: Registry): Promise<ModelPredictors> {
    const { openPredictors } = await import('./models/open-predictors.ts');
    const predictors = await openPredictors(place, registry);
    if (predictors.workspace !== undefined) await this.keepDevice(predictors.workspace.config.backend);
    return predictors;
  }

  /** What a device's user has to do, such as to open a link, is told, with `--json` too; the device is given back at the end. */
  private async keepDevice(backend: AnyBackend): Promise<void> {
    const { deviceOf } = await import('@nnm/core');
    const device = deviceOf(backend);
    if (device === undefined) return;
    this.devices.push(device);
    device.onNotice((text) => process.stderr.write(`${text}\n`));
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await Promise.all(this.devices.map((device) => device.close()));
    await super.finally(error);
  }
}

/** `--device` and `--lan` of the commands that measure. */
export const deviceFlags = {
  device: Flags.string({
    description:
      'Where the runtime runs: `here`, `browser`, an address such as `ssh://pi@board`, or a name that `nnm device add` gave. Default: DEVICE in configs/backend_config.yaml, or here.',
    helpValue: '<device>',
  }),
  lan: Flags.boolean({
    description: 'With a browser: print a link for the network of this machine, which works once, for the first browser that opens it.',
  }),
};

/** What the flags of a command say of the device. */
export function deviceChoice({ device, lan }: { readonly device?: string | undefined; readonly lan?: boolean | undefined }): DeviceChoice {
  return { ...(device !== undefined && { device }), ...(lan && { deviceSettings: { LAN: true } }) };
}

/** `--backend <id>`, instead of the workspace's backend. */
export function backendFlag() {
  return Flags.string({
    char: 'b',
    description: 'A backend with its default settings, instead of the workspace and its settings; see `nnm backends`.',
    helpValue: '<backend>',
    exclusive: ['workspace'],
  });
}
