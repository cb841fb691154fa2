import type { Shape } from '@nnm/core';
import type { ModelGraph } from '../graph/model-graph.ts';
import type { ByteSource } from './byte-source.ts';

/** Options of reading a model. */
export interface ReadOptions {
  /** Shapes of inputs, in the file's order of axes, for those whose sizes the file leaves open; default none. */
  readonly shapes?: Readonly<Record<string, Shape>>;
  /** Which signature of a file of several to read; default its first. Formats other than TensorFlow Lite have none. */
  readonly signature?: string;
}

/** What a reader of one format is given besides the bytes. */
export interface ReadContext extends ReadOptions {
  /** Name of the file without its folder: the model's name, and what errors call it. */
  readonly name: string;
  /** Whether a file beside the model is there, by its relative path; absent where there are no files. */
  readonly hasFile?: (path: string) => boolean;
  /** A file beside the model, for formats of several files; absent where there are none. */
  readonly openFile?: (path: string) => ByteSource;
}

/** Reads the models of one format. */
export type ModelReader = (source: ByteSource, context: ReadContext) => ModelGraph;
