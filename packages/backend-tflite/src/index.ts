import { definePlugin } from '@nnm/core';
import { tfliteCpu } from './tflite-backend.ts';
import { VERSION } from './version.ts';

export type {
  Conv2DOptions,
  DepthwiseConv2DOptions,
  Model,
  ModelBuffer,
  Operator,
  OperatorCode,
  OperatorOptions,
  Pool2DOptions,
  SubGraph,
  TfliteTensor,
} from './flatbuffer/schema.ts';
export type { TfliteSettings } from './settings.ts';
export { TfliteCpuBackend, tfliteCpu } from './tflite-backend.ts';

export default definePlugin({ name: '@nnm/backend-tflite', version: VERSION, apiVersion: 1, backends: [tfliteCpu] });
