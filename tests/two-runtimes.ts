import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { type AnyBackend, type Graph, inferShapes, Rng, type Shape, samePixelsEverywhere, type Tensor } from '@nnm/core';
import { type BackendUnderTest, randomTensors, startRuntime } from '@nnm/core/testing';

/** A graph's inputs and what each runtime makes of them, with the weights that the graph's seed gives. */
interface BothOutputs {
  readonly inputs: readonly Tensor[];
  /** TensorFlow Lite, TensorFlow's padding. */
  readonly tensorflow: readonly Tensor[];
  /** ONNX Runtime, PyTorch's padding. */
  readonly torch: readonly Tensor[];
}

/** TensorFlow Lite and ONNX Runtime side by side in this process. */
export interface TwoRuntimes {
  execute(graph: Graph): Promise<BothOutputs>;
  close(): Promise<void>;
}

/** Start both; `close` them in the end. */
export async function startTwoRuntimes(): Promise<TwoRuntimes> {
  const tflite = await start(tfliteCpu);
  const torch = await start(torchCpu);
  return {
    async execute(graph) {
      const inputs = randomTensors(graph, new Rng(graph.seed).fork('inputs'));
      return {
        inputs,
        tensorflow: await tflite.execute(graph, 'tensorflow', inputs),
        torch: await torch.execute(graph, 'torch', inputs),
      };
    },
    async close() {
      await tflite.close();
      await torch.close();
    },
  };
}

async function start(backend: AnyBackend) {
  const under: BackendUnderTest = { backend };
  const runtime = await startRuntime(under);
  return {
    async execute(graph: Graph, implement: 'tensorflow' | 'torch', inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
      const model = await runtime.load(await backend.convert(graph, implement));
      try {
        return await model.execute(inputs);
      } finally {
        await model.close();
      }
    },
    close: () => runtime.close(),
  };
}

/** True when every window of a graph sees the same pixels under both frameworks, so that both define one function. */
export function isOneFunction(graph: Graph): boolean {
  const shapes = inferShapes(graph);
  return graph.ops.every((op) => {
    if (!('padding' in op)) return true;
    const [, height, width] = shapes.get(op.inputs[0] as string) as Shape;
    return samePixelsEverywhere(op.padding, [height as number, width as number], op.kernelSize, op.strides);
  });
}
