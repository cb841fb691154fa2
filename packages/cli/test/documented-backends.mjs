// Plugins for the test of the documents: backends under the names that the documents use, on the simulated device. Each takes the place of
// the built-in plugin whose name it has.
import { definePlugin } from '@nnm/core';
import { SimulatedBackend } from './simulated-plugin.mjs';

class DocumentedBackend extends SimulatedBackend {
  constructor(id, implement, modelExtension) {
    super();
    Object.assign(this, { id, implement: [implement], modelExtension });
  }
}

const plugin = (name, ...backend) => definePlugin({ name, apiVersion: 1, backends: [new DocumentedBackend(...backend)] });

export default [
  plugin('@nnm/backend-tflite', 'tflite_cpu', 'tensorflow', '.tflite'),
  plugin('@nnm/backend-torch', 'torch_cpu', 'torch', '.onnx'),
  plugin('@nnm/backend-tfjs', 'tfjs_wasm', 'tensorflow', '.json'),
];
