import { forgetDevice, readNamedDevices } from '@nnm/builder';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { chooseDevice } from '../../devices/choose-device.ts';

interface RemovedDevice {
  readonly device: string;
  /** True when it had a name, which is forgotten. */
  readonly wasNamed: boolean;
  /** What was deleted on the device; absent when nothing was asked of it. */
  readonly deleted?: string;
}

/** `nnm device remove <device>` */
export default class DeviceRemove extends NnmCommand {
  static override summary = 'Forget the name of a device, and delete what nnm has put there.';
  static override description =
    'What was measured there, and what was built of it, stays. Without a name, an address only has its agent deleted.';
  static override examples = ['<%= config.bin %> <%= command.id %> pi', '<%= config.bin %> <%= command.id %> ssh://pi@board'];
  static override args = { device: Args.string({ description: 'A name or an address.', required: true }) };
  static override flags = {
    'name-only': Flags.boolean({ description: 'Forget the name without asking the device, which may be gone.' }),
  };

  async run(): Promise<RemovedDevice> {
    const { args, flags } = await this.parse(DeviceRemove);
    const named = await readNamedDevices();
    const wasNamed = Object.hasOwn(named, args.device);
    let deleted: string | undefined;
    if (!(flags['name-only'] && wasNamed)) {
      const { registry } = await this.discover();
      const { kind, settings } = chooseDevice(args.device, registry, named);
      deleted = await kind.remove?.(settings);
      if (deleted !== undefined) this.log(deleted);
    }
    if (wasNamed) await forgetDevice(args.device);
    if (wasNamed) this.log(`Forgot ${this.paint.bold(args.device)}.`);
    else if (deleted === undefined) this.log(`Nothing of nnm is kept on ${args.device}.`);
    return { device: args.device, wasNamed, ...(deleted !== undefined && { deleted }) };
  }
}
