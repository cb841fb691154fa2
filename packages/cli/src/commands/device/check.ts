import { Args, Flags } from '@oclif/core';
import { checkDevice } from '../../devices/check-device.ts';
import { chooseDevice } from '../../devices/choose-device.ts';
import type { Diagnosis } from '../../doctor/diagnose.ts';
import { showDiagnosis } from '../../doctor/show-diagnosis.ts';
import { type BackendSetup, WorkspaceCommand } from '../../workspace-command.ts';

interface DeviceReport {
  readonly device: string;
  /** False when something failed: nothing can be measured there as it is. */
  readonly usable: boolean;
  readonly findings: readonly Diagnosis[];
}

/** `nnm device check [device]` */
export default class DeviceCheck extends WorkspaceCommand {
  static override summary = 'Say how fit a device is to measure on: reachable, quiet, pinned, hot, throttled.';
  static override description =
    'Looks at what the device tells of itself, then starts the runtime of a backend there and listens with the reference kernel for some seconds. Exits with 1 when nothing can be measured there; a warning is no failure.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> here',
    '<%= config.bin %> <%= command.id %> ssh://pi@board',
    '<%= config.bin %> <%= command.id %> pi --backend tflite_cpu --seconds 30',
  ];
  static override args = {
    device: Args.string({
      description:
        'A name or address, the id of a kind, or `here`. Default: the device of the workspace, or this machine where there is none.',
    }),
  };
  static override flags = {
    backend: Flags.string({
      char: 'b',
      description: 'Whose reference kernel tells how quiet it is. Default: that of the workspace, or the first that runs there.',
      helpValue: '<backend>',
      exclusive: ['workspace'],
    }),
    seconds: Flags.integer({ char: 's', description: 'How long to listen.', min: 1, max: 3600, default: 5, helpValue: '<n>' }),
  };

  async run(): Promise<DeviceReport> {
    const { args, flags } = await this.parse(DeviceCheck);
    const { device, setup, name } = await this.choose(args.device, flags);
    const findings: Diagnosis[] = [];
    for await (const finding of checkDevice(device, setup, { seconds: flags.seconds, signal: this.signal })) {
      findings.push(finding);
      this.log(showDiagnosis(finding, this.paint));
    }
    const usable = findings.every(({ status }) => status !== 'failed');
    if (!usable) process.exitCode = 1;
    return { device: name, usable, findings };
  }

  /** The device, and a backend on it. */
  private async choose(
    given: string | undefined,
    flags: { readonly backend?: string | undefined; readonly workspace?: string | undefined },
  ): Promise<{ device: BackendSetup['device']; setup: BackendSetup | undefined; name: string }> {
    const { isHere, namesFor } = await import('@nnm/builder');
    const isInWorkspace = flags.workspace !== undefined || (flags.backend === undefined && (await this.isInWorkspace()));
    if (isInWorkspace || flags.backend !== undefined) {
      const setup = await this.chooseBackend({ backend: flags.backend, workspace: flags.workspace, device: given });
      return { device: setup.device, setup, name: given ?? setup.device?.kind.id ?? 'here' };
    }
    const { registry } = await this.discover();
    const backends = registry.backends.map(({ value }) => value);
    if (given === undefined || isHere(given)) {
      const backend = backends.find((one) => one.whyNot?.() === undefined && one.runtime instanceof URL);
      return { device: undefined, setup: backend && (await this.configure(backend, registry, {})), name: 'here' };
    }
    const device = chooseDevice(given, registry, await namesFor(given, registry));
    const backend = backends.find((one) => device.kind.refuse(one) === undefined);
    return { device, setup: backend && (await this.configure(backend, registry, { device: given })), name: given };
  }

  private async isInWorkspace(): Promise<boolean> {
    const { NnmError } = await import('@nnm/core');
    try {
      await this.openWorkspace(undefined);
      return true;
    } catch (error) {
      if (NnmError.isInstance(error) && error.code === 'ERR_NOT_A_WORKSPACE') return false;
      throw error;
    }
  }
}
