import type { ModelFormat } from '../graph/model-graph.ts';
import { readOnnx } from './onnx/read-onnx.ts';
import type { ModelReader } from './read-options.ts';
import { readTfjs } from './tfjs/read-tfjs.ts';
import { readTflite } from './tflite/read-tflite.ts';

/** Formats of files. */
export type FileFormat = Exclude<ModelFormat, 'graph'>;

/** What reads each format. */
export const READERS: Readonly<Record<FileFormat, ModelReader>> = { onnx: readOnnx, tflite: readTflite, tfjs: readTfjs };
