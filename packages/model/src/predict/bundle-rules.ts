import type { Bundle } from '../bundle/bundle.ts';
import type { FusionRules } from '../detect/fusion-rules.ts';
import { TFLITE_CPU_RULES } from '../detect/rules/tflite-cpu.ts';
import { TORCH_CPU_RULES } from '../detect/rules/torch-cpu.ts';

/** Rules of the built-in backends; those of ONNX Runtime are of CPUs with AVX-512, unless the bundle holds others. */
const BUILT_IN: readonly FusionRules[] = [TFLITE_CPU_RULES, TORCH_CPU_RULES.nchwc16];

/** A runtime that runs every operator by itself. */
const NO_FUSION: FusionRules = {
  schemaVersion: 1,
  backend: '',
  runtime: '',
  versions: { from: '0' },
  layout: 'nhwc',
  foldsBatchNorm: false,
  freePadding: [],
  freeBias: [],
  chains: [],
};

/** What the runtime of a bundle runs as one: by the rules in it, else by those that are built in for its backend, else nothing. */
export function bundleRules({ backend, rules }: Pick<Bundle, 'backend' | 'rules'>): FusionRules {
  if (rules !== undefined) return rules as unknown as FusionRules;
  return BUILT_IN.find((known) => known.backend === backend) ?? { ...NO_FUSION, backend };
}
