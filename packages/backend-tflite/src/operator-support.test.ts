import { edgeGraphs } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { executionPlan } from './__fixtures__/execution-plan.ts';
import { describeNative } from './__fixtures__/native-runtime.ts';
import { tfliteCpu } from './index.ts';

/** What gives other operators inputs of their kind. */
const HELPERS = new Set(['constant', 'activation']);

/** The first graph that is about each operator and nothing else. */
function graphPerOperator() {
  const graphs = new Map<string, ReturnType<typeof edgeGraphs>[number]['graph']>();
  for (const { graph } of edgeGraphs()) {
    const operators = [...new Set<string>(graph.ops.map(({ op }) => op))];
    const about = operators.length === 1 ? operators : operators.filter((op) => !HELPERS.has(op));
    if (about.length === 1 && !graphs.has(about[0]!)) graphs.set(about[0]!, graph);
  }
  return graphs;
}

describeNative('what is said of each operator', () => {
  it.each([...graphPerOperator()])('is what TensorFlow Lite does with %s', (operator, graph) => {
    const plan = executionPlan(tfliteCpu.convert(graph));
    const isDelegated = plan.every((node) => node === 'DELEGATE');
    const { runs } = tfliteCpu.operators[operator]!;
    if (runs === 'delegated') expect(plan).toEqual(['DELEGATE']);
    else if (runs === 'reference kernel') expect(plan.filter((node) => node !== 'DELEGATE')).toHaveLength(1);
    else expect(isDelegated || plan.length > 1, `${runs}: ${plan.join(' ')}`).toBe(true);
  });

  it('covers every operator', () => {
    const operators = Object.keys(tfliteCpu.operators).filter((operator) => operator !== 'constant');
    expect([...graphPerOperator().keys()].sort()).toEqual(operators.sort());
  });
});
