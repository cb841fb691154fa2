import { NnmCommand } from '../base-command.ts';
import { diagnoseDevices } from '../doctor/diagnose.ts';
import { renderTable } from '../output/table.ts';
import { BACKEND_PACKAGES, DEVICE_PACKAGES } from '../plugins/backend-packages.ts';
import { describeOrigin, type PluginOrigin } from '../plugins/origin.ts';

interface BackendEntry {
  readonly id: string;
  readonly description: string;
  readonly implement: readonly string[];
  readonly modelExtension: string;
  /** Kinds of devices beside this machine that it runs on. */
  readonly devices: readonly string[];
  readonly plugin: string;
  readonly origin: PluginOrigin;
}

/** `nnm backends` */
export default class Backends extends NnmCommand {
  static override summary = 'List the backends: inference runtimes on a device.';
  static override description = '`nnm connect --backend <id>` starts one and says what it is. A `*` marks what is not built in.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<readonly BackendEntry[]> {
    await this.parse(Backends);
    const { registry, originOf } = await this.discover();
    const entries = registry.backends.map(({ value, plugin }) => ({
      id: value.id,
      description: value.description,
      implement: value.implement,
      modelExtension: value.modelExtension,
      devices: registry.devices.flatMap(({ value: kind }) => (kind.refuse(value) === undefined ? kind.id : [])),
      plugin,
      origin: originOf(plugin),
    }));
    const rows = entries.map(({ id, description, implement, modelExtension, devices, plugin, origin }) => [
      `${origin.kind === 'builtin' ? ' ' : '*'} ${id}`,
      description,
      implement.join(' '),
      modelExtension,
      devices.join(' '),
      origin.kind === 'builtin' ? plugin : `${plugin} (${describeOrigin(origin)})`,
    ]);
    if (entries.length > 0)
      this.log(
        renderTable(
          [
            { title: '  BACKEND' },
            { title: 'DESCRIPTION' },
            { title: 'IMPLEMENT' },
            { title: 'MODEL' },
            { title: 'ALSO ON' },
            { title: 'FROM' },
          ],
          rows,
          this.paint,
        ),
      );
    if (entries.some(({ origin }) => origin.kind !== 'builtin')) this.log(this.paint.dim('\n* added by you: not built in'));
    for (const { value } of registry.backends) {
      const error = value.whyNot?.();
      if (error !== undefined) this.note(`Not on this machine: ${error.message} ${error.hint ?? ''}`.trim());
    }
    for (const [id, name] of Object.entries(BACKEND_PACKAGES)) {
      if (!entries.some((entry) => entry.id === id)) this.note(`Not installed: ${id}. \`nnm plugins add ${name}\` adds it.`);
    }
    const known = registry.devices.map(({ value }) => value.id);
    for (const { what, status, text, hint = '' } of await diagnoseDevices(registry)) {
      if (status === 'ok') this.note(`${what}: ${text}. \`--device\` or DEVICE in backend_config.yaml chooses it.`);
      else this.note(`${what} does not work here: ${text} ${hint}`);
    }
    for (const [id, name] of Object.entries(DEVICE_PACKAGES)) {
      if (!known.includes(id)) this.note(`Not installed: the device ${id}. \`nnm plugins add ${name}\` adds it.`);
    }
    return entries;
  }
}
