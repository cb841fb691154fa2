import type { Prediction } from '@nnm/builder';
import type { KernelConfig } from '@nnm/core';
import type { LatencyInterval } from '@nnm/predictor';
import type { Ansis } from 'ansis';
import { formatLatency } from './quantities.ts';
import { type Column, renderTable } from './table.ts';

/** A prediction with its configuration and, when asked for, the measured latency. */
export interface PredictedConfig extends Prediction {
  readonly config: KernelConfig;
  readonly measured?: MeasuredOutcome;
  /** With a limit on intervals: the prediction says too little, the configuration should be measured. */
  readonly measureThis?: boolean;
}

/** What measuring a configuration gave. */
type MeasuredOutcome =
  | {
      readonly status: 'ok';
      readonly latencyMs: number;
      /** Absent where it is unknown. */
      readonly spreadMs?: number;
      readonly flags: readonly string[];
      /** `(predicted - measured) / measured`. */
      readonly relativeError: number;
    }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } };

/** Predictions as a table, with what a reader must know about the guesses and failures among them below it. */
export function renderPredictions(predictions: readonly PredictedConfig[], paint: Ansis): string {
  const keys = [...new Set(predictions.flatMap(({ config }) => Object.keys(config)))];
  const isMeasured = predictions.some(({ measured }) => measured !== undefined);
  const isJudged = predictions.some(({ measureThis }) => measureThis !== undefined);
  const columns: readonly Column[] = [
    ...keys.map((title): Column => ({ title, align: 'right' })),
    { title: 'PREDICTED', align: 'right' },
    { title: '80 % RANGE', align: 'right' },
    { title: '95 % RANGE', align: 'right' },
    ...(isMeasured
      ? ([
          { title: 'MEASURED', align: 'right' },
          { title: 'OFF BY', align: 'right' },
        ] as const)
      : []),
    ...(isJudged ? [{ title: 'VERDICT' }] : []),
    { title: '' },
  ];
  const rows = predictions.map(({ config, latencyMs, interval80, interval95, outsideSampled, measured, measureThis }) => [
    ...keys.map((key) => String(config[key] ?? '')),
    formatLatency(latencyMs),
    formatRange(interval80),
    formatRange(interval95),
    ...(isMeasured ? describeMeasured(measured) : []),
    ...(isJudged ? [measureThis ? paint.yellow('measure this') : 'sure enough'] : []),
    outsideSampled.length > 0 ? paint.yellow('?') : '',
  ]);
  const remarks = predictions.flatMap(({ outsideSampled, measured }, index) => [
    ...(outsideSampled.length > 0 ? [`? row ${index + 1} lies outside what was measured: ${listReasons(outsideSampled)}`] : []),
    ...(measured?.status === 'failed'
      ? [`row ${index + 1} could not be measured: ${measured.error.message} [${measured.error.code}]`]
      : []),
    ...(measured?.status === 'ok' && measured.flags.length > 0
      ? [`row ${index + 1}: the measurement is uncertain (${measured.flags.join(', ')})`]
      : []),
  ]);
  return [renderTable(columns, rows, paint), ...(remarks.length > 0 ? [`\n${remarks.join('\n')}`] : [])].join('\n');
}

function describeMeasured(measured: MeasuredOutcome | undefined): readonly [string, string] {
  if (measured === undefined) return ['-', ''];
  if (measured.status === 'failed') return ['failed', ''];
  const { latencyMs, relativeError } = measured;
  return [formatLatency(latencyMs), `${relativeError >= 0 ? '+' : ''}${(relativeError * 100).toFixed(1)} %`];
}

function formatRange({ lowMs, highMs }: LatencyInterval): string {
  return `${formatLatency(lowMs).replace(' ms', '')} to ${formatLatency(highMs)}`;
}

/** The first reasons: features that follow from the configuration come after it and say little more. */
export function listReasons(reasons: readonly string[]): string {
  const shown = reasons.slice(0, 2).join('; ');
  return reasons.length > 2 ? `${shown}; and ${reasons.length - 2} more` : shown;
}
