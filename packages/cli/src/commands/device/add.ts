import { isHere, nameDevice, readNamedDevices } from '@nnm/builder';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { chooseDevice } from '../../devices/choose-device.ts';
import { parseDeviceSettings } from '../../devices/parse-settings.ts';
import { UsageError } from '../../errors.ts';

interface AddedDevice {
  readonly name: string;
  readonly address: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `nnm device add <name> <address>` */
export default class DeviceAdd extends NnmCommand {
  static override summary = 'Give a device a name, for all your workspaces.';
  static override description =
    'The name stands for the address in DEVICE and --device. It is kept in devices.json in your data folder, with settings of the device that hold for every workspace; what a workspace says itself comes first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> pi ssh://pi@192.168.0.7',
    '<%= config.bin %> <%= command.id %> pi ssh://pi@board:2222 --set SSH_NODE=/opt/node/bin/node',
  ];
  static override args = {
    name: Args.string({ description: 'Letters, digits, _ and -, beginning with a letter.', required: true }),
    address: Args.string({ description: 'An address, or the id of a kind; see `nnm device list`.', required: true }),
  };
  static override flags = {
    set: Flags.string({ description: 'A setting of the device, by its key.', helpValue: '<KEY=VALUE>', multiple: true, default: [] }),
  };

  async run(): Promise<AddedDevice> {
    const { args, flags } = await this.parse(DeviceAdd);
    const { name, address } = args;
    const { registry } = await this.discover();
    if (isHere(name) || registry.devices.some(({ value }) => value.id === name)) {
      throw new UsageError({ message: `"${name}" means something already, as DEVICE says it.`, hint: 'Choose another name.' });
    }
    if (isHere(address)) throw new UsageError({ message: 'This machine has a name: `here`.' });
    const settings = parseDeviceSettings(flags.set);
    chooseDevice(address, registry, {}, settings);
    const before = (await readNamedDevices())[name];
    await nameDevice(name, { address, ...(flags.set.length > 0 && { settings }) });
    this.log(`${this.paint.bold(name)} is ${address} now${before === undefined ? '' : `; it was ${before.address}`}.`);
    this.log(`Next: nnm device check ${name}`);
    return { name, address, settings };
  }
}
