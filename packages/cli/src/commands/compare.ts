import { resolve } from 'node:path';
import type { ComparisonReport, KernelVerdict, ReportDocument } from '@nnm/report';
import { Args, Flags } from '@oclif/core';
import { NnmCommand } from '../base-command.ts';
import { NothingToCompareError, UsageError } from '../errors.ts';
import { isStandardInput } from '../input/standard-input.ts';
import { kernelsFlag } from '../name-flags.ts';
import { formatChange, renderComparison } from '../output/comparison.ts';
import { shortPath } from '../plugins/origin.ts';
import { parseShare } from '../share.ts';
import { rowFlags } from '../stages/stage-command.ts';

interface CompareResult extends ComparisonReport {
  /** Kernels that `--fail-on` is about. */
  readonly failed: readonly { readonly kernel: string; readonly rule: string }[];
  readonly file?: string;
}

/** What makes the command fail. */
interface Rule {
  readonly text: string;
  readonly verdict: 'faster' | 'slower' | 'ambiguous';
  readonly threshold: number;
}

/** `nnm compare <before> <after>` */
export default class Compare extends NnmCommand {
  static override summary = 'Compare two measurements kernel by kernel: faster, slower, same, or ambiguous.';
  static override description =
    'Each side is a workspace, or a file of measured rows: what `nnm profile` and `nnm export` write, as JSON Lines or as a table, or a latency file with DETAIL: TRUE. They may differ in anything: a library version, a setting, a backend, the machine.\n\nA kernel is slower (faster) when the whole 95 % interval of its median ratio lies beyond the threshold, the same when the interval lies within, and ambiguous when it crosses: then measure more, or in a quieter hour. Flagged measurements do not count. Where fewer than six configurations were measured on both sides, the predictor of a side stands in for what it has not measured.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> before after',
    '<%= config.bin %> <%= command.id %> main-branch this-branch --fail-on slower:5%',
    '<%= config.bin %> profile configs.jsonl -b tflite_cpu | <%= config.bin %> <%= command.id %> yesterday.csv -',
    '<%= config.bin %> <%= command.id %> tflite-2.9 tflite-2.10 --format markdown >> "$GITHUB_STEP_SUMMARY"',
  ];
  static override args = {
    before: Args.string({ description: 'Folder of a workspace, or a file of measured rows; `-` is standard input.', required: true }),
    after: Args.string({ description: 'Folder of a workspace, or a file of measured rows; `-` is standard input.', required: true }),
  };
  static override flags = {
    kernel: kernelsFlag({ description: 'Kernels to compare. Default: all.' }),
    'input-format': rowFlags['input-format'],
    threshold: Flags.string({ default: '5%', description: 'Change that counts.', helpValue: '<5%>' }),
    'fail-on': Flags.string({
      multiple: true,
      description: 'Exit with 1 when a kernel is slower (faster, ambiguous) by this much: slower:5%. Without a share the threshold counts.',
      helpValue: '<verdict:share>',
    }),
    format: Flags.option({ options: ['table', 'markdown', 'html'] as const, default: 'table' as const, description: 'What to write.' })(),
    output: Flags.string({ char: 'o', description: 'File to write instead of stdout; needed for html.', helpValue: '<file>' }),
  };

  async run(): Promise<CompareResult> {
    const { args, flags } = await this.parse(Compare);
    const threshold = parseShare(flags.threshold, '--threshold');
    const rules = (flags['fail-on'] ?? []).map((text) => parseRule(text, threshold));
    if (flags.format === 'html' && flags.output === undefined) {
      throw new UsageError({ message: '--format html needs --output.', hint: 'Give a file: --output comparison.html.' });
    }
    if (isStandardInput(args.before) && isStandardInput(args.after)) {
      throw new UsageError({ message: 'Both sides are standard input.', hint: 'Name a file or a workspace for one of them.' });
    }
    const { compareLatencies, sourceDifferences, verdictOf } = await import('@nnm/report');
    const { readCompared } = await import('../read-compared.ts');
    const { registry } = await this.discover();
    for (const type of flags.kernel ?? []) registry.kernel(type);
    const options = { kernels: flags.kernel, format: flags['input-format'] };
    const before = await readCompared(args.before, registry, options);
    const after = await readCompared(args.after, registry, options);
    for (const problem of new Set([...before.problems, ...after.problems])) this.caution(problem);
    const names = before.name === after.name ? [args.before, args.after] : [before.name, after.name];
    const comparison: ComparisonReport = {
      ...compareLatencies({ ...before, name: names[0] as string }, { ...after, name: names[1] as string }, threshold),
      differences: sourceDifferences(before, after),
    };
    if (comparison.kernels.length === 0) throw new NothingToCompareError(comparison);
    const isHit = ({ low, high }: KernelVerdict, rule: Rule): boolean =>
      low === undefined || high === undefined ? rule.verdict === 'ambiguous' : verdictOf({ low, high }, rule.threshold) === rule.verdict;
    const failed = rules.flatMap((rule) =>
      comparison.kernels.filter((kernel) => isHit(kernel, rule)).map(({ kernel }) => ({ kernel, rule: rule.text })),
    );
    const file = await this.write(comparison, flags);
    if (failed.length > 0) {
      process.exitCode = 1;
      for (const { kernel, rule } of failed) {
        const { ratio } = comparison.kernels.find((one) => one.kernel === kernel) as KernelVerdict;
        this.caution(`${kernel} fails --fail-on ${rule}: ${formatChange(ratio)}.`);
      }
    }
    return { ...comparison, failed, ...(file !== undefined && { file }) };
  }

  private async write(comparison: ComparisonReport, { format, output }: { readonly format: string; readonly output?: string | undefined }) {
    const { renderMarkdown, renderPage, reportOf } = await import('@nnm/report');
    const report: ReportDocument = reportOf({ title: `${comparison.before} → ${comparison.after}`, comparison });
    const text =
      format === 'table'
        ? `${renderComparison(comparison, this.paint)}\n`
        : format === 'markdown'
          ? renderMarkdown(report)
          : await renderPage(report);
    if (output === undefined) {
      if (format === 'table') this.log(text.trimEnd());
      else this.data(text);
      return undefined;
    }
    const { writeWholeFile } = await import('@nnm/builder');
    const file = resolve(output);
    await writeWholeFile(file, text);
    this.log(`${this.paint.green('Comparison')}: ${shortPath(file)}`);
    return file;
  }
}

function parseRule(text: string, threshold: number): Rule {
  const [, verdict, share] = /^(faster|slower|ambiguous)(?::(.+))?$/.exec(text) ?? [];
  if (verdict === undefined) {
    throw new UsageError({
      message: `--fail-on must be slower, faster or ambiguous, with a share: slower:5%. Got "${text}".`,
    });
  }
  return { text, verdict: verdict as Rule['verdict'], threshold: share === undefined ? threshold : parseShare(share, '--fail-on') };
}
