import type { Json, RuntimeInfo } from '@nnm/core';
import type { Bundle } from '../bundle/bundle.ts';
import { InvalidBundleError } from '../bundle/errors.ts';
import type { FusionRules } from '../detect/fusion-rules.ts';
import { TFJS_RULES } from '../detect/rules/tfjs.ts';
import { LITERT_WASM_RULES, TFLITE_CPU_RULES } from '../detect/rules/tflite-cpu.ts';
import { ORT_WASM_RULES, TORCH_CPU_RULES } from '../detect/rules/torch-cpu.ts';
import { compareVersions } from './compare-versions.ts';

const BUILT_IN: readonly FusionRules[] = [
  TFLITE_CPU_RULES,
  LITERT_WASM_RULES,
  ...Object.values(TORCH_CPU_RULES),
  ORT_WASM_RULES,
  ...TFJS_RULES,
];

/** Of rules about a runtime of which nothing is known. */
const UNKNOWN = '';

/** Every operator runs by itself, as far as anybody knows. */
const NO_FUSION: FusionRules = {
  schemaVersion: 1,
  backend: '',
  runtime: UNKNOWN,
  versions: { from: '0' },
  layout: 'nhwc',
  foldsBatchNorm: false,
  freePadding: [],
  freeBias: [],
  chains: [],
};

/** Rules that are built in for a backend, one for each layout in memory; of an unknown backend those of a runtime that fuses nothing, whose `runtime` is empty. */
export function builtInRules(backend: string): readonly [FusionRules, ...FusionRules[]] {
  const [first, ...others] = BUILT_IN.filter((rules) => rules.backend === backend);
  return first === undefined ? [{ ...NO_FUSION, backend }] : [first, ...others];
}

type RulesOrigin = Pick<Bundle, 'backend' | 'rules' | 'environment'>;

/**
 * What the runtime of a bundle runs as one: by the rules in it, else by those that are built in for its backend and the layout that its
 * runtime said it has, else nothing.
 *
 * @throws InvalidBundleError for rules of another schema version
 */
export function bundleRules({ backend, rules, environment }: RulesOrigin): FusionRules {
  if (rules !== undefined) {
    const { schemaVersion } = rules as { readonly schemaVersion?: Json };
    if (schemaVersion === 1) return rules as unknown as FusionRules;
    const problem = `its rules of fusion have schema version ${String(schemaVersion)}; this nnm reads version 1`;
    throw new InvalidBundleError({ file: 'The bundle', problem });
  }
  const [first, ...others] = builtInRules(backend);
  const layout = runtimeOf(environment)?.layout;
  return [first, ...others].find((known) => known.layout === layout) ?? first;
}

/**
 * How a bundle's rules do not fit the runtime that its predictors were measured on, as sentences.
 *
 * @param rules - of {@link bundleRules}
 */
export function ruleProblems({ backend, environment }: RulesOrigin, rules: FusionRules): readonly string[] {
  const problems: string[] = [];
  if (rules.backend !== backend) problems.push(`The rules of fusion are of ${rules.backend}, the predictors of ${backend}.`);
  if (rules.runtime === UNKNOWN) {
    problems.push(
      `What ${backend} runs as one is not known: every operator of a model is priced as one that runs by itself, which is too much where it does not.`,
    );
  }
  const runtime = runtimeOf(environment);
  if (runtime === undefined || rules.chains.length === 0) return problems;
  const { from, below } = rules.versions;
  const isOutside = compareVersions(runtime.version, from) < 0 || (below !== undefined && compareVersions(runtime.version, below) >= 0);
  if (isOutside) {
    const range = below === undefined ? `${from} and newer` : `${from} to below ${below}`;
    problems.push(
      `The predictors were measured on ${runtime.runtime} ${runtime.version}; what it runs as one is known of ${range}: parts of models may be others.`,
    );
  }
  const { graphOptimization = 'all' } = runtime.options ?? {};
  if (graphOptimization !== 'all') {
    problems.push(
      `The predictors were measured with the graph optimisation ${graphOptimization}; the rules are of all: fewer operators run as one.`,
    );
  }
  if (runtime.layout !== undefined && runtime.layout !== rules.layout && rules.layout.startsWith('nchw')) {
    problems.push(
      `The predictors were measured where channels lie as ${runtime.layout}; the rules are of ${rules.layout}: parts of models may be others.`,
    );
  }
  if (runtime.layout === undefined && builtInRules(backend).length > 1) {
    problems.push(
      `What the predictors were measured on does not say how channels lie in memory; ${rules.layout} is assumed. Measuring any kernel again says it.`,
    );
  }
  return problems;
}

function runtimeOf(environment: Json): RuntimeInfo | undefined {
  if (typeof environment !== 'object' || environment === null || !('runtime' in environment)) return undefined;
  const { runtime } = environment as unknown as { readonly runtime: RuntimeInfo };
  return typeof runtime === 'object' && typeof runtime.version === 'string' ? runtime : undefined;
}
