import { NnmError } from '@nnm/core';

/** Code of a folder would run that nobody has allowed to run. */
export class NotTrustedError extends NnmError {
  /** True when the user has said no; false when nobody has been asked. */
  readonly refused: boolean;

  constructor(details: { folder: string; code: string; refused: boolean }) {
    const { folder, code, refused } = details;
    super({
      code: 'ERR_NOT_TRUSTED',
      message: `${code} in ${folder} is a program, and ${refused ? 'you have not allowed nnm to run it' : 'nobody has said that nnm may run it'}.`,
      hint: `Look at it, then run \`nnm trust\` in that folder, which is remembered. For one run, --trust (or NNM_TRUST=1, as in CI) uses it and --no-trust (NNM_TRUST=0) leaves it out.`,
      details,
    });
    this.refused = refused;
  }
}
