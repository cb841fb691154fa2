import { NnmError } from '@nnm/core';

/** A file is not a model that nnm reads: truncated, of another kind, contradicting itself, or beyond a limit. */
export class InvalidModelError extends NnmError {
  /** @param details - `problem` is the end of a sentence that starts with the file: `ends in the middle of a node` */
  constructor(details: { file: string; problem: string; hint?: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_MODEL',
        message: `${details.file} ${details.problem}.`,
        hint: details.hint ?? 'Check that the file is complete and a model, or export it again.',
        details: { file: details.file, problem: details.problem },
      },
      options,
    );
  }
}

/** Sizes that a model leaves open and nobody pinned. */
export class FreeDimensionError extends NnmError {
  constructor(details: { file: string; inputs: readonly { readonly name: string; readonly dimensions: readonly (number | string)[] }[] }) {
    const shown = details.inputs.map(({ name, dimensions }) => `"${name}" is [${dimensions.join(', ')}]`);
    const flags = details.inputs.map(
      ({ name, dimensions }) => `--shape ${name}=${dimensions.map((size) => (typeof size === 'number' ? size : '…')).join('x')}`,
    );
    super({
      code: 'ERR_FREE_DIMENSION',
      message: `${details.file} leaves sizes of its inputs open: ${shown.join(', ')}. Latency depends on them.`,
      hint: `Pin them: ${flags.join(' ')} with numbers, or \`shapes: { name: [1, 3, 224, 224] }\` in the API.`,
      details,
    });
  }
}
