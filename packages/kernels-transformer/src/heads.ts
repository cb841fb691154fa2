import {
  BaseBlock,
  type BlockClass,
  ConfigFeatureParser,
  copyFeatures,
  defineKernel,
  type Graph,
  GraphBuilder,
  type Kernel,
  PriorSampler,
  remainderFeatures,
  type Shape,
  type ValueId,
} from '@nnm/core';
import { attentionHeads, type HeadsConfig } from './head-shapes.ts';

/** Queries, keys and values. */
const PARTS = 3;

const space = {
  WINDOWS: { min: 1, max: 1024, description: 'windows of the image that attend apart' },
  WORDS: { min: 1, max: 4096, description: 'words of a text, pixels of a window' },
  HEADS: { min: 1, max: 64, description: 'heads' },
  CIN: { min: 1, max: 256, description: 'elements of a head' },
};

const elements = ({ WINDOWS, WORDS, HEADS, CIN }: HeadsConfig): number => PARTS * WINDOWS * WORDS * HEADS * CIN;

function headsBlock(type: string, write: (g: GraphBuilder, x: ValueId) => readonly ValueId[]): BlockClass<HeadsConfig> {
  return class extends BaseBlock<HeadsConfig> {
    override get inputShape(): Shape {
      const { WORDS, HEADS, CIN } = this.config;
      return [WORDS, PARTS, HEADS, CIN];
    }

    override get batchFactor(): number {
      return this.config.WINDOWS;
    }

    override getModel(): Graph {
      const g = new GraphBuilder(type);
      return g.build(...write(g, g.input([this.batchSize * this.batchFactor, ...this.inputShape])));
    }
  };
}

function headsKernel(type: string, description: string, write: (g: GraphBuilder, x: ValueId) => readonly ValueId[]): Kernel<HeadsConfig> {
  const workOf = (config: HeadsConfig) => ({ flops: 0, params: 0, bytes: 8 * elements(config) });
  return defineKernel({
    type,
    description,
    configSpace: space,
    refusals: () => [],
    block: headsBlock(type, write),
    sampler: new PriorSampler<HeadsConfig>({ space, prior: attentionHeads, channelKeys: ['WINDOWS', 'WORDS', 'HEADS', 'CIN'], workOf }),
    features: new ConfigFeatureParser<HeadsConfig>({
      kernelType: type,
      keys: ['WINDOWS', 'WORDS', 'HEADS', 'CIN'],
      work: workOf,
      extra: {
        // The elements of every head are copied as one.
        ...copyFeatures<HeadsConfig>((config) => ({ rows: elements(config) / config.CIN, elements: config.CIN })),
        ...remainderFeatures<HeadsConfig>('CIN', [8, 16]),
      },
    }),
  });
}

/** Heads before words, queries, keys and values before everything. */
const TO_HEADS = [2, 0, 3, 1, 4] as const;

/** `transpose-heads`: the queries, keys and values of every head behind one another. */
export const transposeHeads = headsKernel('transpose-heads', 'queries, keys and values, brought together by head', (g, x) => [
  g.transpose(x, [...TO_HEADS]),
]);

/** `split-heads`: the same, and cut in three, which ONNX Runtime does first. */
export const splitHeads = headsKernel('split-heads', 'queries, keys and values by head, cut in three', (g, x) =>
  g.split(g.transpose(x, [...TO_HEADS]), PARTS, { axis: 0 }),
);
