/** The formats that models are read from; `graph` is a kernel graph of nnm's own, such as a network of the zoo. */
export type ModelFormat = 'onnx' | 'tflite' | 'tfjs' | 'graph';

/**
 * A whole model as its file says it: the runtime's own operator names, attributes, shapes and element types.
 *
 * Weights are not part of it: a constant has a shape and a type, and its elements only where they say how large something is.
 */
export interface ModelGraph {
  /** Name of the file without its folder, or of the network. */
  readonly name: string;
  readonly format: ModelFormat;
  /** What wrote the file, as it says itself. */
  readonly producer?: string;
  /** Version of the operators by domain; the standard domain of ONNX is `''`. Empty where the format has none. */
  readonly opsets: Readonly<Record<string, number>>;
  /** By name; every tensor that a node, an input or an output mentions is there. */
  readonly tensors: ReadonlyMap<string, ModelTensor>;
  /** In execution order. What only computes shapes from shapes has been folded into constants and is not there. */
  readonly nodes: readonly ModelNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Bytes of all constants as the file stores them, those outside the file too. */
  readonly weightBytes: number;
  /** What was assumed or is missing, each a sentence: a batch of 1, weights in a file that is not there. Absent for nothing. */
  readonly notes?: readonly string[];
}

/** Element types by the field's names. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int4'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'string'
  | 'other';

export interface ModelTensor {
  readonly name: string;
  /** Sizes in the file's own order of axes; absent when they depend on what is computed at run time. `[]` is a scalar. */
  readonly shape?: readonly number[];
  readonly dtype: ElementType;
  /** True for weights and other constants, those included that are folded when the model is loaded (such as fp16 weights). */
  readonly constant: boolean;
  /** Elements of a small constant (64 at most) that says how large something is: shapes, axes, scales, bounds of a clip. */
  readonly values?: readonly number[];
}

/** An attribute's value; a subgraph is there by its operators' names only. */
export type AttributeValue = number | string | boolean | readonly number[] | readonly string[];

export interface ModelNode {
  /** Unique in the model; made up where the file gives none. */
  readonly name: string;
  /**
   * How Model Explorer names the node of the file that it is, or is a part of. Absent where that is `name`.
   *
   * Of `.tflite` files the position among the operators (`AddSubgraph` in converter/direct_flatbuffer_to_json_graph_convert.cc of
   * google-ai-edge/model-explorer); of `.onnx` files the node's name, or `<node_3>` by its position where it has none (`create_graph` in
   * the adapter, justinchuby/model_explorer_onnx).
   */
  readonly viewerId?: string;
  /** The runtime's own name, such as `Conv` or `CONV_2D`; with its domain where that is not the standard one: `com.microsoft::FusedConv`. */
  readonly operator: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Names of tensors; `''` for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}
