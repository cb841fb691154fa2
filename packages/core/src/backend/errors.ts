import type { Problem } from '../errors/index.ts';
import { NnmError } from '../errors/index.ts';

/** Settings of a backend are wrong; the workspace reader adds file and lines to its problems. */
export class InvalidSettingsError extends NnmError {
  readonly problems: readonly Problem[];
  constructor(details: { backend: string; problems: readonly Problem[] }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_SETTINGS',
        message: `The settings of ${details.backend} are not valid: ${details.problems.map((p) => `${p.key ?? ''} ${p.message}`.trim()).join('; ')}.`,
        hint: 'Correct configs/backend_config.yaml in the workspace.',
        details,
      },
      options,
    );
    this.problems = details.problems;
  }
}

/** The runtime of a backend cannot be started: a library is missing, or is for another platform. */
export class RuntimeUnavailableError extends NnmError {
  constructor(details: { backend: string; reason: string; hint: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_RUNTIME_UNAVAILABLE',
        message: `The runtime of ${details.backend} cannot be started: ${details.reason}.`,
        hint: details.hint,
        details,
      },
      options,
    );
  }
}

/** A graph uses something the backend's model format or lowering cannot express. */
export class ConversionError extends NnmError {
  constructor(details: { backend: string; graph: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_CONVERSION',
        message: `${details.backend} cannot convert the graph "${details.graph}": ${details.problem}.`,
        hint: 'Change the block that builds the graph, or build this kernel on another backend.',
        details,
      },
      options,
    );
  }
}

/** A backend does not have an operator of a graph. */
export class UnsupportedOperatorError extends NnmError {
  constructor(details: { backend: string; graph: string; operator: string; reason?: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_UNSUPPORTED_OPERATOR',
        message: `${details.backend} cannot convert the graph "${details.graph}": it does not have the operator "${details.operator}"${details.reason === undefined ? '' : `: ${details.reason}`}.`,
        hint: 'Build the kernel from other operators, or build it on another backend. docs/operators.md says what runs where.',
        details,
      },
      options,
    );
  }
}

/** The runtime refuses a model or fails while running it. */
export class RuntimeFailureError extends NnmError {
  constructor(details: { backend: string; doing: string; reason: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_RUNTIME_FAILURE',
        message: `${details.backend} failed while ${details.doing}: ${details.reason}.`,
        hint: 'A build records the kernel as failed and goes on.',
        details,
      },
      options,
    );
  }
}
