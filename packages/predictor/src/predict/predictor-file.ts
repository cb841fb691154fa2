import { type FittedRegressor, fnv1a32, NnmError, type SerialisedRegressor } from '@nnm/core';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { isEnsemble } from './ensemble-binary.ts';
import { restoreEnsemble } from './ensemble-regressor.ts';
import { InvalidPredictorFileError, MissingRegressorError, PredictorSchemaVersionError } from './errors.ts';
import { OLDEST_PREDICTOR_SCHEMA_VERSION, PREDICTOR_FORMAT, PREDICTOR_SCHEMA_VERSION, type PredictorManifest } from './manifest.ts';
import { manifestProblem } from './manifest-problem.ts';
import { createPredictor, type Predictor } from './predictor.ts';
import { rangeProblem } from './range-problem.ts';

/** Restores a fitted regressor; every `Regressor` is one. */
export interface RegressorLoader {
  deserialise(serialised: SerialisedRegressor): FittedRegressor;
  /** Where it is there, the options that the file names are checked by it. @throws for options that no model was fitted with */
  parseOptions?(raw: Readonly<Record<string, unknown>>): unknown;
}

/** Where {@link parsePredictor} finds what the text itself does not hold. */
export interface ParsePredictorOptions {
  /** Named in errors. */
  readonly file?: string;
  /**
   * Finds the regressor that made the predictor, such as a registry's `regressor`; may throw or return undefined for an unknown id. Models
   * made of nnm's trees, as those of every built-in regressor, need none.
   */
  readonly regressor?: (id: string) => RegressorLoader | undefined;
}

/** A predictor as the text of its file: one JSON object, the trees in it as base64. */
export function serialisePredictor(predictor: Predictor): string {
  const { json, binary } = predictor.fitted.serialise();
  const file = {
    format: PREDICTOR_FORMAT,
    schemaVersion: PREDICTOR_SCHEMA_VERSION,
    ...predictor.manifest,
    model: { json, bytes: binary.length, checksum: checksum(binary) },
  };
  // Base64 goes last and on a line of its own, so that the rest can be read by eye.
  const text = JSON.stringify(file, undefined, 1);
  return `${text.slice(0, -2)},\n "binary": "${encodeBase64(binary)}"\n}\n`;
}

/**
 * The predictor in a text that {@link serialisePredictor} made.
 *
 * @throws {@link InvalidPredictorFileError} when the text is damaged or no predictor,
 * {@link PredictorSchemaVersionError} when it has another version, {@link MissingRegressorError} when its regressor is not available
 */
export function parsePredictor(text: string, options: ParsePredictorOptions = {}): Predictor {
  const file = options.file ?? 'This text';
  const content = parseContent(text, file);
  const { format: _format, schemaVersion: _schemaVersion, model, binary, ...manifest } = content;
  const problem = manifestProblem(manifest);
  if (problem !== undefined) throw new InvalidPredictorFileError({ file, problem });
  const checked = manifest as unknown as PredictorManifest;
  const serialised = parseModel(model, binary, file);
  const loader = findLoader(checked.regressor.id, serialised, options, file);
  let fitted: FittedRegressor;
  try {
    loader.parseOptions?.(checked.regressor.options as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw new InvalidPredictorFileError({ file, problem: `its \`regressor.options\` are none: ${messageOf(cause)}` }, { cause });
  }
  try {
    fitted = loader.deserialise(serialised);
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    throw new InvalidPredictorFileError({ file, problem: messageOf(cause) }, { cause });
  }
  const excess = rangeProblem(checked, fitted);
  if (excess !== undefined) throw new InvalidPredictorFileError({ file, problem: excess });
  return createPredictor(checked, fitted);
}

/** The end of a sentence. */
function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}

function parseContent(text: string, file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new InvalidPredictorFileError({ file, problem: 'it is not complete JSON' }, { cause });
  }
  if (typeof content !== 'object' || content === null || !('format' in content) || content.format !== PREDICTOR_FORMAT) {
    throw new InvalidPredictorFileError({ file, problem: `it lacks \`"format": "${PREDICTOR_FORMAT}"\`` });
  }
  const { schemaVersion, nnmVersion } = content as Record<string, unknown>;
  if (!isReadable(schemaVersion)) {
    throw new PredictorSchemaVersionError({
      file,
      schemaVersion,
      oldest: OLDEST_PREDICTOR_SCHEMA_VERSION,
      newest: PREDICTOR_SCHEMA_VERSION,
      ...(typeof nnmVersion === 'string' && { nnmVersion }),
    });
  }
  return content as Record<string, unknown>;
}

function isReadable(schemaVersion: unknown): boolean {
  return (
    Number.isInteger(schemaVersion) &&
    (schemaVersion as number) >= OLDEST_PREDICTOR_SCHEMA_VERSION &&
    (schemaVersion as number) <= PREDICTOR_SCHEMA_VERSION
  );
}

function parseModel(model: unknown, base64: unknown, file: string): SerialisedRegressor {
  const { json, bytes, checksum: expected } = (model ?? {}) as Record<string, unknown>;
  if (typeof json !== 'object' || json === null || typeof base64 !== 'string') {
    throw new InvalidPredictorFileError({ file, problem: '`model` or `binary` is missing' });
  }
  const binary = decodeBase64(base64);
  if (binary === undefined || binary.length !== bytes || checksum(binary) !== expected) {
    throw new InvalidPredictorFileError({ file, problem: 'the fitted model in it is damaged (its checksum does not match)' });
  }
  return { json: json as Record<string, unknown>, binary };
}

function findLoader(id: string, serialised: SerialisedRegressor, options: ParsePredictorOptions, file: string): RegressorLoader {
  let found: RegressorLoader | undefined;
  let reason: unknown;
  try {
    found = options.regressor?.(id);
  } catch (error) {
    reason = error;
  }
  if (found !== undefined) return found;
  if (isEnsemble(serialised)) return { deserialise: restoreEnsemble };
  const error = new MissingRegressorError({ file, regressor: id });
  if (reason !== undefined) error.cause = reason;
  throw error;
}

/** 32-bit FNV-1a of the bytes, in hexadecimal: against accidents, not against malice. */
function checksum(bytes: Uint8Array): string {
  return fnv1a32(bytes).toString(16).padStart(8, '0');
}
