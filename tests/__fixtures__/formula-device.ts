import { BaseBackend, ConfigFeatureParser, countWork, defineKernel, definePlugin, type Graph, Rng, type Runtime } from '@nnm/core';
import { CONV_KEYS, type ConvConfig, convBnRelu, dwconvBnRelu, dwconvWork } from '@nnm/kernels-conv';

/** A device that is a formula with noise of ±20 % in every label, drawn from the graph, so that adaptive rounds have much to choose. */
class FormulaDevice extends BaseBackend<Record<string, never>> {
  readonly id = 'formula';
  readonly description = 'a device that is a formula';
  readonly implement = ['tensorflow', 'torch'] as const;
  readonly modelExtension = '.formula';
  readonly settingsTemplate = '';
  private clockMs = 0;

  parseSettings(): Record<string, never> {
    return {};
  }

  convert(graph: Graph): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(graph));
  }

  readonly runtime = (): Runtime => ({
    info: { runtime: 'formula', version: '1', threads: 1, options: {} },
    now: () => this.clockMs,
    load: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const { flops, bytes: moved } = countWork(JSON.parse(text) as Graph);
      const latencyMs = (0.05 + flops / 5e7 + moved / 2e6) * (0.8 + 0.4 * new Rng(1).fork(text).float());
      return {
        run: () => {
          this.clockMs += latencyMs;
        },
        execute: () => [],
        close: () => undefined,
      };
    },
    close: () => undefined,
  });
}

/** A kernel as strangers write them: its features come from functions whose last bit depends on the engine. */
const enginesOwn = defineKernel({
  ...dwconvBnRelu,
  type: 'engines-own',
  family: 'engines-own',
  features: new ConfigFeatureParser<ConvConfig>({
    kernelType: 'engines-own',
    keys: CONV_KEYS,
    work: (config) => dwconvWork(config, { batchNorm: true, activation: 'relu' }),
    extra: {
      POWER: ({ HW, CIN }) => HW ** 1.7 * CIN ** 0.9,
      LOGARITHM: ({ CIN }) => Math.log10(CIN + 0.5),
      WAVE: ({ CIN }) => Math.sin(CIN) ** 3,
      GROWTH: ({ HW }) => Math.exp(HW / 50) ** 1.3,
    },
  }),
});

export default definePlugin({
  name: 'formula-device',
  apiVersion: 1,
  kernels: [convBnRelu, dwconvBnRelu, enginesOwn],
  backends: [new FormulaDevice()],
});
