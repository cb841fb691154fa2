import { NnmError } from './nnm-error.ts';
import { suggestNearest } from './suggest.ts';

/** One problem in a file or a set of options. `line` is 1-based. */
export interface Problem {
  readonly key?: string;
  readonly line?: number;
  readonly message: string;
}

/** Problems of one file that are told; the others are counted. */
export const MOST_PROBLEMS_SHOWN = 50;

/** A user's file (configuration, kernel data, predictor) does not say what it should; lists its problems at once. */
export class InvalidFileError extends NnmError {
  constructor(details: { file: string; problems: readonly Problem[]; hint?: string }, options?: ErrorOptions) {
    const shown = details.problems.slice(0, MOST_PROBLEMS_SHOWN);
    const more = details.problems.length - shown.length;
    const lines = [
      ...shown.map(
        ({ key, line, message }) => `  ${details.file}${line === undefined ? '' : `:${line}`}${key ? ` ${key}` : ''}: ${message}`,
      ),
      ...(more > 0 ? [`  ... and ${more} more`] : []),
    ];
    const count = details.problems.length === 1 ? 'a problem' : `${details.problems.length} problems`;
    super(
      {
        code: 'ERR_INVALID_FILE',
        message: `${details.file} has ${count}:\n${lines.join('\n')}`,
        hint: details.hint ?? 'Correct the file and run the command again.',
        details: { file: details.file, problems: shown, problemCount: details.problems.length },
      },
      options,
    );
  }
}

/** A value handed to an nnm function or option is of the wrong type or out of range. */
export class InvalidArgumentError extends NnmError {
  constructor(details: { name: string; expected: string; got: unknown; hint?: string }, options?: ErrorOptions) {
    const shown = typeof details.got === 'string' ? `"${details.got}"` : String(details.got);
    super(
      {
        code: 'ERR_INVALID_ARGUMENT',
        message: `\`${details.name}\` must be ${details.expected}. Got ${shown}.`,
        ...(details.hint !== undefined && { hint: details.hint }),
        details: { name: details.name, expected: details.expected, got: shown },
      },
      options,
    );
  }
}

/** A kernel configuration is not one the kernel accepts; lists every key that is wrong. */
export class InvalidConfigError extends NnmError {
  constructor(details: { kernel: string; problems: readonly Problem[] }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_CONFIG',
        message: `This is not a configuration of ${details.kernel}: ${details.problems.map((p) => `${p.key ?? ''} ${p.message}`.trim()).join('; ')}.`,
        hint: `Run \`nnm kernels ${details.kernel}\` to see the keys and their ranges.`,
        details,
      },
      options,
    );
  }
}

/** An id that nobody registered; suggests the nearest known ones. */
export class UnknownIdError extends NnmError {
  constructor(details: {
    what: 'kernel' | 'backend' | 'device' | 'regressor' | 'network' | 'kernel family' | 'fusion case';
    id: string;
    known: readonly string[];
  }) {
    const near = suggestNearest(details.id, details.known);
    const known = details.known.length > 0 ? details.known.join(', ') : 'none';
    super({
      code: `ERR_UNKNOWN_${details.what.toUpperCase().replaceAll(' ', '_')}`,
      message: `There is no ${details.what} "${details.id}". Known: ${known}.`,
      hint:
        near.length > 0
          ? `Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`
          : `Check the spelling, or add the plugin that provides it to your nnm config.`,
      details: { ...details, near },
    });
  }
}

/** A model graph is not valid: unknown value, wrong shape, impossible attribute. */
export class InvalidGraphError extends NnmError {
  constructor(details: { graph: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_GRAPH',
        message: `The graph "${details.graph}" is not valid: ${details.problem}.`,
        hint: 'Correct the block that builds this graph.',
        details,
      },
      options,
    );
  }
}

/** The operation was stopped by its AbortSignal (Ctrl-C, a time budget); what was finished has been kept. */
export class AbortedError extends NnmError {
  constructor(details: { what: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_ABORTED',
        message: `${details.what} was stopped before it finished.`,
        hint: 'Run the same command again to carry on.',
        details,
      },
      options,
    );
  }
}
