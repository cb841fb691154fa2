import type { NnmError } from '../errors/index.ts';
import type { Graph, Implement } from '../graph/types.ts';
import type { OperatorSupport } from './operator-support.ts';
import type { Json, Reorder, RuntimeFactory } from './types.ts';

/** What a model is timed as: a model of its own, or a part of one. */
export type ModelUse = 'whole' | 'part';

/**
 * An inference runtime on a device: converts graphs to its model format and runs them.
 *
 * Convert, load, run is all a backend supplies; warm-up, contention gate, statistics, stopping, isolation, journal and
 * resume come from the profiling engine.
 */
export abstract class BaseBackend<S = unknown> {
  /** Id such as `tflite_cpu`: lower-case letters, digits, `_` and `-`. */
  abstract readonly id: string;
  abstract readonly description: string;
  /** Values of `IMPLEMENT` it can serve; the first is the default of new workspaces. */
  abstract readonly implement: readonly [Implement, ...Implement[]];
  /** File ending of its models, with the dot: `.tflite`. */
  abstract readonly modelExtension: string;
  /** How it runs each operator, by name; an operator that is not listed is refused. Absent when the backend does not say. */
  readonly operators?: Readonly<Record<string, OperatorSupport>>;
  /** Text of a new workspace's `configs/backend_config.yaml`: every setting with its default and a comment. */
  abstract readonly settingsTemplate: string;

  /**
   * JSON Schema of the settings, an object with `properties`: what editors check and complete `configs/backend_config.yaml` by. It accepts what
   * {@link parseSettings} accepts. Absent when the backend does not say.
   */
  settingsSchema?(): Readonly<Record<string, Json>>;

  /**
   * Check the parsed `backend_config.yaml`, fill in defaults.
   *
   * @param raw - the parsed file; `{}` when it is empty
   * @throws {@link InvalidSettingsError} listing every wrong key
   */
  abstract parseSettings(raw: unknown): S;

  /**
   * Lower a graph to the bytes of a model file. Pure: equal graphs give equal bytes.
   *
   * @param use - what is timed: a `whole` model (default), or a `part` of networks, such as a kernel, which a runtime may then run as it
   * runs there; both compute the same
   * @throws {@link UnsupportedOperatorError} naming an operator that the backend does not have
   */
  abstract convert(graph: Graph, implement: Implement, use?: ModelUse): Uint8Array | Promise<Uint8Array>;

  /** A model that changes the layout of an image and does nothing else; absent when the runtime never changes it. */
  convertReorder?(reorder: Reorder): Uint8Array;

  /**
   * Where the runtime is started from: the URL of a module whose default export is a {@link RuntimeFactory}. It is imported
   * in a separate process, so that a crash of the runtime costs one record.
   *
   * A factory function instead of a URL runs in the calling process, without isolation: for fakes, tests and remote devices.
   */
  abstract readonly runtime: URL | RuntimeFactory<S>;

  /**
   * Why it would not start on this machine, told without starting it: a package that is missing, a platform that it is not for.
   *
   * @returns undefined when nothing speaks against it
   */
  whyNot?(): NnmError | undefined;

  /**
   * True where every operator is started from JavaScript, which takes longer than a small one computes, and longer or shorter by what else has
   * run: the profiling engine then takes a reference kernel that computes longer.
   */
  readonly startsOperatorsInJavaScript?: boolean;
  /**
   * True where kernels are computed by a GPU or another accelerator: the CPU's clock, which the profiling engine otherwise takes out of
   * latencies, says nothing of them.
   */
  readonly usesAccelerator?: boolean;
  /**
   * Optional peer packages that this runtime needs, such as `onnxruntime-web`: where the backend goes to another device, they go with what its
   * package depends on. Absent for none.
   */
  readonly runtimePeers?: readonly string[];

  /** How the same models run in a browser; absent when they do not. With it, `DEVICE: browser` measures there. */
  readonly browser?: BrowserRuntime;

  /**
   * How TensorFlow Lite's program `benchmark_model` runs the same models; absent when it does not. With it, `DEVICE: adb` measures there.
   *
   * @param settings - what {@link parseSettings} returned
   * @throws {@link RuntimeUnavailableError} for a setting that the program has no word for
   */
  benchmarkModel?(settings: S): BenchmarkModelCall;
}

/** How `benchmark_model` is to run models. */
export interface BenchmarkModelCall {
  /** Its flags, such as `--num_threads=4`. */
  readonly flags: readonly string[];
  /** Threads of one inference. */
  readonly threads: number;
  /** Whether the delegate XNNPACK runs what it can of a model; the program is asked whether it does. */
  readonly xnnpack: boolean;
  /** Facts that latencies depend on, by the names that the backend's own runtime has for them. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** A runtime as a page loads it. */
export interface BrowserRuntime {
  /**
   * URL of a module for browsers, one file with all that it imports, whose default export is a {@link RuntimeFactory}; settings reach it
   * as JSON. It is imported by a dedicated classic worker of the page: `import()` and `importScripts` work, `document` and `window` do not
   * exist, `OffscreenCanvas` and `navigator.gpu` do. A `.ts` file is bundled when it is asked for, which only works where nnm runs from
   * sources.
   */
  readonly module: URL;
  /** Folders that the page's server serves beside the module, by name: in the module `new URL('./<name>/', import.meta.url)` is one. */
  readonly folders?: Readonly<Record<string, URL>>;
  /** It runs nowhere else: a new workspace says `DEVICE: browser`. */
  readonly only?: true;
}

/** Any backend, whatever its settings. */
// biome-ignore lint/suspicious/noExplicitAny: a backend consumes its settings, so BaseBackend<S> is not a BaseBackend<unknown>
export type AnyBackend = BaseBackend<any>;

/**
 * The URL of a sibling module, `.ts` when running from sources and `.js` when built.
 *
 * @example readonly runtime = siblingModule(import.meta.url, 'runtime');
 */
export function siblingModule(from: string, name: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}
