import {
  drawWeights,
  type Graph,
  inferShapes,
  isPositiveInput,
  type LoadedModel,
  type Runtime,
  RuntimeUnavailableError,
  type Tensor,
  type ValueId,
  writeInputNoise,
} from '@nnm/core';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { decodeModel } from './model.ts';
import { prepareOp } from './run-op.ts';
import type { TfjsEagerSettings } from './settings.ts';

const ID = 'tfjs_eager';

/**
 * Start TensorFlow.js in this process.
 *
 * @throws {@link RuntimeUnavailableError} when WebAssembly cannot be started
 */
export default async function startRuntime(settings: TfjsEagerSettings): Promise<Runtime> {
  // Threads of its own would need a cross-origin isolated page in a browser; one thread is what most pages get.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.env().set('WASM_HAS_SIMD_SUPPORT', settings.SIMD);
  if (!(await tf.setBackend('wasm'))) {
    const reason = 'TensorFlow.js could not start WebAssembly';
    throw new RuntimeUnavailableError({ backend: ID, reason, hint: 'Check that @tensorflow/tfjs-backend-wasm is installed whole.' });
  }
  const models = new Set<LoadedModel>();
  return {
    info: { runtime: 'TensorFlow.js WebAssembly', version: tf.version_core, threads: 1, options: { simd: settings.SIMD } },
    load(bytes) {
      const model = loadModel(decodeModel(ID, bytes), () => models.delete(model));
      models.add(model);
      return model;
    },
    close() {
      for (const model of models) model.close();
    },
  };
}

function loadModel(graph: Graph, onClose: () => void): LoadedModel {
  const shapes = inferShapes(graph);
  const constants: tf.Tensor[] = [];
  const steps = graph.ops.map((op) => ({ op, run: prepareOp(op, drawWeights(graph, op, shapes), constants) }));
  const idle = graph.inputs.map(({ id, shape }) => {
    const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
    writeInputNoise(data.length, (piece, offset) => data.set(piece, offset), isPositiveInput(id));
    return tf.tensor(data, [...shape]);
  });
  let open = true;

  const forward = (inputs: readonly tf.Tensor[]): readonly tf.Tensor[] => {
    const values = new Map<ValueId, tf.Tensor>(graph.inputs.map(({ id }, index) => [id, inputs[index] as tf.Tensor]));
    for (const { op, run } of steps) {
      const outputs = run(op.inputs.map((id) => values.get(id) as tf.Tensor));
      op.outputs.forEach((id, index) => {
        values.set(id, outputs[index] as tf.Tensor);
      });
    }
    return graph.outputs.map((id) => values.get(id) as tf.Tensor);
  };

  return {
    // Kernels of the WebAssembly backend have finished when their call returns.
    run: () => void tf.tidy(() => void forward(idle)),
    execute(inputs) {
      return tf.tidy(() => {
        const outputs = forward(inputs.map(({ data, shape }) => tf.tensor(data, [...shape])));
        return outputs.map((output): Tensor => ({ shape: output.shape, data: Float32Array.from(output.dataSync()) })) as never;
      }) as unknown as readonly Tensor[];
    },
    close() {
      if (!open) return;
      open = false;
      tf.dispose([...constants, ...idle]);
      onClose();
    },
  };
}
