const MARK = Symbol.for('nnm.error');

/** What every nnm error carries. `code` is permanent and searchable; `hint` says what to do next. */
export interface NnmErrorInit {
  readonly code: `ERR_${string}`;
  readonly message: string;
  readonly hint?: string;
  /** Machine-readable facts, JSON-safe, printed with `--json`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Base of every error nnm throws on purpose: what happened and why (`message`), and what to do (`hint`).
 *
 * Use {@link NnmError.isInstance} rather than `instanceof`: it also recognises errors of another installed copy of core.
 */
export class NnmError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(init: NnmErrorInit, options?: ErrorOptions) {
    super(init.message, options);
    this.name = new.target.name;
    this.code = init.code;
    this.hint = init.hint;
    this.details = init.details ?? {};
    Object.defineProperty(this, MARK, { value: true });
  }

  /** True for an nnm error of this or any other copy of core. */
  static isInstance(error: unknown): error is NnmError {
    return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[MARK] === true;
  }

  /** The JSON shape shown by `--json` and stored in failed records. */
  toJSON(): { code: string; message: string; hint?: string; details: Readonly<Record<string, unknown>> } {
    return { code: this.code, message: this.message, ...(this.hint !== undefined && { hint: this.hint }), details: this.details };
  }
}
