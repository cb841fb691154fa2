import { NnmError } from '@nnm/core';

/** A bundle is damaged, or is no bundle at all. */
export class InvalidBundleError extends NnmError {
  constructor(details: { file: string; problem: string }, options?: ErrorOptions) {
    super(
      {
        code: 'ERR_INVALID_BUNDLE',
        message: `${details.file} cannot be read as a bundle of predictors: ${details.problem}.`,
        hint: 'Copy the file again from where it was made, or make it anew with `nnm bundle`.',
        details,
      },
      options,
    );
  }
}

/** A bundle was written in another version of the format. */
export class BundleSchemaVersionError extends NnmError {
  constructor(details: { file: string; schemaVersion: unknown; reads: number; nnmVersion?: string }) {
    const by = details.nnmVersion === undefined ? '' : ` by nnm ${details.nnmVersion}`;
    const isNewer = typeof details.schemaVersion === 'number' && details.schemaVersion > details.reads;
    super({
      code: 'ERR_BUNDLE_SCHEMA_VERSION',
      message: `${details.file} was written${by} in bundle format ${String(details.schemaVersion)}; this nnm reads format ${details.reads}.`,
      hint: isNewer ? 'Update nnm.' : 'Make the bundle anew with `nnm bundle`.',
      details,
    });
  }
}
