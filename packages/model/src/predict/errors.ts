import { NnmError } from '@nnm/core';

/** A predictor of one batch size is asked about a model of another: its kernels do not say how many images they are for. */
export class BatchSizeMismatchError extends NnmError {
  /** @param details - `input`: the one whose first size it is, with its shape */
  constructor(details: { model: string; batchSize: number; predictor: number; input: string }) {
    super({
      code: 'ERR_BATCH_SIZE_MISMATCH',
      message: `${details.model} has the batch size ${details.batchSize}, the first size of its input ${details.input}, but the predictors were measured at ${details.predictor}.`,
      hint: `Give the model an input of batch size ${details.predictor} with --shape, or build predictors in a workspace with BATCH_SIZE: ${details.batchSize}.`,
      details,
    });
  }
}

/** A model has nothing in it that would take time. */
export class EmptyModelError extends NnmError {
  constructor(details: { model: string }) {
    super({
      code: 'ERR_EMPTY_MODEL',
      message: `${details.model} has no operators: there is nothing to predict.`,
      hint: 'Look whether it is the file that was meant, and whether it was exported whole.',
      details,
    });
  }
}

/** No part of a model has a price. */
export class NothingPricedError extends NnmError {
  constructor(details: { model: string; gaps: readonly string[] }) {
    const { model, gaps } = details;
    const shown = gaps.slice(0, 3).join('; ');
    super({
      code: 'ERR_NOTHING_PRICED',
      message: `No part of ${model} can be priced: ${shown}${gaps.length > 3 ? `; and ${gaps.length - 3} more` : ''}.`,
      hint: 'Build predictors for the kernels of networks (`nnm create --kernels networks`), or measure the parts here with --measure.',
      details,
    });
  }
}
