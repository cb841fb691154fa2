import { BaseBackend, type Graph, type Implement, type ModelUse } from '@nnm/core';
import { lowerGraph } from './lowering/lower-graph.ts';
import { OPERATOR_SUPPORT } from './lowering/lowerings.ts';
import { parseWebSettings, type WebSettings, webSettingsSchema } from './web/web-settings.ts';

/** What the backends share that run ONNX Runtime by way of the web. */
export abstract class OrtBackend extends BaseBackend<WebSettings> {
  readonly implement: readonly [Implement] = ['torch'];
  readonly modelExtension = '.onnx';
  override readonly operators = OPERATOR_SUPPORT;

  override settingsSchema() {
    return webSettingsSchema();
  }

  /**
   * Check the parsed `backend_config.yaml`, fill in defaults.
   *
   * @throws {@link InvalidSettingsError} listing every wrong key
   */
  parseSettings(raw: unknown): WebSettings {
    return parseWebSettings(this.id, raw);
  }

  /**
   * Lower a graph to an ONNX model; see {@link lowerGraph}.
   *
   * @throws {@link ConversionError} when the model would be 2 GB or more, the limit of the format
   */
  convert(graph: Graph, _implement: Implement, use?: ModelUse): Uint8Array {
    return lowerGraph(graph, use, this.id);
  }
}
