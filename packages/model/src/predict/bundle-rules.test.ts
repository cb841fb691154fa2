import type { Json } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { parseFusionRules } from '../detect/fusion-rules.ts';
import { TFLITE_CPU_RULES } from '../detect/rules/tflite-cpu.ts';
import { TORCH_CPU_RULES } from '../detect/rules/torch-cpu.ts';
import { bundleRules, ruleProblems } from './bundle-rules.ts';

const measuredOn = (runtime: object): Json => ({ cpu: 'a CPU', runtime: { runtime: 'ONNX Runtime', version: '1.30.0', ...runtime } });
/** Backends with one set of rules, and the version that it was tried with. */
const KNOWN = [
  ['litert_wasm', '2.5.3'],
  ['ort_wasm', '1.30.0'],
  ...['tfjs_wasm', 'tfjs_cpu', 'tfjs_node', 'tfjs_webgl', 'tfjs_webgpu'].map((backend) => [backend, '4.22.0'] as const),
] as const;
const torch = (runtime: object) => ({ backend: 'torch_cpu', environment: measuredOn(runtime) });

describe('rules of a bundle', () => {
  it('are those of the layout that its runtime has', () => {
    for (const layout of ['nchwc8', 'nchwc16', 'nchw'] as const) expect(bundleRules(torch({ layout }))).toBe(TORCH_CPU_RULES[layout]);
    expect(bundleRules({ backend: 'tflite_cpu', environment: null })).toBe(TFLITE_CPU_RULES);
    for (const [backend] of KNOWN) {
      const rules = bundleRules({ backend, environment: null });
      expect(rules.backend).toBe(backend);
      expect(parseFusionRules(rules).chains).not.toEqual([]);
    }
    const ofLitert = bundleRules({ backend: 'litert_wasm', environment: null }).chains.map(({ name }) => name);
    expect(TFLITE_CPU_RULES.chains.map(({ name }) => name).filter((name) => !ofLitert.includes(name))).toEqual(['binary']);
    expect(bundleRules({ backend: 'a stranger', environment: null })).toMatchObject({ backend: 'a stranger', chains: [] });
  });

  it('are those in it before any others, but none of another format', () => {
    const own = { ...TORCH_CPU_RULES.nchwc8, runtime: 'mine' } as unknown as Json;
    expect(bundleRules({ ...torch({ layout: 'nchwc16' }), rules: own })).toMatchObject({ runtime: 'mine' });
    const newer = { schemaVersion: 2 };
    expect(() => bundleRules({ ...torch({}), rules: newer })).toThrow('schema version 2; this nnm reads version 1');
  });
});

describe('what a bundle does not fit is said', () => {
  const problems = (bundle: Parameters<typeof ruleProblems>[0], rules = bundleRules(bundle)) => ruleProblems(bundle, rules).join('\n');

  it('nothing where everything fits', () => {
    expect(problems(torch({ layout: 'nchwc8' }))).toBe('');
    expect(problems({ backend: 'tflite_cpu', environment: measuredOn({ version: '2.9.0' }) })).toBe('');
    for (const [backend, version] of KNOWN) expect(problems({ backend, environment: measuredOn({ version }) })).toBe('');
  });

  it.each(['a stranger', 'ort_webgpu', 'litert_webgpu'])(
    'that what %s runs as one is not known, also by rules that were put into a bundle',
    (backend) => {
      const environment = measuredOn({ version: '0.1' });
      const written = JSON.parse(JSON.stringify(bundleRules({ backend, environment })));
      const unknown = `What ${backend} runs as one is not known: every operator of a model is priced as one that runs by itself`;
      expect(problems({ backend, environment })).toContain(unknown);
      expect(problems({ backend, environment, rules: written })).toContain(unknown);
      expect(problems({ backend, environment: null })).toContain(unknown);
    },
  );

  it('another version, layout or backend', () => {
    expect(problems(torch({ version: '1.9.1', layout: 'nchwc8' }))).toContain(
      'ONNX Runtime 1.9.1; what it runs as one is known of 1.16 and newer',
    );
    const limited = { ...TORCH_CPU_RULES.nchwc8, versions: { from: '1.16', below: '1.30' } };
    expect(problems(torch({ layout: 'nchwc8' }), limited)).toContain('known of 1.16 to below 1.30');
    expect(problems(torch({ layout: 'nchwc8' }), TORCH_CPU_RULES.nchwc16)).toContain('lie as nchwc8; the rules are of nchwc16');
    expect(problems(torch({ layout: 'nchwc8' }), TFLITE_CPU_RULES)).toContain(
      'The rules of fusion are of tflite_cpu, the predictors of torch_cpu.',
    );
  });

  it('less optimisation than the rules are of', () => {
    const options = { graphOptimization: 'extended' };
    expect(problems(torch({ layout: 'nchw', options }))).toContain('with the graph optimisation extended; the rules are of all');
  });

  it('a layout that nobody has asked for', () => {
    expect(problems(torch({}))).toContain('nchwc16 is assumed');
  });
});
