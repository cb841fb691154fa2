import { TARGET_IDS } from './target.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isTexts: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every key of the manifest with what must hold for it; what a prediction computes with is checked to the last number. */
const CHECKS: Readonly<Record<string, Check>> = {
  kernelType: isText,
  family: isText,
  kernels: isTexts,
  backend: isText,
  implement: isText,
  batchSize: isNumber,
  featureNames: isTexts,
  nnmVersion: isText,
  dataHash: isText,
  seed: isNumber,
  metrics: isObject,
  crossValidation: isObject,
  samples: isObject,
  regressor: (value) => isObject(value) && isText(value.id),
  target: isTarget,
  sampled: isSampled,
  intervals: isIntervals,
};

/** What is wrong with a manifest read from a file; undefined when nothing is. */
export function manifestProblem(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const bad = Object.entries(CHECKS).filter(([key, check]) => !check(manifest[key]));
  if (bad.length > 0) return `${bad.map(([key]) => `\`${key}\``).join(', ')} ${bad.length === 1 ? 'is' : 'are'} missing or malformed`;
  const columns = (manifest.featureNames as readonly string[]).length;
  if ((manifest.sampled as { features: readonly unknown[] }).features.length !== columns) return '`sampled` and `featureNames` disagree';
  const { baseline } = manifest.target as { baseline?: { costs: readonly { index: number }[] } };
  if (baseline?.costs.some(({ index }) => !(Number.isInteger(index) && index >= 0 && index < columns))) {
    return '`target` uses a feature that does not exist';
  }
  return undefined;
}

function isTarget(value: unknown): boolean {
  if (!isObject(value) || !(TARGET_IDS as readonly unknown[]).includes(value.id)) return false;
  if (value.id === 'raw') return isNumber(value.floorMs);
  const baseline = value.baseline;
  if (!isObject(baseline) || !isNumber(baseline.launchMs) || !Array.isArray(baseline.costs)) return false;
  return baseline.costs.every(
    (cost) => isObject(cost) && isNumber(cost.index) && isNumber(cost.msPerUnit) && (cost.above === undefined || isNumber(cost.above)),
  );
}

function isSampled(value: unknown): boolean {
  if (!isObject(value) || !isNumber(value.limit) || !Array.isArray(value.features) || !Array.isArray(value.whitening)) return false;
  const features = value.features;
  if (!features.every((one) => isObject(one) && isText(one.name) && ['min', 'max', 'centre', 'scale'].every((key) => isNumber(one[key])))) {
    return false;
  }
  const rows = value.whitening;
  if (rows.length !== 0 && rows.length !== features.length) return false;
  return rows.every((row, i) => Array.isArray(row) && row.length === i + 1 && row.every(isNumber));
}

function isIntervals(value: unknown): boolean {
  if (!isObject(value) || !isNumber(value.rows) || !Array.isArray(value.bins)) return false;
  return value.bins.every((bin) => {
    if (!isObject(bin) || !isNumber(bin.fromMs) || !Array.isArray(bin.factors)) return false;
    return bin.factors.every((factor) => isObject(factor) && ['coverage', 'low', 'high'].every((key) => isNumber(factor[key])));
  });
}
