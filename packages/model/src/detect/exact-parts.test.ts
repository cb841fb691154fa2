import { readModelFile, tfjsWasm } from '@nnm/backend-tfjs';
import { torchCpu } from '@nnm/backend-torch';
import { type Graph, GraphBuilder, type Json, type Runtime } from '@nnm/core';
import { network } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';
import { explainOptimised } from '../../../backend-torch/src/part/explain.ts';
import { optimiseInWasm } from '../../../backend-torch/src/web/__fixtures__/optimise-in-wasm.ts';
import { bundleRules, exactParts, liftKernelGraph, modelParts, partDifferences } from '../index.ts';

const { default: start } = (await import(String(torchCpu.runtime))) as { default: (settings: unknown) => Promise<Runtime> };

/** What the runtime makes of a graph, and what the rules of its layout say. */
async function compare(graph: Graph) {
  const runtime = await start(torchCpu.parseSettings({}));
  const lifted = liftKernelGraph(graph, { implement: 'torch' });
  const explained = (await runtime.explain?.(torchCpu.convert(graph, 'torch'))) ?? [];
  await runtime.close();
  const environment = { runtime: runtime.info } as unknown as Json;
  const { parts, madeBlocked, madePlain } = modelParts(lifted, bundleRules({ backend: 'torch_cpu', environment }));
  const counts = (operator: string): number => explained.filter(({ operators }) => operators.includes(operator)).length;
  return {
    layout: runtime.info.layout,
    differences: partDifferences(lifted, exactParts(lifted, explained), parts),
    reorders: [madeBlocked.length - counts('ReorderInput'), madePlain.length - counts('ReorderOutput')],
  };
}

describe('the rules of its layout agree with the runtime', () => {
  it.each([
    'mobilenet-v2',
    'mobilenet-v3-small',
    'resnet-18',
    'efficientnet-b0',
    'densenet-121',
    'swin-t',
    'bert-tiny',
    'whisper-tiny-encoder',
  ])('on %s', async (name) => {
    expect(await compare(network(name))).toMatchObject({
      layout: expect.stringMatching(/^nchw(c8|c16)?$/),
      differences: [],
      reorders: [0, 0],
    });
  });
});

it.each(['maxPool', 'avgPool', 'globalAvgPool'] as const)('a %s of plain values is reordered as the rules say', async (pool) => {
  for (const channels of [64, 12]) {
    const g = new GraphBuilder('pool');
    const plain = g.softmax(g.input([1, 16, 16, channels]));
    const pooled = pool === 'globalAvgPool' ? g.globalAvgPool(plain, true) : g[pool](plain, { kernelSize: 2, strides: 2 });
    expect(await compare(g.build(g.softmax(pooled))), `${channels} channels`).toMatchObject({ differences: [], reorders: [0, 0] });
  }
});

it.each(['mobilenet-v3-small', 'resnet-18', 'bert-tiny'])(
  'the rules of ort_wasm agree with what ONNX Runtime Web makes of %s',
  async (name) => {
    const graph = network(name);
    const lifted = liftKernelGraph(graph, { implement: 'torch' });
    const file = torchCpu.convert(graph, 'torch');
    const exact = exactParts(lifted, explainOptimised(file, await optimiseInWasm(file)));
    expect(exact.length).toBeGreaterThan(10);
    expect(partDifferences(lifted, exact, modelParts(lifted, bundleRules({ backend: 'ort_wasm', environment: null })).parts)).toEqual([]);
  },
);

describe('the rules of TensorFlow.js', () => {
  /** Nodes that compute, and what is in them: `Conv2D+BiasAdd+Relu`. */
  const LAYERS = /^(_Fused|Fused)?(Conv2D|DepthwiseConv2dNative|MatMul)$/;
  const ALONE = /^(Relu6?|Elu|LeakyRelu|Prelu|FusedBatchNormV3)$/;
  const OPS: Readonly<Record<string, string>> = { conv2d: 'Conv2D', depthwiseConv2d: 'DepthwiseConv2dNative', dense: 'MatMul' };
  const ACTIVATIONS: Readonly<Record<string, string>> = {
    relu: 'Relu',
    relu6: 'Relu6',
    elu: 'Elu',
    leakyRelu: 'LeakyRelu',
    prelu: 'Prelu',
  };

  it.each(['mobilenet-v2', 'resnet-18', 'densenet-121', 'efficientnet-lite0', 'yolo-v5n'])('agree with the nodes of %s', (name) => {
    const graph = network(name);
    const { node: nodes } = readModelFile(tfjsWasm.convert(graph)).modelTopology as { node: readonly GraphNode[] };
    const written = nodes.flatMap(({ op, attr }) => {
      const layer = LAYERS.exec(op)?.[2];
      const steps = attr?.fused_ops?.list?.s?.map((text) => Buffer.from(text, 'base64').toString()) ?? [];
      return layer !== undefined ? [layer, ...steps.filter((step) => step !== 'BiasAdd')].join('+') : ALONE.test(op) ? op : [];
    });
    const lifted = liftKernelGraph(graph, { implement: 'tensorflow' });
    const { parts } = modelParts(lifted, bundleRules({ backend: 'tfjs_wasm', environment: null }));
    const byRules = parts.flatMap((part) => {
      const [first, ...others] = part.flatMap((at) => {
        const one = lifted.ops[at]!;
        return one.gap !== undefined ? 'gap' : one.op.op === 'activation' ? one.op.function : one.op.op;
      });
      const named = [OPS[first!] ?? ACTIVATIONS[first!] ?? (first === 'batchNorm' ? 'FusedBatchNormV3' : undefined)];
      return named[0] === undefined ? [] : [...named, ...others.flatMap((op) => ACTIVATIONS[op] ?? [])].join('+');
    });
    expect(byRules.sort()).toEqual(written.sort());
  });
});

interface GraphNode {
  readonly op: string;
  readonly attr?: { readonly fused_ops?: { readonly list?: { readonly s?: readonly string[] } } };
}
