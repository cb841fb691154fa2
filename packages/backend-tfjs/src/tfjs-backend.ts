import { BaseBackend, type BrowserRuntime, ConversionError, type Graph, type Implement, type NnmError, siblingModule } from '@nnm/core';
import { lowerGraph } from './lowering/lower-graph.ts';
import { OPERATOR_SUPPORT } from './lowering/lowerings.ts';
import type { SettingsOf, TfjsSettings } from './settings.ts';

/** What one of TensorFlow.js's backends is. */
interface TfjsBackendOptions<S extends TfjsSettings> {
  readonly id: string;
  readonly description: string;
  readonly settings: SettingsOf<S>;
  /** Name of the module that starts it in Node. */
  readonly runtime: string;
  readonly browser?: BrowserRuntime;
  /** See {@link BaseBackend.runtimePeers}. */
  readonly runtimePeers?: readonly string[];
  /** See {@link BaseBackend.startsOperatorsInJavaScript}. */
  readonly startsOperatorsInJavaScript?: boolean;
  /** See {@link BaseBackend.usesAccelerator}. */
  readonly usesAccelerator?: boolean;
  /** Of values, where it is wrong about more; absent for any. */
  readonly mostAxes?: number;
  /** See `BaseBackend`. */
  readonly whyNot?: () => NnmError | undefined;
}

/** One of TensorFlow.js's backends: graphs become graph models, as `tensorflowjs_converter` writes them. */
export class TfjsBackend<S extends TfjsSettings = TfjsSettings> extends BaseBackend<S> {
  readonly id: string;
  readonly description: string;
  readonly implement: readonly [Implement, ...Implement[]] = ['tensorflow'];
  readonly modelExtension = '.tfjs.zip';
  override readonly operators = OPERATOR_SUPPORT;
  readonly settingsTemplate: string;
  readonly runtime: URL;
  declare readonly browser?: BrowserRuntime;
  declare readonly runtimePeers?: readonly string[];
  declare readonly startsOperatorsInJavaScript?: boolean;
  declare readonly usesAccelerator?: boolean;
  declare readonly whyNot?: () => NnmError | undefined;
  readonly #settings: SettingsOf<S>;
  readonly #mostAxes: number | undefined;

  constructor(options: TfjsBackendOptions<S>) {
    const { id, description, settings, runtime, browser, runtimePeers, startsOperatorsInJavaScript, usesAccelerator, mostAxes, whyNot } =
      options;
    super();
    this.id = id;
    this.description = description;
    this.settingsTemplate = settings.template;
    this.runtime = siblingModule(import.meta.url, runtime);
    if (browser !== undefined) this.browser = browser;
    if (runtimePeers !== undefined) this.runtimePeers = runtimePeers;
    if (startsOperatorsInJavaScript !== undefined) this.startsOperatorsInJavaScript = startsOperatorsInJavaScript;
    if (usesAccelerator !== undefined) this.usesAccelerator = usesAccelerator;
    if (whyNot !== undefined) this.whyNot = whyNot;
    this.#settings = settings;
    this.#mostAxes = mostAxes;
  }

  override settingsSchema() {
    return this.#settings.schema();
  }

  parseSettings(raw: unknown): S {
    return this.#settings.parse(raw, this.id);
  }

  /**
   * @throws {@link InvalidGraphError} when the graph is not valid
   * @throws {@link UnsupportedOperatorError} where values have more axes than it is right about
   * @throws {@link ConversionError} for `torch`, whose padding this lowering does not follow
   */
  convert(graph: Graph, implement: Implement = 'tensorflow'): Uint8Array {
    if (implement !== 'tensorflow') {
      const problem = `it follows TensorFlow's padding, not that of ${implement}`;
      throw new ConversionError({ backend: this.id, graph: graph.name, problem });
    }
    return lowerGraph(graph, this.id, this.#mostAxes);
  }
}
