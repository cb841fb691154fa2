import { CORE_VERSION, fnv1a32, type Json, NnmError } from '@nnm/core';
import { type ParsePredictorOptions, parsePredictor, serialisePredictor } from '@nnm/predictor/browser';
import { BUNDLE_FORMAT, BUNDLE_SCHEMA_VERSION, type Bundle } from './bundle.ts';
import { bundleShape } from './bundle-shape.ts';
import { BundleSchemaVersionError, InvalidBundleError } from './errors.ts';

/** What a bundle's content holds in its file. */
type BundleContent = Omit<Bundle, 'predictors' | 'nnmVersion'> & {
  readonly predictors: readonly { readonly family: string; readonly predictor: string }[];
};

/** A bundle as the text of its file: one JSON object. */
export function serialiseBundle({ backend, implement, batchSize, environment, rules, estimate, calibration, predictors }: Bundle): string {
  const content: BundleContent = {
    backend,
    implement,
    batchSize,
    environment,
    rules,
    estimate,
    calibration,
    predictors: [...predictors].map(([family, predictor]) => ({ family, predictor: serialisePredictor(predictor) })),
  };
  const text = JSON.stringify(content);
  const facts = { format: BUNDLE_FORMAT, schemaVersion: BUNDLE_SCHEMA_VERSION, nnmVersion: CORE_VERSION, checksum: checksum(text) };
  return `${JSON.stringify(facts).slice(0, -1)},"content":${text}}\n`;
}

/**
 * The bundle in a text that {@link serialiseBundle} made.
 *
 * @throws {@link InvalidBundleError} when the text is damaged or no bundle, {@link BundleSchemaVersionError} when it has another version;
 *   what `parsePredictor` throws of a predictor in it
 */
export function parseBundle(text: string, options: ParsePredictorOptions = {}): Bundle {
  const file = options.file ?? 'This text';
  const { schemaVersion, nnmVersion, checksum: expected, content } = parseFacts(text, file);
  if (schemaVersion !== BUNDLE_SCHEMA_VERSION) {
    const by = typeof nnmVersion === 'string' && { nnmVersion };
    throw new BundleSchemaVersionError({ file, schemaVersion, reads: BUNDLE_SCHEMA_VERSION, ...by });
  }
  if (typeof content !== 'object' || content === null || checksum(JSON.stringify(content)) !== expected) {
    throw new InvalidBundleError({ file, problem: 'it is damaged (its checksum does not match)' });
  }
  const [problem] = bundleShape(content, 'content');
  if (problem !== undefined) throw new InvalidBundleError({ file, problem });
  const { predictors, environment = null, ...rest } = content as unknown as BundleContent;
  const read = predictors.map(({ family, predictor }) => {
    const parsed = parsePredictor(predictor, { ...options, file: `The predictor of ${family} in ${file}` });
    if (parsed.manifest.family !== family) {
      throw new InvalidBundleError({ file, problem: `the predictor of ${family} in it is of ${parsed.manifest.family}` });
    }
    return [family, parsed] as const;
  });
  return { ...rest, environment, nnmVersion: String(nnmVersion), predictors: new Map(read) };
}

/** True for a text that says it is a bundle, whole or not. */
export function looksLikeBundle(text: string): boolean {
  return text.startsWith(`{"format":"${BUNDLE_FORMAT}"`);
}

function parseFacts(text: string, file: string): Readonly<Record<string, unknown>> {
  let facts: Json;
  try {
    facts = JSON.parse(text) as Json;
  } catch (cause) {
    if (NnmError.isInstance(cause)) throw cause;
    throw new InvalidBundleError({ file, problem: 'it is not complete JSON' }, { cause });
  }
  if (typeof facts !== 'object' || facts === null || !('format' in facts) || facts.format !== BUNDLE_FORMAT) {
    throw new InvalidBundleError({ file, problem: `it lacks \`"format": "${BUNDLE_FORMAT}"\`` });
  }
  return facts as Readonly<Record<string, unknown>>;
}

/** 32-bit FNV-1a of the text, in hexadecimal: against accidents, not against malice. */
function checksum(text: string): string {
  return fnv1a32(text).toString(16).padStart(8, '0');
}
