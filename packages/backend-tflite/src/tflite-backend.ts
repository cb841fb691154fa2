import { BaseBackend, type BenchmarkModelCall, type Graph, type Implement, siblingModule } from '@nnm/core';
import { convertGraph, OPERATOR_SUPPORT } from '@nnm/tflite-format';
import { benchmarkModelCall } from './benchmark-model.ts';
import { parseTfliteSettings, TFLITE_SETTINGS_TEMPLATE, type TfliteSettings, tfliteSettingsSchema } from './settings.ts';

/** TensorFlow Lite on this machine's CPU: graphs become `.tflite` files and run on the native C library with XNNPACK. */
export class TfliteCpuBackend extends BaseBackend<TfliteSettings> {
  readonly id = 'tflite_cpu';
  readonly description = "TensorFlow Lite on this machine's CPU";
  readonly implement: readonly [Implement, ...Implement[]] = ['tensorflow'];
  readonly modelExtension = '.tflite';
  override readonly operators = OPERATOR_SUPPORT;
  readonly settingsTemplate = TFLITE_SETTINGS_TEMPLATE;
  readonly runtime = siblingModule(import.meta.url, 'runtime');

  override settingsSchema() {
    return tfliteSettingsSchema();
  }

  parseSettings(raw: unknown): TfliteSettings {
    return parseTfliteSettings(raw, this.id);
  }

  /** @throws {@link RuntimeUnavailableError} for `LIBRARY`, `DIMENSIONS` and `INPUTS`, which a phone cannot follow */
  override benchmarkModel(settings: TfliteSettings): BenchmarkModelCall {
    return benchmarkModelCall(this.id, settings);
  }

  /**
   * @throws {@link InvalidGraphError} when the graph is not valid
   * @throws {@link ConversionError} for `torch`, whose padding this lowering does not follow
   */
  convert(graph: Graph, implement: Implement = 'tensorflow'): Uint8Array {
    return convertGraph(this.id, graph, implement);
  }
}

/** The `tflite_cpu` backend. */
export const tfliteCpu = new TfliteCpuBackend();
