import { join, resolve } from 'node:path';
import type { ReportDocument } from '@nnm/report';
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../errors.ts';
import { displayName, STANDARD_INPUT } from '../input/standard-input.ts';
import { isModelPath } from '../models/model-paths.ts';
import type { ModelPredictors } from '../models/open-predictors.ts';
import { kernelsFlag } from '../name-flags.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ReportResult {
  /** The workspace that is reported; absent for a model. */
  readonly workspace?: string;
  /** The model that is reported. */
  readonly model?: string;
  readonly format: Format;
  /** Absent when the report went to stdout. */
  readonly file?: string;
  /** Kernels of the workspace that something is known of. */
  readonly kernels?: readonly string[];
  readonly problems: readonly string[];
  /** The report itself, when it went to stdout and that holds this document instead. */
  readonly text?: string;
}

type Format = keyof typeof ENDINGS;

const ENDINGS = { html: 'html', markdown: 'md', json: 'json', overlay: 'nodedata.json' } as const;

/** `nnm report [workspace | model]` */
export default class Report extends WorkspaceCommand {
  static override summary = 'Show what a workspace holds, or what a model takes part by part, as one page for any browser.';
  static override description =
    'Of a workspace: accuracy, errors, landscapes and noise, as the journal holds them at this moment, also while a build goes on. Of a model file: every part with its latency, range, share and source, as `nnm predict` finds them. The page holds its script and data and asks no server for anything. `--format markdown` is a summary for pull requests, `--format json` the document that everything is made from, and `--format overlay` colours the nodes of a model in Model Explorer by their latency.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> my-laptop --open',
    '<%= config.bin %> <%= command.id %> model.onnx --predictor phone.nnm.json --open',
    '<%= config.bin %> <%= command.id %> model.tflite --format overlay --output model.nodedata.json',
    '<%= config.bin %> <%= command.id %> --format markdown --output - >> "$GITHUB_STEP_SUMMARY"',
  ];
  static override args = {
    subject: Args.string({
      description:
        'Folder of the workspace, the same as --workspace; or a model file: .onnx, .tflite, model.json; `-` is a model on standard input.',
    }),
  };
  static override flags = {
    kernel: kernelsFlag({ description: 'Kernels to report. Default: all that the workspace lists.' }),
    format: Flags.option({
      options: ['html', 'markdown', 'json', 'overlay'] as const,
      default: 'html' as const,
      description: 'What to write; `overlay` is for models alone.',
    })(),
    output: Flags.string({
      char: 'o',
      description:
        'File to write; `-` is stdout. Default: report.html (.md, .json) in the workspace, or the name of the model with .report.html behind it, in the current folder.',
      helpValue: '<file>',
    }),
    open: Flags.boolean({ description: 'Open the page in the browser.' }),
    predictor: Flags.string({
      char: 'p',
      description: 'A bundle or a workspace to predict the model with. Default: the workspace.',
      helpValue: '<bundle|workspace>',
      helpGroup: 'MODEL',
    }),
    shape: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: 'Sizes of an input that the model leaves open, in its own order of axes.',
      helpValue: '<input=1x3x640x640>',
      helpGroup: 'MODEL',
    }),
    signature: Flags.string({
      exclusive: ['against'],
      description: 'Which signature of a .tflite file of several is meant. Default: its first.',
      helpValue: '<name>',
      helpGroup: 'MODEL',
    }),
    measure: Flags.boolean({ char: 'm', description: 'Measure the parts that have no predictor on this machine.', helpGroup: 'MODEL' }),
    against: Flags.option({
      options: ['measured'] as const,
      description: 'Also measure the whole model on this machine.',
      helpGroup: 'MODEL',
    })(),
  };

  async run(): Promise<ReportResult> {
    const { args, flags } = await this.parse(Report);
    if (args.subject !== undefined && isModelPath(args.subject)) return this.reportModel(await this.fileOf(args.subject), flags);
    const misplaced = (['predictor', 'shape', 'signature', 'measure', 'against'] as const).filter((name) => flags[name]);
    if (misplaced.length > 0 || flags.format === 'overlay') {
      throw new UsageError({
        message: `${misplaced.length > 0 ? misplaced.map((name) => `--${name}`).join(', ') : '--format overlay'} is for models, and none is named.`,
        hint: 'Name a model file, such as `nnm report model.onnx --predictor phone.nnm.json`.',
      });
    }
    const { readWorkspaceReport } = await import('@nnm/report');
    const { workspace, discovery, config } = await this.openSetup(args.subject ?? flags.workspace, { needsBackend: false });
    const { registry } = discovery;
    const kernels = flags.kernel ?? [...config.kernels.keys()];
    for (const type of kernels) registry.kernel(type);
    const { implement, batchSize } = config;
    const madeAt = new Date().toISOString();
    const report = await readWorkspaceReport({ registry, workspace, implement, batchSize, backend: config.backend.id, kernels, madeAt });
    const own = join(workspace.folder, `report.${ENDINGS[flags.format]}`);
    const written = await this.write(report, flags, own, (text) => workspace.own.write(own, text));
    return { workspace: workspace.folder, kernels: report.kernels.map(({ kernel }) => kernel), ...written };
  }

  private async reportModel(file: string, flags: ReportFlags & ModelFlags): Promise<ReportResult> {
    if (flags.kernel !== undefined) {
      throw new UsageError({ message: '--kernel is for workspaces; a model is reported whole.', hint: 'Leave it out.' });
    }
    const [{ readOptions }, open, { reportModel }, { writeWholeFile }] = await Promise.all([
      import('../models/parse-model-options.ts'),
      import('../models/open-predictors.ts'),
      import('../models/report-model.ts'),
      import('@nnm/builder'),
    ]);
    const { registry } = await this.discover();
    let predictor: ModelPredictors;
    if (flags.predictor === undefined) {
      const { workspace, config, discovery } = await this.openSetup(flags.workspace, { needsBackend: false });
      predictor = await open.openWorkspacePredictors(workspace, config, discovery.registry);
    } else predictor = await this.openPredictors(await this.fileOf(flags.predictor), registry);
    const report = await reportModel({
      file,
      predictor,
      registry,
      reading: readOptions(flags),
      measure: flags.measure,
      against: flags.against === 'measured',
      signal: this.signal,
      follow: (stage) => this.follow(stage),
      caution: (message) => this.caution(message),
      madeAt: new Date().toISOString(),
    });
    const name = displayName(resolve(file));
    const target = resolve(
      `${name === STANDARD_INPUT ? 'model' : report.title}.${flags.format === 'overlay' ? '' : 'report.'}${ENDINGS[flags.format]}`,
    );
    const written = await this.write(report, flags, target, (text) => writeWholeFile(target, text));
    return { model: name, ...written };
  }

  /** Write a report where it was asked for, or else by `writeDefault`, to the place `target`. */
  private async write(
    report: ReportDocument,
    { format, output, open }: ReportFlags,
    target: string,
    writeDefault: (text: string) => Promise<unknown>,
  ): Promise<Pick<ReportResult, 'format' | 'file' | 'problems' | 'text'>> {
    for (const problem of report.problems) this.caution(problem);
    const text = await renderReport(report, format);
    const result = { format, problems: report.problems };
    if (output === '-') {
      this.data(text);
      return this.jsonEnabled() ? { ...result, text } : result;
    }
    const file = output === undefined ? target : resolve(output);
    if (output === undefined) await writeDefault(text);
    else await (await import('@nnm/builder')).writeWholeFile(file, text);
    this.log(`${this.paint.green('Report')} of ${this.paint.bold(report.title)}: ${shortPath(file)} (${Math.ceil(text.length / 1024)} kB)`);
    if (open) await openInBrowser(file);
    return { ...result, file };
  }
}

interface ReportFlags {
  readonly kernel: readonly string[] | undefined;
  readonly format: Format;
  readonly output: string | undefined;
  readonly open: boolean;
}

interface ModelFlags {
  readonly workspace: string | undefined;
  readonly predictor: string | undefined;
  readonly shape: readonly string[] | undefined;
  readonly signature: string | undefined;
  readonly measure: boolean;
  readonly against: string | undefined;
}

async function renderReport(report: ReportDocument, format: Format): Promise<string> {
  const { nodeDataOverlay, renderMarkdown, renderPage } = await import('@nnm/report');
  switch (format) {
    case 'html':
      return renderPage(report);
    case 'markdown':
      return renderMarkdown(report);
    case 'json':
      return `${JSON.stringify(report)}\n`;
    case 'overlay':
      return `${JSON.stringify(nodeDataOverlay(report.model ?? { rows: [] }), null, 1)}\n`;
  }
}
