import type { MeasuredSample, PipelineContext } from '@nnm/builder';
import type { AnyKernel, KernelConfig } from '@nnm/core';
import type { Predictor } from '@nnm/predictor';
import type { Environment } from '@nnm/profiler';
import { Args, Flags } from '@oclif/core';
import { describeDifferences, findEnvironmentDifferences } from '../compare-environments.ts';
import { UsageError } from '../errors.ts';
import { INPUT_FORMATS, type InputFormat } from '../input/input-format.ts';
import { displayName } from '../input/standard-input.ts';
import type { MeasuredConfigs } from '../measure-configs.ts';
import { type PredictedConfig, renderPredictions } from '../output/predictions.ts';
import { followStage } from '../output/progress.ts';
import { countOf } from '../output/quantities.ts';
import { openShareProgress } from '../output/share-progress.ts';
import { shortPath } from '../plugins/origin.ts';
import type { PredictFileJob } from '../predict-file.ts';
import { configOfTexts, parseConfigText, readConfigs } from '../read-configs.ts';
import { WorkspaceCommand, type WorkspaceSetup } from '../workspace-command.ts';

interface PredictResult {
  readonly kernel: string;
  readonly backend: string;
  readonly predictor: string;
  /** The kernel's block has changed since, and predictions are of what it was; absent where the predictor cannot tell. */
  readonly kernelChanged?: boolean;
  /** How this machine and runtime differ from those of the measurements; absent with `--no-check`. */
  readonly environmentDifferences?: readonly string[];
  /** Absent with `--output`. */
  readonly predictions?: readonly PredictedConfig[];
  /** With `--output`: the file written, its rows, those without a prediction, and those unlike anything measured. */
  readonly output?: { readonly file: string; readonly rows: number; readonly bad: number; readonly outside: number };
}

/** `nnm predict <kernel>` */
export default class Predict extends WorkspaceCommand {
  static override summary = 'Predict the latency of kernel configurations.';
  static override description =
    'The ranges hold the measured latency with 80 % and 95 % probability. A `?` marks a configuration unlike those that were measured: its prediction is a guess. A warning says when this machine or runtime is not the one that was measured.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> conv-bn-relu --config HW=56,CIN=64,COUT=128,KERNEL_SIZE=3,STRIDES=1',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file configs.csv --json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --config HW=56,CIN=64,COUT=128,KERNEL_SIZE=3,STRIDES=1 --measure',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file million.csv --output predicted.csv',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file - --input-format csv',
  ];
  static override args = { kernel: Args.string({ description: 'Kernel to predict; see `nnm kernels`.', required: true }) };
  static override flags = {
    config: Flags.string({
      char: 'c',
      multiple: true,
      multipleNonGreedy: true,
      description:
        'A configuration; may be given more than once. Keys that are not of the kernel are your own and left aside, as in a file.',
      helpValue: '<KEY=n,...>',
    }),
    file: Flags.string({
      char: 'f',
      description:
        'Configurations in a CSV file with a header (.csv, .tsv), in a JSON Lines file (.jsonl), or in a JSON file; `-` is standard input. Columns and keys that are not of the kernel are your own.',
      helpValue: '<file>',
    }),
    'input-format': Flags.option({
      options: INPUT_FORMATS,
      dependsOn: ['file'],
      description: 'How --file is written. Default: what its name ends in, or else what it begins with.',
      helpValue: '<format>',
    })(),
    output: Flags.string({
      char: 'o',
      dependsOn: ['file'],
      exclusive: ['measure', 'config'],
      description: 'Write the predictions of --file there, with all its columns, as CSV or JSON Lines (.jsonl), however many they are.',
      helpValue: '<file>',
    }),
    measure: Flags.boolean({ char: 'm', description: 'Also measure each configuration on this machine.' }),
    check: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'Start the runtime to see whether it is the one that was measured.',
    }),
  };

  async run(): Promise<PredictResult> {
    const { args, flags } = await this.parse(Predict);
    const given = (flags.config ?? []).map(parseConfigText);
    if (given.length === 0 && flags.file === undefined) {
      throw new UsageError({ message: 'There is no configuration to predict.', hint: 'Give --config HW=56,... or --file <file>.' });
    }
    const { readPredictor } = await import('@nnm/builder');
    const setup = await this.openSetup(flags.workspace, { needsBackend: Boolean(flags.measure) });
    const { registry } = setup.discovery;
    const kernel = registry.kernel(args.kernel);
    const configs = given.map((texts) => configOfTexts(texts, kernel));
    const { predictor, file, kernelChanged } = await readPredictor(setup.workspace, kernel, registry);
    const { manifest } = predictor;
    const { watchMeasuring } = await import('../program/measuring-watch.ts');
    if (flags.measure || flags.check) await watchMeasuring(undefined);
    const outcome =
      flags.output === undefined
        ? await this.predictConfigs({ kernel, predictor, setup, given: configs, ...flags, format: flags['input-format'] })
        : {
            output: await this.predictFile({
              kernel,
              predictor,
              input: flags.file as string,
              inputFormat: flags['input-format'],
              output: flags.output,
            }),
          };

    this.log(this.paint.dim(`\n${kernel.type} on ${manifest.backend}, predictor ${shortPath(file)}`));
    if (!manifest.kernels.includes(kernel.type)) {
      this.caution(`The predictor of ${manifest.family} has seen ${manifest.kernels.join(', ')}, but never ${kernel.type}.`);
    }
    if (kernelChanged)
      this.caution(
        `The block of ${kernel.type} has changed since the predictor learned from it: these are latencies of what it was. Run \`nnm build ${kernel.type}\`.`,
      );
    const differences =
      'environment' in outcome && outcome.environment
        ? describeDifferences(manifest, setup.config, outcome.environment)
        : flags.check
          ? await findEnvironmentDifferences(manifest, setup.config)
          : undefined;
    if (differences?.length) this.caution(`The predictor was measured under other conditions: ${differences.join('; ')}.`);
    return {
      kernel: kernel.type,
      backend: manifest.backend,
      predictor: file,
      ...(kernelChanged !== undefined && { kernelChanged }),
      ...(differences && { environmentDifferences: differences }),
      ...('output' in outcome ? { output: outcome.output } : { predictions: outcome.predictions }),
    };
  }

  private async predictConfigs({ kernel, predictor, setup, given, file, format, measure }: ConfigsJob): Promise<PredictedConfigs> {
    const { predictKernels, workspaceContext } = await import('@nnm/builder');
    const configs = [...given, ...(file === undefined ? [] : await readConfigs(file, kernel, { format }))];
    const predictions = predictKernels(predictor, kernel, configs).map((prediction, i) => ({ config: configs[i]!, ...prediction }));
    const measured = measure
      ? await this.measure(
          kernel.type,
          configs,
          workspaceContext(setup.discovery.registry, setup.workspace, setup.config, { signal: this.signal }),
        )
      : undefined;
    const shown = measured ? predictions.map((one) => withMeasurement(one, measured.sampleOf(one.config))) : predictions;
    this.log(renderPredictions(shown, this.paint));
    return { predictions: shown, environment: measured?.environment };
  }

  private async predictFile(
    job: Pick<PredictFileJob, 'kernel' | 'predictor' | 'input' | 'inputFormat' | 'output'>,
  ): Promise<NonNullable<PredictResult['output']>> {
    const { predictFile } = await import('../predict-file.ts');
    const progress = this.jsonEnabled() ? undefined : await openShareProgress(process.stderr, `Predicting ${job.kernel.type}`);
    const onProgress = (rows: number, share: number): void => progress?.show(rows, share);
    const { problems, dropped, ...counts } = await predictFile({ ...job, signal: this.signal, onProgress }).finally(() => progress?.stop());
    const guesses = counts.outside > 0 ? `, ${counts.outside} of them guesses, unlike anything measured` : '';
    this.log(`${countOf(counts.rows - counts.bad, 'prediction')} in ${shortPath(job.output)}${guesses}`);
    if (dropped.length > 0)
      this.caution(`Only later rows have ${dropped.join(', ')}, so there is no column for it; a .jsonl file keeps everything.`);
    if (counts.bad > 0) {
      const lines = problems.map(
        ({ line, key, message }) => `  ${displayName(job.input)}${line === undefined ? '' : `:${line}`}${key ? ` ${key}` : ''}: ${message}`,
      );
      const more = counts.bad > problems.length ? ['  …'] : [];
      const count = countOf(counts.bad, 'configuration');
      this.caution([`${count} could not be predicted; the column \`error\` says why:`, ...lines, ...more].join('\n'));
      process.exitCode = 1;
    }
    return { file: job.output, ...counts };
  }

  private async measure(kernel: string, configs: readonly KernelConfig[], context: PipelineContext): Promise<MeasuredConfigs> {
    const { measureConfigs } = await import('../measure-configs.ts');
    return followStage(measureConfigs(kernel, configs, context), { quiet: this.jsonEnabled() });
  }
}

interface ConfigsJob {
  readonly kernel: AnyKernel;
  readonly predictor: Predictor;
  readonly setup: WorkspaceSetup;
  readonly given: readonly KernelConfig[];
  readonly file?: string | undefined;
  readonly format?: InputFormat | undefined;
  readonly measure: boolean;
}

interface PredictedConfigs {
  readonly predictions: readonly PredictedConfig[];
  readonly environment: Environment | undefined;
}

function withMeasurement(prediction: PredictedConfig, sample: MeasuredSample | undefined): PredictedConfig {
  if (sample === undefined) return prediction;
  if (sample.status === 'failed') return { ...prediction, measured: { status: 'failed', error: sample.error } };
  const { latencyMs, spreadMs, flags } = sample;
  return {
    ...prediction,
    measured: {
      status: 'ok',
      latencyMs,
      ...(spreadMs !== undefined && { spreadMs }),
      flags,
      relativeError: prediction.latencyMs / latencyMs - 1,
    },
  };
}
