import path from 'node:path';
import { NnmError } from '@nnm/core';
import { readModel } from '@nnm/model';
import type { Environment } from '@nnm/profiler';
import { environmentFacts, modelReportOf, type ReportDocument, reportOf } from '@nnm/report';
import type { MeasuredModel } from '../output/model-predictions.ts';
import { formatBytes } from '../output/model-table.ts';
import { type PredictFilesJob, predictFiles } from './predict-files.ts';

/** What `nnm report <model>` is asked for. */
export interface ReportModelJob extends Omit<PredictFilesJob, 'files' | 'predictors' | 'limitMs'> {
  readonly file: string;
  readonly predictor: PredictFilesJob['predictors'][number];
  /** When the report is made, ISO 8601. */
  readonly madeAt: string;
}

/** A model's report document: its parts with what they take, and where the predictors were measured. @throws what predicting it throws */
export async function reportModel(job: ReportModelJob): Promise<ReportDocument> {
  const { file, predictor, madeAt } = job;
  const [report] = await predictFiles({ ...job, files: [file], predictors: [predictor], limitMs: undefined });
  const answer = report?.answers[0];
  if (answer === undefined) throw new Error(`${file} has no answer`);
  const { prediction, measured } = answer;
  if (NnmError.isInstance(prediction)) throw prediction;
  const { nodes, producer } = await readModel(file, job.reading);
  const environment = predictor.bundle.environment as unknown as Environment | null;
  const whole = wholeOf(measured);
  const weights = formatBytes(prediction.weightBytes);
  const facts = [
    ['backend', prediction.backend],
    ['framework', prediction.implement],
    ['batch size', String(prediction.batchSize)],
    ['predictor', predictor.label],
    ['weights', weights],
    ...(report?.peakActivationBytes === undefined ? [] : [['activations at once', formatBytes(report.peakActivationBytes)]]),
    ...(producer === undefined ? [] : [['made by', producer]]),
  ] as const;
  return reportOf({
    title: path.basename(prediction.model),
    madeAt,
    facts: facts.map(([name = '', value = '']) => ({ name, value })),
    model: modelReportOf(prediction, { nodes, ...(whole.latencyMs !== undefined && { measuredMs: whole.latencyMs }) }),
    ...(environment !== null && { environments: [{ kernels: [], facts: environmentFacts(environment) }] }),
    problems: [...predictor.problems, ...whole.problems],
  });
}

function wholeOf(measured: MeasuredModel | NnmError | undefined): { readonly latencyMs?: number; readonly problems: readonly string[] } {
  if (measured === undefined) return { problems: [] };
  if (NnmError.isInstance(measured)) return { problems: [`The whole model was not measured: ${measured.message}`] };
  const { latencyMs, flags } = measured;
  return { latencyMs, problems: flags.length > 0 ? [`The measurement of the whole model is uncertain: ${flags.join(', ')}.`] : [] };
}
