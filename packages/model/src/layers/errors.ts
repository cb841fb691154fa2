import { NnmError } from '@nnm/core';

/** A layers model that cannot be a kernel graph. */
export class LayersModelError extends NnmError {
  constructor(details: { model: string; problems: readonly string[]; known: readonly string[] }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_LAYERS_MODEL',
        message: `The layers model "${details.model}" cannot be a kernel: ${details.problems.join('; ')}.`,
        hint: `Layers that can: ${details.known.join(', ')}. docs/custom-kernels.md says more; GraphBuilder writes everything else.`,
        details,
      },
      options,
    );
  }
}
