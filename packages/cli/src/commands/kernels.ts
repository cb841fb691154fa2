import { type AnyKernel, type ConfigRange, kernelFamily } from '@nnm/core';
import { Args } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { type KernelOperator, kernelOperators } from '../output/operator-runs.ts';
import { renderFacts, renderTable } from '../output/table.ts';
import { describeOrigin, type PluginOrigin } from '../plugins/origin.ts';

interface KernelEntry {
  readonly type: string;
  readonly family: string;
  readonly description?: string;
  readonly implement: readonly string[];
  readonly keys: readonly string[];
  readonly plugin: string;
  readonly origin: PluginOrigin;
}

interface KernelDetail extends KernelEntry {
  readonly configSpace: Readonly<Record<string, ConfigRange>>;
  readonly features: readonly string[];
  /** Its operators and how each backend runs them. */
  readonly operators: readonly KernelOperator[];
}

/** `nnm kernels [kernel]` */
export default class Kernels extends NnmCommand {
  static override summary = 'List the kernels, or show one with its configuration keys and ranges.';
  static override description =
    'A kernel is a group of operators that a runtime runs as one, such as conv-bn-relu. Kernels of one family share a predictor. A `*` marks what is not built in.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> conv-bn-relu',
    '<%= config.bin %> <%= command.id %> --json',
  ];
  static override args = { kernel: Args.string({ description: 'Kernel to show in detail.' }) };

  async run(): Promise<readonly KernelEntry[] | KernelDetail> {
    const { args } = await this.parse(Kernels);
    const { registry, originOf } = await this.discover();
    if (args.kernel !== undefined) {
      const kernel = registry.kernel(args.kernel);
      const owner = registry.kernels.find(({ value }) => value === kernel)!.plugin;
      const detail: KernelDetail = {
        ...describeKernel(kernel, owner, originOf(owner)),
        configSpace: kernel.configSpace as Readonly<Record<string, ConfigRange>>,
        features: kernel.features.featureNames,
        operators: kernelOperators(
          kernel,
          registry.backends.map(({ value }) => value),
        ),
      };
      this.showDetail(detail);
      return detail;
    }
    const entries = registry.kernels.map(({ value, plugin }) => describeKernel(value, plugin, originOf(plugin)));
    if (!this.jsonEnabled()) this.showList(entries); // laying out a table takes a tenth of the program's time
    return entries;
  }

  private showList(entries: readonly KernelEntry[]): void {
    const rows = entries.map(({ type, family, keys, plugin, origin }) => [
      `${origin.kind === 'builtin' ? ' ' : '*'} ${type}`,
      family,
      keys.join(' '),
      origin.kind === 'builtin' ? plugin : `${plugin} (${describeOrigin(origin)})`,
    ]);
    this.log(renderTable([{ title: '  KERNEL' }, { title: 'FAMILY' }, { title: 'KEYS' }, { title: 'FROM' }], rows, this.paint));
    if (entries.some(({ origin }) => origin.kind !== 'builtin')) this.log(this.paint.dim('\n* added by you: not built in'));
  }

  private showDetail(detail: KernelDetail): void {
    this.log(
      renderFacts(
        [
          ['kernel', this.paint.bold(detail.type)],
          ['description', detail.description],
          ['family', detail.family === detail.type ? `${detail.family} (its own)` : detail.family],
          ['implement', detail.implement.join(', ')],
          ['plugin', `${detail.plugin} (${describeOrigin(detail.origin)})`],
          ['features', detail.features.join(' ')],
        ],
        this.paint,
      ),
    );
    const rows = Object.entries(detail.configSpace).map(([key, { min, max, multipleOf, values, description }]) => [
      key,
      `${min} to ${max}${multipleOf === undefined ? '' : `, multiples of ${multipleOf}`}`,
      values?.join(' ') ?? '',
      description ?? '',
    ]);
    this.log(
      `\n${renderTable([{ title: 'KEY' }, { title: 'RANGE' }, { title: 'SAMPLED VALUES' }, { title: 'MEANING' }], rows, this.paint)}`,
    );
    const [first] = detail.operators;
    const backends = Object.keys(first?.runs ?? {});
    if (backends.length === 0) return;
    const runs = detail.operators.map(({ operator, runs: by }) => [operator, ...backends.map((id) => by[id] ?? '')]);
    this.log(`\n${renderTable([{ title: 'OPERATOR' }, ...backends.map((id) => ({ title: `ON ${id}` }))], runs, this.paint)}`);
  }
}

function describeKernel(kernel: AnyKernel, plugin: string, origin: PluginOrigin): KernelEntry {
  return {
    type: kernel.type,
    family: kernelFamily(kernel),
    ...(kernel.description !== undefined && { description: kernel.description }),
    implement: kernel.implement ?? ['tensorflow', 'torch'],
    keys: Object.keys(kernel.configSpace),
    plugin,
    origin,
  };
}
