import type { MeasuredSample, Prediction } from '@nnm/builder';
import type { PredictedConfig } from './output/predictions.ts';

/** Whether a prediction says too little: its 80 % range is a larger share of it than asked for, or it is a guess. */
export function isUncertain({ latencyMs, interval80, outsideSampled }: Prediction, maxInterval: number): boolean {
  return outsideSampled.length > 0 || (interval80.highMs - interval80.lowMs) / latencyMs > maxInterval;
}

/** A prediction beside what was measured of it; as it is when nothing was. */
export function withMeasurement(prediction: PredictedConfig, sample: MeasuredSample | undefined): PredictedConfig {
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
