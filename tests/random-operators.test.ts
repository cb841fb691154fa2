import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { type AnyBackend, NnmError, OPERATORS, type Op, Rng, type Runtime } from '@nnm/core';
import { startRuntime } from '@nnm/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionPlan } from '../packages/backend-tflite/src/__fixtures__/execution-plan.ts';
import { disagreement } from './random-agreement.ts';
import { DRAWS, drawChain, drawOperator } from './random-graphs.ts';

// More of them: npm run compare:operators -- --seeds 100

const GRAPHS_PER_OPERATOR = 5;
const CHAINS = 80;

const operators = Object.keys(DRAWS) as readonly Op['op'][];

it('every operator is drawn', () => {
  expect([...operators].sort()).toEqual([...OPERATORS.keys()].sort());
});

// A fact of the document: what XNNPACK does not take, with any shape and option, is named there.
it.each(operators)('TensorFlow Lite runs of %s on its own kernels what is said, and nothing else', (op) => {
  const { runs, note = '' } = tfliteCpu.operators[op]!;
  for (let seed = 0; seed < GRAPHS_PER_OPERATOR; seed++) {
    const graph = drawOperator(op, new Rng(seed).fork(op));
    let own: readonly string[] = [];
    try {
      own = executionPlan(tfliteCpu.convert(graph)).filter((node) => node !== 'DELEGATE');
    } catch (error) {
      if (!NnmError.isInstance(error) || error.code !== 'ERR_UNSUPPORTED_OPERATOR') throw error;
    }
    const said = runs === 'reference kernel' || /own kernel/.test(note) ? note : '';
    expect(
      own.filter((node) => !said.includes(node)),
      JSON.stringify(graph),
    ).toEqual([]);
  }
});

describe.each<AnyBackend>([tfliteCpu, torchCpu])('$id', (backend) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime({ backend });
  });
  afterAll(() => runtime.close());

  it.each(operators)('computes random graphs of %s as the reference does, or refuses them by name', async (op) => {
    let refused = 0;
    for (let seed = 0; seed < GRAPHS_PER_OPERATOR; seed++) {
      const graph = drawOperator(op, new Rng(seed).fork(op));
      const wrong = await disagreement(backend, runtime, graph, seed);
      if (wrong === 'refused') refused++;
      else expect(wrong, JSON.stringify(graph)).toBeUndefined();
    }
    expect(refused).toBeLessThan(GRAPHS_PER_OPERATOR);
  });

  it(`computes ${CHAINS} random chains of operators as the reference does`, async () => {
    for (let seed = 0; seed < CHAINS; seed++) {
      const graph = drawChain(new Rng(seed).fork('chain'));
      const wrong = await disagreement(backend, runtime, graph, seed);
      if (wrong !== 'refused') expect(wrong, JSON.stringify(graph)).toBeUndefined();
    }
  });
});
