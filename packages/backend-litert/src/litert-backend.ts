import { BaseBackend, type Graph, type Implement } from '@nnm/core';
import { convertGraph } from '@nnm/tflite-format';
import { type LitertSettings, litertSettingsSchema, parseLitertSettings } from './settings.ts';

/** What LiteRT's backends share: the same files, under the same settings. */
export abstract class LitertBackend extends BaseBackend<LitertSettings> {
  readonly implement: readonly [Implement, ...Implement[]] = ['tensorflow'];
  readonly modelExtension = '.tflite';

  override settingsSchema() {
    return litertSettingsSchema();
  }

  /**
   * Check the parsed `backend_config.yaml`, fill in defaults.
   *
   * @throws {@link InvalidSettingsError} listing every wrong key
   */
  parseSettings(raw: unknown): LitertSettings {
    return parseLitertSettings(this.id, raw);
  }

  /**
   * @throws {@link InvalidGraphError} when the graph is not valid
   * @throws {@link ConversionError} for `torch`, whose padding this lowering does not follow
   */
  convert(graph: Graph, implement: Implement = 'tensorflow'): Uint8Array {
    return convertGraph(this.id, graph, implement);
  }
}
