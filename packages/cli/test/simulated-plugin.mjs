// A plugin for the tests of the commands: one kernel, and a backend whose clock advances by a formula instead of by working.
import {
  BaseBackend,
  BaseBlock,
  ConfigFeatureParser,
  countWork,
  defineKernel,
  definePlugin,
  GraphBuilder,
  InvalidSettingsError,
  PriorSampler,
} from '@nnm/core';

const configSpace = {
  HW: { min: 1, max: 56, values: [7, 14, 28, 56], description: 'height and width' },
  CIN: { min: 1, max: 512 },
};

class ToyBlock extends BaseBlock {
  get inputShape() {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
  getModel() {
    const g = new GraphBuilder('toy');
    return g.build(g.activation(g.conv2d(g.input([this.batchSize, ...this.inputShape]), this.config.CIN, { kernelSize: 1 }), 'relu'));
  }
}

const work = (config) => countWork(new ToyBlock(config).getModel());

const toy = defineKernel({
  type: 'toy',
  description: 'a 1x1 convolution and a ReLU',
  configSpace,
  block: ToyBlock,
  sampler: new PriorSampler({
    space: configSpace,
    prior: [7, 14, 28, 56].flatMap((HW) => [16, 32, 64, 128, 256].map((CIN) => ({ HW, CIN }))),
    channelKeys: ['CIN'],
  }),
  features: new ConfigFeatureParser({ kernelType: 'toy', keys: ['HW', 'CIN'], work }),
});

export class SimulatedBackend extends BaseBackend {
  id = 'simulated';
  description = 'a device that is a formula';
  implement = ['tensorflow'];
  modelExtension = '.sim';
  settingsTemplate = '# Real milliseconds that every run takes besides.\nDELAY: 0\n';

  parseSettings({ DELAY = 0, ...others }) {
    const problems = Object.keys(others).map((key) => ({ key, message: 'is not a setting' }));
    if (typeof DELAY !== 'number' || DELAY < 0)
      problems.push({ key: 'DELAY', message: `must be a number >= 0, got ${JSON.stringify(DELAY)}` });
    if (problems.length > 0) throw new InvalidSettingsError({ backend: this.id, problems });
    return { DELAY };
  }

  convert(graph) {
    return new TextEncoder().encode(JSON.stringify(graph));
  }

  runtime = ({ DELAY }) => {
    let clockMs = 0;
    return {
      info: { runtime: 'simulation', version: '1', threads: 1, options: {} },
      now: () => clockMs,
      load(bytes) {
        const graph = JSON.parse(new TextDecoder().decode(bytes));
        const { flops, bytes: traffic } = countWork(graph);
        const latencyMs = 0.05 + flops / 5e7 + traffic / 2e6;
        return {
          run() {
            clockMs += latencyMs;
            return DELAY > 0 ? new Promise((resolve) => setTimeout(resolve, DELAY)) : undefined;
          },
          execute: () => [{ shape: [1], data: new Float32Array(1) }],
          close: () => undefined,
        };
      },
      close: () => undefined,
    };
  };
}

export default definePlugin({ name: 'nnm-simulated', apiVersion: 1, kernels: [toy], backends: [new SimulatedBackend()] });
