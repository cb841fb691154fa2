import { BaseBackend, type Graph, type Implement, type ModelUse, type Reorder, siblingModule } from '@nnm/core';
import { lowerGraph } from './lowering/lower-graph.ts';
import { OPERATOR_SUPPORT } from './lowering/lowerings.ts';
import { reorderModel } from './part/reorder-model.ts';
import { parseSettings, settingsSchema, settingsTemplate, type TorchSettings } from './settings.ts';

/** ONNX Runtime on the CPUs of this machine, running models as PyTorch exports them. */
export class TorchCpuBackend extends BaseBackend<TorchSettings> {
  readonly id: string = 'torch_cpu';
  readonly description: string = 'ONNX Runtime on this CPU: models with the layout and padding of PyTorch';
  readonly implement: readonly [Implement] = ['torch'];
  readonly modelExtension = '.onnx';
  override readonly operators = OPERATOR_SUPPORT;
  readonly settingsTemplate = settingsTemplate;
  readonly runtime: URL = siblingModule(import.meta.url, 'runtime');

  /**
   * Check the parsed `backend_config.yaml`, fill in defaults.
   *
   * @throws {@link InvalidSettingsError} listing every wrong key
   */
  override settingsSchema() {
    return settingsSchema();
  }

  parseSettings(raw: unknown): TorchSettings {
    return parseSettings(this.id, raw);
  }

  /**
   * Lower a graph to an ONNX model; see {@link lowerGraph}.
   *
   * @throws {@link ConversionError} when the model would be 2 GB or more, the limit of the format
   */
  convert(graph: Graph, _implement: Implement, use?: ModelUse): Uint8Array {
    return lowerGraph(graph, use);
  }

  /** A change of layout as a model; see {@link reorderModel}. */
  override convertReorder(reorder: Reorder): Uint8Array {
    return reorderModel(reorder);
  }
}

/** The backend `torch_cpu`. */
export const torchCpu = new TorchCpuBackend();
