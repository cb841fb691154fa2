import { NnmCommand } from '../../base-command.ts';
import { reportError } from '../../output/describe-error.ts';
import { renderTable } from '../../output/table.ts';
import { describeOrigin, type PluginOrigin } from '../../plugins/origin.ts';
import { unusable } from '../../plugins/unusable.ts';

interface PluginEntry {
  readonly name: string;
  readonly version?: string;
  /** Absent for a conflict between plugins. */
  readonly origin?: PluginOrigin;
  readonly kernels: readonly string[];
  readonly backends: readonly string[];
  readonly devices: readonly string[];
  readonly regressors: readonly string[];
  /** Why it cannot be used, if it cannot. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** `nnm plugins list` */
export default class PluginsList extends NnmCommand {
  static override summary = 'List the plugins with kernels and backends that apply here.';
  static override description = 'A `*` marks what is not built in, a `!` what cannot be used, and below the table why.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<readonly PluginEntry[]> {
    await this.parse(PluginsList);
    const found = await this.find();
    for (const note of found.notes) this.note(note);
    const entries: readonly PluginEntry[] = [
      ...found.plugins.map(({ plugin, origin }) => ({
        name: plugin.name,
        ...(plugin.version !== undefined && { version: plugin.version }),
        origin,
        kernels: (plugin.kernels ?? []).map(({ type }) => type),
        backends: (plugin.backends ?? []).map(({ id }) => id),
        devices: (plugin.devices ?? []).map(({ id }) => id),
        regressors: (plugin.regressors ?? []).map(({ id }) => id),
      })),
      ...unusable(found).map(({ what, origin, error }) => {
        const { code, message } = reportError(error);
        return { name: what, ...(origin && { origin }), kernels: [], backends: [], devices: [], regressors: [], error: { code, message } };
      }),
    ];
    this.show(entries);
    return entries;
  }

  private show(entries: readonly PluginEntry[]): void {
    const rows = entries.map(({ name, version, origin, kernels, backends, devices, regressors, error }) => [
      `${error !== undefined ? '!' : origin?.kind === 'builtin' ? ' ' : '*'} ${name}`,
      version ?? '',
      String(kernels.length),
      backends.join(' '),
      [...devices, ...regressors].join(' '),
      origin === undefined ? '' : describeOrigin(origin),
    ]);
    this.log(
      renderTable(
        [
          { title: '  PLUGIN' },
          { title: 'VERSION' },
          { title: 'KERNELS', align: 'right' },
          { title: 'BACKENDS' },
          { title: 'DEVICES, REGRESSORS' },
          { title: 'FROM' },
        ],
        rows,
        this.paint,
      ),
    );
    for (const { name, error } of entries) if (error !== undefined) this.log(`\n${this.paint.red(`! ${name}`)}: ${error.message}`);
  }
}
