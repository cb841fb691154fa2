import { blockWork, ConfigFeatureParser } from '../../features/index.ts';
import { GraphBuilder } from '../../graph/index.ts';
import { PriorSampler } from '../../sampling/index.ts';
import { BaseBlock, defineKernel } from '../index.ts';

/** Configuration of the test kernel: `COUT` must equal `CIN`. */
export type PairConfig = { readonly HW: number; readonly CIN: number; readonly COUT: number };

const space = { HW: { min: 1, max: 64 }, CIN: { min: 2, max: 64, multipleOf: 2 }, COUT: { min: 2, max: 64, multipleOf: 2 } };

class PairBlock extends BaseBlock<PairConfig> {
  override get inputShape() {
    return [this.config.HW, this.config.HW, this.config.CIN];
  }
  getModel() {
    if (this.config.HW === 13) throw new Error('thirteen is unlucky');
    const g = new GraphBuilder('pair');
    const x = g.input([this.batchSize, ...this.inputShape]);
    // Refuses by itself when the two differ: the halves of an image cannot be added to the whole.
    return g.build(g.add(x, g.conv2d(x, this.config.COUT, { kernelSize: 1 })));
  }
}

/** A kernel with a relation between its keys; `sample` takes the place of its sampler's lists. */
export function pairKernel(sample?: () => unknown) {
  const kernel = defineKernel({
    type: 'pair',
    configSpace: space,
    block: PairBlock,
    sampler: new PriorSampler<PairConfig>({
      space,
      prior: [{ HW: 7, CIN: 8, COUT: 8 }],
      channelKeys: ['CIN', 'COUT'],
      ties: { COUT: 'CIN' },
    }),
    features: new ConfigFeatureParser<PairConfig>({ kernelType: 'pair', keys: ['HW', 'CIN', 'COUT'], work: blockWork(PairBlock) }),
  });
  if (sample === undefined) return kernel;
  const list = sample as () => readonly PairConfig[];
  return { ...kernel, sampler: { priorConfigSampling: list, finegrainedConfigSampling: list } };
}
