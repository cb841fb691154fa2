import type { KernelConfig, MeasuredSample, PipelineContext } from '@nnm/core';
import { Args, Flags } from '@oclif/core';
import { describeDifferences, findEnvironmentDifferences } from '../compare-environments.ts';
import { UsageError } from '../errors.ts';
import type { MeasuredConfigs } from '../measure-configs.ts';
import { type PredictedConfig, renderPredictions } from '../output/predictions.ts';
import { followStage } from '../output/progress.ts';
import { shortPath } from '../plugins/origin.ts';
import { parseConfigText, readConfigs } from '../read-configs.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface PredictResult {
  readonly kernel: string;
  readonly backend: string;
  readonly predictor: string;
  /** How this machine and runtime differ from those of the measurements; absent with `--no-check`. */
  readonly environmentDifferences?: readonly string[];
  readonly predictions: readonly PredictedConfig[];
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
  ];
  static override args = { kernel: Args.string({ description: 'Kernel to predict; see `nnm kernels`.', required: true }) };
  static override flags = {
    config: Flags.string({
      char: 'c',
      multiple: true,
      multipleNonGreedy: true,
      description: 'A configuration; may be given more than once.',
      helpValue: '<KEY=n,...>',
    }),
    file: Flags.string({ char: 'f', description: 'Configurations in a CSV file with a header, or in a JSON file.', helpValue: '<file>' }),
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
    const { checkConfig, predictKernel, readPredictor, workspaceContext } = await import('@nnm/core');
    const { workspace, discovery, config: setup } = await this.openSetup(flags.workspace);
    const { registry } = discovery;
    const kernel = registry.kernel(args.kernel);
    const configs = [...given, ...(flags.file === undefined ? [] : await readConfigs(flags.file, kernel))];
    for (const config of configs) checkConfig(kernel, config);
    const { predictor, file } = await readPredictor(workspace, kernel, registry);
    const predictions = configs.map((config): PredictedConfig => ({ config, ...predictKernel(predictor, kernel, config) }));

    const measured = flags.measure
      ? await this.measure(kernel.type, configs, workspaceContext(registry, workspace, setup, { signal: this.signal }))
      : undefined;
    const differences = measured
      ? describeDifferences(predictor.manifest, setup, measured.environment)
      : flags.check
        ? await findEnvironmentDifferences(predictor.manifest, setup)
        : undefined;
    const result = measured
      ? predictions.map((prediction) => withMeasurement(prediction, measured.sampleOf(prediction.config)))
      : predictions;
    this.log(renderPredictions(result, this.paint));
    this.log(this.paint.dim(`\n${kernel.type} on ${predictor.manifest.backend}, predictor ${shortPath(file)}`));
    if (!predictor.manifest.kernels.includes(kernel.type)) {
      this.caution(
        `The predictor of ${predictor.manifest.family} has seen ${predictor.manifest.kernels.join(', ')}, but never ${kernel.type}.`,
      );
    }
    if (differences?.length) this.caution(`The predictor was measured under other conditions: ${differences.join('; ')}.`);
    return {
      kernel: kernel.type,
      backend: predictor.manifest.backend,
      predictor: file,
      ...(differences && { environmentDifferences: differences }),
      predictions: result,
    };
  }

  private async measure(kernel: string, configs: readonly KernelConfig[], context: PipelineContext): Promise<MeasuredConfigs> {
    const { measureConfigs } = await import('../measure-configs.ts');
    return followStage(measureConfigs(kernel, configs, context), { quiet: this.jsonEnabled() });
  }
}

function withMeasurement(prediction: PredictedConfig, sample: MeasuredSample | undefined): PredictedConfig {
  if (sample === undefined) return prediction;
  if (sample.status === 'failed') return { ...prediction, measured: { status: 'failed', error: sample.error } };
  const { latencyMs, spreadMs, flags } = sample;
  return { ...prediction, measured: { status: 'ok', latencyMs, spreadMs, flags, relativeError: prediction.latencyMs / latencyMs - 1 } };
}
