import type { Json } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { TFLITE_CPU_RULES } from '../detect/rules/tflite-cpu.ts';
import { TORCH_CPU_RULES } from '../detect/rules/torch-cpu.ts';
import { bundleRules, ruleProblems } from './bundle-rules.ts';

const measuredOn = (runtime: object): Json => ({ cpu: 'a CPU', runtime: { runtime: 'ONNX Runtime', version: '1.30.0', ...runtime } });
const torch = (runtime: object) => ({ backend: 'torch_cpu', environment: measuredOn(runtime) });

describe('rules of a bundle', () => {
  it('are those of the layout that its runtime has', () => {
    for (const layout of ['nchwc8', 'nchwc16', 'nchw'] as const) expect(bundleRules(torch({ layout }))).toBe(TORCH_CPU_RULES[layout]);
    expect(bundleRules({ backend: 'tflite_cpu', environment: null })).toBe(TFLITE_CPU_RULES);
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
    expect(problems({ backend: 'a stranger', environment: measuredOn({ version: '0.1' }) })).toBe('');
  });

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
