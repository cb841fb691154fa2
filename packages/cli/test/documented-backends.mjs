// A plugin for the test of the documents: backends under the names that the documents use, on the simulated device. It takes the place of
// the built-in one, whose name it has.
import { definePlugin } from '@nnm/core';
import { SimulatedBackend } from './simulated-plugin.mjs';

class DocumentedBackend extends SimulatedBackend {
  id = 'tflite_cpu';
  modelExtension = '.tflite';
}

export default definePlugin({ name: '@nnm/backend-tflite', apiVersion: 1, backends: [new DocumentedBackend()] });
