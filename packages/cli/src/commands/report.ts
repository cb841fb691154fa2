import { join, resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { kernelsFlag } from '../name-flags.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { shortPath } from '../plugins/origin.ts';
import { WorkspaceCommand } from '../workspace-command.ts';

interface ReportResult {
  readonly workspace: string;
  readonly format: 'html' | 'markdown' | 'json';
  /** Absent when the report went to stdout. */
  readonly file?: string;
  readonly kernels: readonly string[];
  readonly problems: readonly string[];
  /** The report itself, when it went to stdout and that holds this document instead. */
  readonly text?: string;
}

const ENDINGS = { html: 'html', markdown: 'md', json: 'json' } as const;

/** `nnm report [workspace]` */
export default class Report extends WorkspaceCommand {
  static override summary = 'Show what a workspace holds: accuracy, errors, landscapes and noise, as one page for any browser.';
  static override description =
    'The page holds its script and data and asks no server for anything. It shows what the journal holds at this moment, also while a build goes on. `--format markdown` is a summary for pull requests; `--format json` is the document that both are made from.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> my-laptop --open',
    '<%= config.bin %> <%= command.id %> --format markdown --output - >> "$GITHUB_STEP_SUMMARY"',
  ];
  static override args = { folder: Args.string({ description: 'Folder of the workspace; the same as --workspace.' }) };
  static override flags = {
    kernel: kernelsFlag({ description: 'Kernels to report. Default: all that the workspace lists.' }),
    format: Flags.option({ options: ['html', 'markdown', 'json'] as const, default: 'html' as const, description: 'What to write.' })(),
    output: Flags.string({
      char: 'o',
      description: 'File to write; `-` is stdout. Default: report.html (.md, .json) in the workspace.',
      helpValue: '<file>',
    }),
    open: Flags.boolean({ description: 'Open the page in the browser.' }),
  };

  async run(): Promise<ReportResult> {
    const { args, flags } = await this.parse(Report);
    const [{ readWorkspaceReport, renderMarkdown, renderPage }, { writeWholeFile }] = await Promise.all([
      import('@nnm/report'),
      import('@nnm/builder'),
    ]);
    const { workspace, discovery, config } = await this.openSetup(args.folder ?? flags.workspace, { needsBackend: false });
    const { registry } = discovery;
    const kernels = flags.kernel ?? [...config.kernels.keys()];
    for (const type of kernels) registry.kernel(type);
    const { implement, batchSize } = config;
    const madeAt = new Date().toISOString();
    const report = await readWorkspaceReport({ registry, workspace, implement, batchSize, backend: config.backend.id, kernels, madeAt });
    const text =
      flags.format === 'html'
        ? await renderPage(report)
        : flags.format === 'markdown'
          ? renderMarkdown(report)
          : `${JSON.stringify(report)}\n`;
    const result = {
      workspace: workspace.folder,
      format: flags.format,
      kernels: report.kernels.map(({ kernel }) => kernel),
      problems: report.problems,
    };
    for (const problem of report.problems) this.caution(problem);
    if (flags.output === '-') {
      this.data(text);
      return this.jsonEnabled() ? { ...result, text } : result;
    }
    const file = flags.output === undefined ? join(workspace.folder, `report.${ENDINGS[flags.format]}`) : resolve(flags.output);
    if (flags.output === undefined) await workspace.own.write(file, text);
    else await writeWholeFile(file, text);
    this.log(`${this.paint.green('Report')} of ${this.paint.bold(report.title)}: ${shortPath(file)} (${Math.ceil(text.length / 1024)} kB)`);
    if (flags.open) await openInBrowser(file);
    return { ...result, file };
  }
}
