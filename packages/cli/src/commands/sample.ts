import type { KernelSample } from '@nnm/builder';
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { readWholeRows } from '../stages/read-rows.ts';
import { RowOutput, rowOutputFlags } from '../stages/row-output.ts';
import { StageCommand, type StageSetup, stageFlags } from '../stages/stage-command.ts';
import type { StageRow } from '../stages/stage-row.ts';

interface SampleResult {
  readonly seed: number;
  readonly implement: string;
  readonly batchSize: number;
  /** With --output. */
  readonly file?: string;
  readonly rows: readonly StageRow[];
}

/** `nnm sample <kernel...>` */
export default class Sample extends StageCommand {
  static override summary = 'Choose configurations of kernels, as a build does, and write them as rows.';
  static override description =
    'The same seed gives the same rows. With --holdout they are those that `nnm build` begins with: first the hold-out, which only grades, then the others, which leave it out. With --around they lie around given configurations, as in a round of fine-grained sampling.\n\nRows go to stdout as JSON Lines, or into --output; `nnm generate`, `nnm convert` and `nnm profile` take them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu -n 100 > configs.jsonl',
    '<%= config.bin %> <%= command.id %> conv-bn-relu -n 80 --holdout 20 --output configs.csv',
    '<%= config.bin %> <%= command.id %> conv-bn-relu -n 5 --around large-errors.jsonl',
  ];
  static override args = { kernel: Args.string({ description: 'Kernels to sample.', required: true, multiple: true }) };
  static override flags = {
    ...stageFlags,
    count: Flags.integer({
      char: 'n',
      aliases: ['samples'],
      min: 1,
      max: 1_000_000,
      description: "Configurations of each kernel; with --around, of each given one. Default: the workspace's INIT_SAMPLE_NUM, or 100.",
      helpValue: '<n>',
    }),
    holdout: Flags.integer({
      min: 0,
      max: 1_000_000,
      description: 'Also choose so many that only grade. Default: none.',
      helpValue: '<n>',
    }),
    sampling: Flags.option({
      options: ['joint', 'marginal'] as const,
      description: 'Whole layers of known networks with changed channels, or each key on its own. Default: joint.',
    })(),
    around: Flags.string({ exclusive: ['holdout'], description: 'Rows to sample around; `-` is standard input.', helpValue: '<file>' }),
    mark: Flags.string({
      description: 'Name of the round; each has draws of its own. Default: prior, with --around finegrained1.',
      helpValue: '<name>',
    }),
    ...rowOutputFlags,
  };

  async run(): Promise<SampleResult> {
    const { args, flags } = await this.parse(Sample);
    const opened = await this.openStage(flags, false);
    const kernels = [...new Set(args.kernel)];
    for (const type of kernels) opened.registry.kernel(type);
    const setup = flags.sampling === undefined ? opened : withSampling(opened, kernels, flags.sampling);
    const output = new RowOutput(flags);
    const rows: StageRow[] = [];
    for (const type of kernels) {
      const samples =
        flags.around === undefined
          ? await this.first(type, setup, flags)
          : await this.around(type, setup, { ...flags, around: flags.around });
      rows.push(
        ...samples.map(({ id, mark, config }) => ({
          kernel: type,
          id,
          mark,
          config,
          implement: setup.implement,
          batchSize: setup.batchSize,
        })),
      );
    }
    const file = await output.write(rows, (text) => this.data(text));
    if (file !== undefined) this.log(output.describe(rows.length, 'configuration'));
    return { seed: setup.seed, implement: setup.implement, batchSize: setup.batchSize, ...(file !== undefined && { file }), rows };
  }

  /** What a build chooses first: the hold-out, and then the others. */
  private async first(
    type: string,
    setup: StageSetup,
    flags: { readonly count?: number | undefined; readonly holdout?: number | undefined; readonly mark?: string | undefined },
  ): Promise<readonly KernelSample[]> {
    const { DEFAULT_KERNEL_SETTINGS, generateConfigSample } = await import('@nnm/builder');
    const asked = flags.count ?? setup.kernels.get(type)?.initSampleNum ?? (setup.workspace ? DEFAULT_KERNEL_SETTINGS.initSampleNum : 100);
    const choose = (count: number, mark: string, earlier: readonly KernelSample[]): readonly KernelSample[] =>
      count === 0 ? [] : generateConfigSample(type, count, { mark, samplingType: 'prior', earlier }, setup);
    const held = choose(flags.holdout ?? 0, 'holdout', []);
    const prior = choose(asked, flags.mark ?? 'prior', held);
    this.tellShortfall(type, asked + (flags.holdout ?? 0), held.length + prior.length, held.length);
    return [...held, ...prior];
  }

  private async around(
    type: string,
    setup: StageSetup,
    {
      around,
      count = 10,
      mark = 'finegrained1',
    }: { readonly around: string; readonly count?: number | undefined; readonly mark?: string | undefined },
  ): Promise<readonly KernelSample[]> {
    const { generateConfigSample } = await import('@nnm/builder');
    const rows = await readWholeRows(around, setup.registry, { kernel: type });
    const configs = rows.flatMap(({ config }) => (config === undefined ? [] : [config]));
    if (configs.length === 0) throw new UsageError({ message: `${around} holds no configuration of ${type}.` });
    const samples = generateConfigSample(type, count, { mark, samplingType: 'finegrained', configs }, setup);
    this.tellShortfall(type, count * configs.length, samples.length, 0);
    return samples;
  }

  private tellShortfall(kernel: string, asked: number, got: number, excluded: number): void {
    if (got < asked)
      this.caution(
        `${kernel}: ${got} of ${asked} configurations; there are no more that differ${excluded > 0 ? ' from the hold-out' : ''}.`,
      );
  }
}

function withSampling(setup: StageSetup, kernels: readonly string[], sampling: 'joint' | 'marginal'): StageSetup {
  const changed = kernels.map((type) => [type, { ...setup.kernels.get(type), sampling }] as const);
  return { ...setup, kernels: new Map([...setup.kernels, ...changed]) };
}
