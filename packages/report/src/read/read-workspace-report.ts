import path from 'node:path';
import { explainFileError, journalFile, readMeasured, type Setting } from '@nnm/builder';
import { type Environment, groupFailures, journalLines, readJournal } from '@nnm/profiler';
import { groupEnvironments } from '../data/environment-facts.ts';
import { type KernelReportLimits, kernelReport } from '../data/kernel-report.ts';
import type { KernelReport, ReportDocument } from '../data/report-document.ts';
import { reportOf } from '../data/report-of.ts';
import { readUsablePredictor, readUsableRounds } from './usable-predictors.ts';

/** What of a workspace a report is about. */
export interface WorkspaceReportOptions extends Setting {
  readonly backend: string;
  /** Kernels to report; those of which nothing is known are left out, with a problem that says so. */
  readonly kernels: readonly string[];
  /** When the report is made, ISO 8601. */
  readonly madeAt?: string;
}

/** How much of a kernel fits into a page of 2 MB beside so many others, each of some 500 rows. */
const LIMITS: readonly (KernelReportLimits & { readonly kernels: number })[] = [
  { kernels: 12, columns: 128, rows: 24, slices: 6, visits: 1500, features: 32 },
  { kernels: 30, columns: 64, rows: 16, slices: 2, visits: 400, features: 3 },
  { kernels: Number.POSITIVE_INFINITY, columns: 32, rows: 12, slices: 1, visits: 100, features: 0 },
];

/**
 * Read what a workspace holds of its kernels: measurements, the predictors of each round, the noise of the journals.
 *
 * @throws core's `InvalidFileError`, the builder's `FileAccessError`
 */
export async function readWorkspaceReport(options: WorkspaceReportOptions): Promise<ReportDocument> {
  const { workspace, kernels, backend, implement, batchSize, madeAt } = options;
  const limits = limitsFor(kernels.length);
  const read: { readonly report: KernelReport; readonly environment: Environment | undefined }[] = [];
  for (const type of kernels) read.push(await readKernelReport(type, options, limits));
  const known = read.filter(({ report }) => report.rows.length > 0 || report.failures.length > 0);
  const unknown = read.filter((one) => !known.includes(one)).map(({ report }) => report.kernel);
  return reportOf({
    title: path.basename(workspace.folder),
    ...(madeAt !== undefined && { madeAt }),
    facts: [
      { name: 'backend', value: backend },
      { name: 'framework', value: implement },
      { name: 'batch size', value: String(batchSize) },
      { name: 'seed', value: String(workspace.manifest.seed) },
    ],
    kernels: known.map(({ report }) => report),
    environments: groupEnvironments(known.map(({ report, environment }) => ({ kernel: report.kernel, environment }))),
    problems: unknown.length > 0 ? [`Nothing has been measured yet of ${unknown.join(', ')}.`] : [],
  });
}

function limitsFor(kernels: number): KernelReportLimits {
  return LIMITS.find((level) => kernels <= level.kernels) as KernelReportLimits;
}

/** One kernel as {@link readWorkspaceReport} reads it beside the others, such as to renew it. @throws as {@link readWorkspaceReport} does */
export async function readOneKernel(kernel: string, options: WorkspaceReportOptions): Promise<KernelReport> {
  return (await readKernelReport(kernel, options, limitsFor(options.kernels.length))).report;
}

/** One kernel's part of the report, and the conditions of its last session. @throws as {@link readWorkspaceReport} does */
async function readKernelReport(
  type: string,
  options: Pick<WorkspaceReportOptions, keyof Setting>,
  limits: KernelReportLimits,
): Promise<{ readonly report: KernelReport; readonly environment: Environment | undefined }> {
  const { workspace, registry } = options;
  const kernel = registry.kernel(type);
  const { rows, problems } = await readMeasured(type, options);
  const file = journalFile(workspace, type);
  const journal = readBytes(file, options);
  const content = journal && readJournal(file, workspace.files);
  const records = [...(content?.kernels.values() ?? [])].flatMap((measured) => measured.at(-1)?.record ?? []);
  const failed = records.filter((record) => record.status === 'failed');
  const finished = await readUsablePredictor(kernel, options);
  const rounds = await readUsableRounds(kernel, options);
  const unusable = new Set([finished, ...rounds].flatMap(({ problem }) => problem ?? []));
  const report = kernelReport(
    {
      kernel,
      rows,
      rounds: rounds.flatMap(({ mark, predictor }) => (predictor === undefined ? [] : [{ mark, predictor }])),
      predictor: finished.predictor,
      journal: journal === undefined ? [] : journalLines(journal),
      failures: groupFailures(failed),
      problems: [...problems.map(({ message }) => message), ...unusable],
    },
    limits,
  );
  return { report, environment: content?.environment };
}

function readBytes(file: string, { workspace }: Pick<Setting, 'workspace'>): Uint8Array | undefined {
  try {
    return workspace.files.stat(file) === undefined ? undefined : workspace.files.readFile(file);
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}
