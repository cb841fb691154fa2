import { NnmCommand } from '../base-command.ts';
import { renderTable } from '../output/table.ts';
import { BACKEND_PACKAGES } from '../plugins/backend-packages.ts';
import { describeOrigin, type PluginOrigin } from '../plugins/origin.ts';

interface BackendEntry {
  readonly id: string;
  readonly description: string;
  readonly implement: readonly string[];
  readonly modelExtension: string;
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
      plugin,
      origin: originOf(plugin),
    }));
    const rows = entries.map(({ id, description, implement, modelExtension, plugin, origin }) => [
      `${origin.kind === 'builtin' ? ' ' : '*'} ${id}`,
      description,
      implement.join(' '),
      modelExtension,
      origin.kind === 'builtin' ? plugin : `${plugin} (${describeOrigin(origin)})`,
    ]);
    if (entries.length > 0)
      this.log(
        renderTable(
          [{ title: '  BACKEND' }, { title: 'DESCRIPTION' }, { title: 'IMPLEMENT' }, { title: 'MODEL' }, { title: 'FROM' }],
          rows,
          this.paint,
        ),
      );
    if (entries.some(({ origin }) => origin.kind !== 'builtin')) this.log(this.paint.dim('\n* added by you: not built in'));
    for (const [id, name] of Object.entries(BACKEND_PACKAGES)) {
      if (!entries.some((entry) => entry.id === id)) this.note(`Not installed: ${id}. \`nnm plugins add ${name}\` adds it.`);
    }
    return entries;
  }
}
