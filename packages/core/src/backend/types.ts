import type { Shape } from '../graph/values.ts';

/** Values that survive JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a runtime says of itself; stored with every measurement and compared before a prediction. */
export interface RuntimeInfo {
  /** Such as `TensorFlow Lite`. */
  readonly runtime: string;
  readonly version: string;
  readonly threads: number;
  /** How values of images lie in memory while a network runs, such as `nchwc8`: what it runs as one depends on it. Absent where nobody asks. */
  readonly layout?: string;
  /** Further facts: library path, delegate, optimisation level. Equal facts mean comparable latencies. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** How call overhead is kept out of the latency, if it is not negligible: shown by `nnm connect`. */
  readonly timing?: string;
}

/** Float32 activations `[n, h, w, c]` or `[n, c]` in the graph's own layout, whatever the runtime uses inside. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A model in memory, ready to run. */
export interface LoadedModel {
  /** One inference on whatever its input buffers hold; the call the profiling engine times. Prefer a synchronous one. */
  run(): void | Promise<void>;
  /** One inference on these inputs, in the order of the graph's inputs; outputs in the order of the graph's outputs. */
  execute(inputs: readonly Tensor[]): readonly Tensor[] | Promise<readonly Tensor[]>;
  close(): void | Promise<void>;
}

/** A change of the layout in which an image lies in memory, which some runtimes make between operators. */
export interface Reorder {
  /** `[n, h, w, c]` */
  readonly shape: Shape;
  /** To channels in blocks, or back. */
  readonly to: 'blocked' | 'plain';
  /** The layout with blocks, as {@link RuntimeInfo.layout} says it. */
  readonly layout: string;
}

/** A part of a model that a runtime runs as one. */
export interface RunPart {
  /** The runtime's own names of what it runs; usually one. */
  readonly operators: readonly string[];
  /** Names of the values that it computes, as the file has them, those within the part among them; none where the runtime does not tell. */
  readonly values: readonly string[];
  /** Of a part that only moves values to another layout: which. */
  readonly reorders?: readonly string[];
  /** Names of the runtime's own nodes that it is. */
  readonly nodes?: readonly string[];
}

/** A part of a model with what it takes in place. */
export interface ProfiledPart extends RunPart {
  /** Milliseconds of one inference, as the runtime says, which takes longer for being asked. */
  readonly latencyMs: number;
}

/** An inference runtime in this process. */
export interface Runtime {
  readonly info: RuntimeInfo;
  /** @param model - the bytes that the backend's `convert` returned */
  load(model: Uint8Array): LoadedModel | Promise<LoadedModel>;
  close(): void | Promise<void>;
  /**
   * Which parts of a model it runs as one, where it can tell.
   *
   * @param model - the bytes of a file
   * @returns in the order in which they run
   */
  explain?(model: Uint8Array): readonly RunPart[] | Promise<readonly RunPart[]>;
  /**
   * What each part of a model takes in place, by the runtime's own profile, where it has one. Much less exact than timing: whole
   * microseconds, and the cost of writing down every node.
   *
   * @param runs - inferences of which the median counts; the mean, where the runtime tells no more
   */
  profile?(model: Uint8Array, runs: number): Promise<readonly ProfiledPart[]>;
  /**
   * The clock that `run` is timed by, in milliseconds, if it is not this process's own: of a simulator, or of a remote
   * device that reports how long it took. Only differences count.
   */
  now?(): number;
  /**
   * Why what it computes on is gone for good, such as a GPU that was reset; undefined while it is there. Asked after every model: what ran
   * on a lost device does not count, and another runtime is started.
   */
  lost?(): string | undefined;
}

/** Starts a runtime with the settings of the backend. */
export type RuntimeFactory<S = unknown> = (settings: S) => Runtime | Promise<Runtime>;
