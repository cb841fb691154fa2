import { statSync } from 'node:fs';
import type { FoundPredictor } from '@nnm/builder';
import { type AnyKernel, NnmError } from '@nnm/core';
import { Args, Flags } from '@oclif/core';
import { describeDifferences, findEnvironmentDifferences } from '../compare-environments.ts';
import { openBudget } from '../duration.ts';
import { UsageError } from '../errors.ts';
import { INPUT_FORMATS } from '../input/input-format.ts';
import { displayName } from '../input/standard-input.ts';
import { isModelArgument } from '../models/model-paths.ts';
import type { ModelPredictors } from '../models/open-predictors.ts';
import type { ModelReport } from '../output/model-predictions.ts';
import { type PredictedConfig, renderPredictions } from '../output/predictions.ts';
import { countOf } from '../output/quantities.ts';
import { openShareProgress } from '../output/share-progress.ts';
import { shortPath } from '../plugins/origin.ts';
import type { PredictFileJob } from '../predict-file.ts';
import { configOfTexts, parseConfigText } from '../read-configs.ts';
import { BUDGET_VARIABLE } from '../run-flags.ts';
import { parseShare } from '../share.ts';
import { deviceChoice, deviceFlags, WorkspaceCommand, type WorkspaceSetup } from '../workspace-command.ts';

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

interface ModelsResult {
  readonly models: readonly ModelReport[];
  /** With `--limit`, in milliseconds. */
  readonly limitMs?: number;
}

/** Flags that only one of the two predictions takes. */
const OF_CONFIGURATIONS = ['config', 'file', 'input-format', 'output', 'max-interval', 'device', 'lan'] as const;
const OF_MODELS = ['shape', 'signature', 'against', 'operators', 'limit', 'format'] as const;

function refuse(flags: readonly string[], why: string): void {
  if (flags.length === 0) return;
  throw new UsageError({
    message: flags.map((name) => `--${name} ${why}.`).join(' '),
    hint: 'Leave it out; `nnm predict --help` says what each is for.',
  });
}

/** `nnm predict <kernel>` and `nnm predict <models>` */
export default class Predict extends WorkspaceCommand {
  static override summary = 'Predict the latency of whole models, or of configurations of a kernel.';
  static override description =
    'Of a model file (.onnx, .tflite, a folder of them) it says what the whole takes and what each of its kernels does, where each number comes from, and what lies outside what was measured. What has no predictor is measured here with --measure, and else estimated from its operations and bytes; what cannot be priced is named, and the total then says that it is a lower bound. --limit fails only when the whole 95 % range lies beyond it.\n\nOf a kernel it predicts configurations. The ranges hold the measured latency with 80 % and 95 % probability. A `?` marks a configuration unlike those that were measured: its prediction is a guess. A warning says when this machine or runtime is not the one that was measured.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> model.onnx --predictor desktop.nnm.json',
    '<%= config.bin %> <%= command.id %> models/ --predictor phone --predictor desktop.nnm.json --format markdown',
    '<%= config.bin %> <%= command.id %> model.tflite --against measured --measure',
    '<%= config.bin %> <%= command.id %> model.tflite --operators',
    '<%= config.bin %> <%= command.id %> model.onnx --shape input=1x3x640x640 --limit 12ms',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --config HW=56,CIN=64,COUT=128,KERNEL_SIZE=3,STRIDES=1',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file configs.csv --json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file configs.csv --predictor predictor.json',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --config HW=56,CIN=64,COUT=128,KERNEL_SIZE=3,STRIDES=1 --measure',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file configs.csv --max-interval 20%',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file million.csv --output predicted.csv',
    '<%= config.bin %> <%= command.id %> conv-bn-relu --file - --input-format csv',
  ];
  static override args = {
    kernel: Args.string({
      description: 'Kernel to predict (see `nnm kernels`), or model files and folders of them; `-` is a model on standard input.',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    ...deviceFlags,
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
    measure: Flags.boolean({
      char: 'm',
      description: 'Also measure each configuration on this machine; of a model, measure the parts that have no predictor.',
    }),
    budget: Flags.string({
      description: 'With --measure and --against: stop measuring after this long.',
      helpValue: '<20m>',
      env: BUDGET_VARIABLE,
    }),
    predictor: Flags.string({
      char: 'p',
      multiple: true,
      multipleNonGreedy: true,
      description:
        'What to predict with, instead of the workspace: a bundle or another workspace, and of a kernel also a file that `nnm train` has written. Of models it may be given more than once.',
      helpValue: '<file|folder>',
    }),
    shape: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'Sizes of an input that the model leaves open, in its own order of axes.',
      helpValue: '<input=1x3x640x640>',
      helpGroup: 'MODEL',
    }),
    signature: Flags.string({
      exclusive: ['against', 'operators'],
      description: 'Which signature of a .tflite file of several is meant. Default: its first.',
      helpValue: '<name>',
      helpGroup: 'MODEL',
    }),
    against: Flags.option({
      options: ['measured'] as const,
      description: 'Also measure the whole model on this machine, and show how far off the prediction is.',
      helpGroup: 'MODEL',
    })(),
    operators: Flags.boolean({
      description: 'Also show what each operator takes by the profile that the runtime makes itself, where it makes one.',
      helpGroup: 'MODEL',
    }),
    limit: Flags.string({
      description: 'Fail when a model takes longer for certain: when its 95 % range lies beyond this.',
      helpValue: '<12ms>',
      helpGroup: 'MODEL',
    }),
    format: Flags.option({
      options: ['text', 'markdown'] as const,
      default: 'text' as const,
      description: 'How models are shown; --json shows everything.',
      helpGroup: 'MODEL',
    })(),
    'max-interval': Flags.string({
      exclusive: ['output'],
      description: 'Say "measure this" where the 80 % range is wider than this share of the prediction, or the prediction a guess.',
      helpValue: '<20%>',
    }),
    check: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'Start the runtime to see whether it is the one that was measured.',
    }),
  };

  async run(): Promise<PredictResult | ModelsResult> {
    const { args, flags, metadata } = await this.parse(Predict);
    const isGiven = (name: keyof typeof flags): boolean => flags[name] !== undefined && !metadata.flags[name]?.setFromDefault;
    if (args.kernel.some(isModelArgument)) {
      refuse(OF_CONFIGURATIONS.filter(isGiven), 'is of configurations of a kernel, not of model files');
      return this.predictModels(args.kernel, flags);
    }
    refuse(OF_MODELS.filter(isGiven), 'is of model files, not of configurations of a kernel');
    const [kernelType = '', ...others] = args.kernel;
    if (others.length > 0) {
      throw new UsageError({ message: `${others[0]} is no model.`, hint: 'Give one kernel, or files and folders that are there.' });
    }
    const given = (flags.config ?? []).map(parseConfigText);
    const maxInterval = flags['max-interval'] === undefined ? undefined : parseShare(flags['max-interval'], '--max-interval');
    if (given.length === 0 && flags.file === undefined) {
      throw new UsageError({ message: 'There is no configuration to predict.', hint: 'Give --config HW=56,... or --file <file>.' });
    }
    const { setup, kernel, found } = await this.openPredictor(kernelType, flags);
    const configs = given.map((texts) => configOfTexts(texts, kernel));
    const { predictor, file, kernelChanged } = found;
    const { manifest } = predictor;
    const { budgetMs, ...budget } = openBudget(flags.budget);
    const { watchMeasuring } = await import('../program/measuring-watch.ts');
    if (flags.measure || (flags.check && setup !== undefined)) await watchMeasuring(budgetMs);
    const { predictConfigs } = await import('../predict-configs.ts');
    const outcome =
      flags.output === undefined
        ? await predictConfigs({
            ...budget,
            kernel,
            predictor,
            setup,
            given: configs,
            file: flags.file,
            format: flags['input-format'],
            measure: flags.measure,
            maxInterval,
            signal: this.signal,
            follow: (stage) => this.follow(stage),
          })
        : {
            output: await this.predictFile({
              kernel,
              predictor,
              input: flags.file as string,
              inputFormat: flags['input-format'],
              output: flags.output,
            }),
          };
    if ('predictions' in outcome) this.log(renderPredictions(outcome.predictions, this.paint));
    this.log(this.paint.dim(`\n${kernel.type} on ${manifest.backend}, predictor ${shortPath(file)}`));
    if (!manifest.kernels.includes(kernel.type)) {
      this.caution(`The predictor of ${manifest.family} has seen ${manifest.kernels.join(', ')}, but never ${kernel.type}.`);
    }
    if (kernelChanged)
      this.caution(
        `The block of ${kernel.type} has changed since the predictor learned from it: these are latencies of what it was. Run \`nnm build ${kernel.type}\`.`,
      );
    const differences =
      setup === undefined
        ? undefined
        : 'environment' in outcome && outcome.environment
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

  /** The predictor of a kernel: that of the workspace, or of the file, bundle or workspace that --predictor names. */
  private async openPredictor(
    kernelType: string,
    flags: {
      readonly workspace: string | undefined;
      readonly predictor: readonly string[] | undefined;
      readonly measure: boolean;
      readonly device?: string | undefined;
      readonly lan?: boolean | undefined;
    },
  ): Promise<{ readonly setup: WorkspaceSetup | undefined; readonly kernel: AnyKernel; readonly found: FoundPredictor }> {
    const { readPredictor } = await import('@nnm/builder');
    const [place, ...others] = flags.predictor ?? [];
    if (others.length > 0) throw new UsageError({ message: 'Configurations of a kernel are predicted with one --predictor.' });
    if (place === undefined || statSync(place, { throwIfNoEntry: false })?.isDirectory()) {
      const setup = await this.openSetup(place ?? flags.workspace, { needsBackend: Boolean(flags.measure), ...deviceChoice(flags) });
      const { registry } = setup.discovery;
      const kernel = registry.kernel(kernelType);
      return { setup, kernel, found: await readPredictor(setup.workspace, kernel, registry) };
    }
    if (flags.measure)
      throw new UsageError({
        message: '--measure needs the backend of a workspace, and --predictor names a file.',
        hint: 'Leave --predictor out, or name a workspace with it.',
      });
    const { registry } = await this.discover();
    const kernel = registry.kernel(kernelType);
    const { readKernelPredictor } = await import('../models/open-predictors.ts');
    return { setup: undefined, kernel, found: await readKernelPredictor(await this.fileOf(place), kernel, registry) };
  }

  private async predictModels(places: readonly string[], flags: ModelFlags): Promise<ModelsResult> {
    const [paths, options, open, { predictFiles }, { renderModelMarkdown, renderModelReports }] = await Promise.all([
      import('../models/model-paths.ts'),
      import('../models/parse-model-options.ts'),
      import('../models/open-predictors.ts'),
      import('../models/predict-files.ts'),
      import('../output/model-predictions.ts'),
    ]);
    const reading = options.readOptions(flags);
    const limitMs = flags.limit === undefined ? undefined : options.parseLimit(flags.limit);
    const files = await Promise.all(paths.findModelFiles(places).map((file) => this.fileOf(file)));
    const predictors: ModelPredictors[] = [];
    if (flags.predictor === undefined) {
      const { workspace, config, discovery } = await this.openSetup(flags.workspace, { needsBackend: false });
      predictors.push(await open.openWorkspacePredictors(workspace, config, discovery.registry));
    }
    const { registry } = await this.discover();
    for (const place of flags.predictor ?? []) predictors.push(await this.openPredictors(await this.fileOf(place), registry));
    const models = await predictFiles({
      files,
      predictors,
      registry,
      reading,
      limitMs,
      measure: flags.measure,
      against: flags.against === 'measured',
      operators: flags.operators,
      signal: this.signal,
      ...openBudget(flags.budget),
      follow: (stage) => this.follow(stage),
      caution: (message) => this.caution(message),
    });
    this.log(flags.format === 'markdown' ? renderModelMarkdown(models) : renderModelReports(models, this.paint, this.isVerbose));
    const answers = models.flatMap((model) => model.answers);
    if (answers.some(({ prediction, limit }) => NnmError.isInstance(prediction) || limit === 'beyond')) process.exitCode = 1;
    return { models, ...(limitMs !== undefined && { limitMs }) };
  }

  private async predictFile(
    job: Pick<PredictFileJob, 'kernel' | 'predictor' | 'input' | 'inputFormat' | 'output'>,
  ): Promise<NonNullable<PredictResult['output']>> {
    const { predictFile } = await import('../predict-file.ts');
    const progress =
      this.jsonEnabled() || this.isQuiet ? undefined : await openShareProgress(process.stderr, `Predicting ${job.kernel.type}`);
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
}

interface ModelFlags {
  readonly workspace: string | undefined;
  readonly predictor: readonly string[] | undefined;
  readonly shape: readonly string[] | undefined;
  readonly signature: string | undefined;
  readonly against: string | undefined;
  readonly operators: boolean;
  readonly limit: string | undefined;
  readonly format: string;
  readonly measure: boolean;
  readonly budget: string | undefined;
}
