import { litertWasm } from '@nnm/backend-litert';
import { readModelFile as readGraphModel, tfjsWasm } from '@nnm/backend-tfjs';
import { torchCpu } from '@nnm/backend-torch';
import {
  type AnyBackend,
  type Graph,
  GraphBuilder,
  NnmError,
  OPERATORS,
  type Op,
  Rng,
  type RunPart,
  type Runtime,
  type Shape,
} from '@nnm/core';
import { edgeGraphs, startRuntime } from '@nnm/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelNow } from '../packages/backend-litert/src/litert/open-model.ts';
import type { Session } from '../packages/backend-litert/src/litert/session.ts';
import { loadModuleInNode } from '../packages/backend-litert/src/node/load-module.ts';
import { explainOptimised } from '../packages/backend-torch/src/part/explain.ts';
import { readModelFile } from '../packages/backend-torch/src/part/model-file.ts';
import { optimiseInWasm } from '../packages/backend-torch/src/web/__fixtures__/optimise-in-wasm.ts';
import { drawOperator } from './random-graphs.ts';

// What docs/operators.md says of each operator is what the runtime is given and makes of it. TensorFlow Lite: random-operators.test.ts.

const DRAWN = 24;

type Name = Op['op'];

const operators = [...OPERATORS.keys()].filter((op) => op !== 'constant') as readonly Name[];

/** Graphs of one operator and nothing else but constants: its awkward corners and random ones. */
function graphsOf(operator: Name): readonly Graph[] {
  const isAbout = ({ ops }: Graph): boolean => {
    const own = ops.filter(({ op }) => op !== 'constant');
    return own.length === 1 && own[0]?.op === operator;
  };
  const edges = edgeGraphs().map(({ graph }) => graph);
  const drawn = Array.from({ length: DRAWN }, (_, seed) => drawOperator(operator, new Rng(seed).fork(operator)));
  const graphs = [...edges, ...drawn].filter(isAbout);
  return graphs.length > 0 ? graphs : [onPositive(operator)];
}

/** Of operators whose corners and random graphs all make their inputs positive first. */
function onPositive(operator: Name): Graph {
  const g = new GraphBuilder(operator);
  const x = g.input([2, 3, 4], { positive: true });
  const method = (g as unknown as Readonly<Record<string, (...args: string[]) => string>>)[operator]!.bind(g);
  return g.build(OPERATORS.get(operator)?.inputs === 2 ? method(x, x) : method(x));
}

/** What a backend makes of a graph, or undefined where it refuses the graph by the operator's name. */
function convertOrRefuse(backend: AnyBackend, graph: Graph): Uint8Array | undefined {
  try {
    return backend.convert(graph, backend.implement[0]) as Uint8Array;
  } catch (error) {
    if (NnmError.isInstance(error) && error.code === 'ERR_UNSUPPORTED_OPERATOR') return undefined;
    throw error;
  }
}

type Edges = Readonly<Record<string, (g: EdgeBuilder) => string | readonly string[]>>;

class EdgeBuilder extends GraphBuilder {
  positive(shape: Shape): string {
    return this.input(shape, { positive: true });
  }
}

/** Names of a runtime's operators in a note: ONNX and TensorFlow write them in CamelCase. */
const namesIn = (note: string): ReadonlySet<string> => new Set(note.match(/(?<![\w.])_?[A-Z][A-Za-z0-9]+/g) ?? []);

function expectSaid(
  backend: AnyBackend,
  operator: Name,
  plans: readonly (readonly string[])[],
  written: readonly (readonly string[])[],
): void {
  const { runs, note = '' } = backend.operators![operator]!;
  const said = namesIn(note);
  const found = new Set([...plans, ...written].flat());
  expect([...found].sort(), `${operator}: ${note}`).toEqual([...said].sort());
  // Of one that changes nothing a runtime may run nothing.
  if (runs === 'native') expect(Math.min(...plans.map(({ length }) => length)), `${operator} ${runs}`).toBeLessThanOrEqual(1);
  if (runs === 'composed') expect(Math.min(...written.map(({ length }) => length)), `${operator} ${runs}`).toBeGreaterThan(1);
  const refusals = written.length < graphsOf(operator).length;
  expect(/refused/.test(note), `${operator}: ${note}`).toBe(refusals);
}

describe('tfjs', () => {
  it.each(operators)('runs %s by the nodes that are said', (operator) => {
    const written = graphsOf(operator).flatMap((graph) => {
      const file = convertOrRefuse(tfjsWasm, graph);
      if (file === undefined) return [];
      const { node } = readGraphModel(file).modelTopology as { readonly node: readonly { readonly op: string }[] };
      const said = namesIn(tfjsWasm.operators?.[operator]?.note ?? '');
      // Identities only give outputs their names.
      const isOwn = (op: string): boolean => !['Placeholder', 'Const', 'Identity'].includes(op) || said.has(op);
      return [node.map(({ op }) => op).filter(isOwn)];
    });
    expectSaid(tfjsWasm, operator, written, written);
  });
});

/** Of layouts, where an operator meets values in another one, and of names. */
const LAYOUT_NODES = ['Transpose', 'Reshape', 'ReorderInput', 'ReorderOutput', 'Identity'];

describe('torch_cpu', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await startRuntime({ backend: torchCpu });
  });
  afterAll(() => runtime.close());

  it.each(operators)('runs %s by the nodes that are said', async (operator) => {
    const { note = '' } = torchCpu.operators[operator]!;
    const isOwn = (node: string): boolean => !LAYOUT_NODES.includes(node) || namesIn(note).has(node);
    const files = graphsOf(operator).map((graph) => torchCpu.convert(graph, 'torch'));
    const written = files.map((file) =>
      readModelFile(file)
        .nodes.map((node) => node.operator)
        .filter(isOwn),
    );
    const plans: string[][] = [];
    for (const file of files) {
      const parts = (await runtime.explain?.(file)) ?? [];
      plans.push(parts.flatMap((part) => part.operators).filter(isOwn));
    }
    expectSaid(torchCpu, operator, plans, written);
  });

  it('and ONNX Runtime in WebAssembly by the same', async () => {
    const g = new EdgeBuilder('every operator');
    const outputs = [...OPERATORS.values()].flatMap(({ edges }) => Object.values(edges as Edges)[0]?.(g) ?? []);
    const file = torchCpu.convert(g.build(...outputs.flat()), 'torch');
    const own = (parts: readonly RunPart[]): readonly string[] =>
      [...new Set(parts.flatMap((part) => part.operators))].filter((node) => !LAYOUT_NODES.includes(node)).sort();
    const native = own((await runtime.explain?.(file)) ?? []);
    expect(native.length).toBeGreaterThan(40);
    expect(own(explainOptimised(file, await optimiseInWasm(file)))).toEqual(native);
  });
});

describe('litert_wasm', () => {
  let session: Session;
  beforeAll(async () => {
    const module = await loadModuleInNode('litert_wasm', litertWasm.parseSettings({}));
    session = { backend: 'litert_wasm', module, environment: module.wasm.LiteRtEnvironment.create(null), threads: 1, values: undefined };
  });
  afterAll(() => session.environment.delete());

  it.each(operators)('leaves of %s to kernels of its own what is said', (operator) => {
    const { runs, note = '' } = litertWasm.operators[operator]!;
    const left = graphsOf(operator).filter((graph) => {
      const file = convertOrRefuse(litertWasm, graph);
      if (file === undefined) {
        expect(note).toContain('refused');
        return false;
      }
      const { compiled, close } = openModelNow(session, file);
      const isFull = compiled.isFullyAccelerated();
      close();
      return !isFull;
    });
    expect(left.length > 0, `${runs}: ${note}`).toBe(runs === 'reference kernel' || /own kernel/.test(note));
  });
});
