import { NnmError } from '@nnm/core';

/** A predictor file is damaged or is not a predictor file at all. */
export class InvalidPredictorFileError extends NnmError {
  constructor(details: { file: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_PREDICTOR_FILE',
        message: `${details.file} cannot be read as a predictor: ${details.problem}.`,
        hint: 'Copy the file again from where it was made, or build the predictor anew.',
        details,
      },
      options,
    );
  }
}

/** A predictor file was written in another version of the format. */
export class PredictorSchemaVersionError extends NnmError {
  constructor(details: { file: string; schemaVersion: unknown; oldest: number; newest: number; nnmVersion?: string }) {
    const newer = typeof details.schemaVersion === 'number' && details.schemaVersion > details.newest;
    const by = details.nnmVersion === undefined ? '' : ` by nnm ${details.nnmVersion}`;
    super({
      code: 'ERR_PREDICTOR_SCHEMA_VERSION',
      message: `${details.file} was written${by} in predictor format ${String(details.schemaVersion)}; this nnm reads formats ${details.oldest} to ${details.newest}.`,
      hint: newer ? 'Update @nnm/core.' : 'Build the predictor anew with this version of nnm.',
      details,
    });
  }
}

/** A predictor needs a regression method that nobody provides. */
export class MissingRegressorError extends NnmError {
  constructor(details: { file: string; regressor: string }) {
    super({
      code: 'ERR_MISSING_REGRESSOR',
      message: `${details.file} was made with the regressor "${details.regressor}", which is not available.`,
      hint: 'Add the plugin that provides it to your nnm config, or pass the regressor to `parsePredictor`.',
      details,
    });
  }
}

/** What a predictor answers is no latency: the features lie where its arithmetic ends, or its regressor is broken. */
export class NoLatencyError extends NnmError {
  constructor(details: { kernelType: string; name: string; latencyMs: number }) {
    super({
      code: 'ERR_NO_LATENCY',
      message: `The predictor of ${details.kernelType} answers ${details.latencyMs} ms for \`${details.name}\`, which is no latency.`,
      hint: 'Look whether the features are as large as they should be; if they are, build the predictor again.',
      details,
    });
  }
}
