import type { Graph } from '@nnm/core';
import { SequenceBuilder } from '../sequence-builder.ts';

/** Sizes of a text encoder. */
export interface TextEncoder {
  readonly layers: number;
  readonly channels: number;
  readonly heads: number;
  /** The layer behind the first vector, with tanh; DistilBERT has none. */
  readonly pooler: boolean;
}

/**
 * BERT and DistilBERT from the sum of their embeddings on: a look-up of words is no operator of a kernel graph. The output is the
 * pooled vector, or all vectors where there is no pooler.
 *
 * @param length - tokens
 */
export function bert(name: string, batchSize: number, length: number, { layers, channels, heads, pooler }: TextEncoder): Graph {
  const b = new SequenceBuilder(name, batchSize, 1e-12);
  const x = b.normalise(b.input(length, channels));
  const y = b.layers(x, layers, { heads, hidden: 4 * channels, norm: 'after', activation: 'gelu' });
  return b.build(pooler ? b.g.tanh(b.g.dense(b.vectorAt(y, 0), channels)) : y.id);
}
