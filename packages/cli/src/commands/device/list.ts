import { readNamedDevices } from '@nnm/builder';
import { NnmCommand } from '../../base-command.ts';
import { renderTable } from '../../output/table.ts';

interface DeviceList {
  /** Devices that were given a name. */
  readonly devices: readonly {
    readonly name: string;
    readonly address: string;
    readonly settings: Readonly<Record<string, unknown>>;
  }[];
  /** Kinds of devices that plugins bring, and what their addresses are; absent where they have none. */
  readonly kinds: readonly { readonly id: string; readonly description: string; readonly address?: string }[];
}

/** `nnm device list` */
export default class DeviceListCommand extends NnmCommand {
  static override summary = 'List the devices that you have named, and the kinds there are.';
  static override description =
    'A workspace says where its runtime runs by DEVICE in configs/backend_config.yaml: `here`, the id of a kind, an address such as `ssh://pi@board`, or a name from this list.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<DeviceList> {
    await this.parse(DeviceListCommand);
    const { registry } = await this.discover();
    const devices = Object.entries(await readNamedDevices()).map(([name, { address, settings = {} }]) => ({ name, address, settings }));
    const kinds = registry.devices.map(({ value: { id, description, address } }) => ({ id, description, ...(address && { address }) }));
    const rows = devices.map(({ name, address, settings }) => [
      name,
      address,
      Object.entries(settings)
        .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(' '),
    ]);
    if (rows.length > 0) this.log(renderTable([{ title: 'NAME' }, { title: 'ADDRESS' }, { title: 'SETTINGS' }], rows, this.paint));
    else this.log('No device has a name yet: `nnm device add <name> <address>` gives one.');
    this.log('');
    const forms = [
      ['here', 'This machine.'],
      ...kinds.map(({ id, description, address }) => [address === undefined ? id : `${id}://${address}`, description]),
    ];
    this.log(renderTable([{ title: 'ADDRESSES' }, { title: 'WHAT' }], forms, this.paint));
    return { devices, kinds };
  }
}
