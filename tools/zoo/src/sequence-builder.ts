import { type Graph, GraphBuilder, type Shape, type ValueId } from '@nnm/core';

/** A sequence of vectors in a network: `[n, length, channels]`. */
export interface Sequence {
  readonly id: ValueId;
  readonly length: number;
  readonly channels: number;
}

/** The activation of a feed-forward network. */
export type FeedForwardActivation = 'gelu' | 'gelu-tanh' | 'swish';

/** One layer of a transformer. */
export interface TransformerLayer {
  readonly heads: number;
  /** Channels between the two layers of the feed-forward network. */
  readonly hidden: number;
  /** Normalise before attention and feed-forward (ViT, GPT-2, Whisper), or after adding their result (BERT). */
  readonly norm: 'before' | 'after';
  readonly activation: FeedForwardActivation;
  /** False where the projection to keys has no bias, as Whisper's; default true. */
  readonly keyBias?: boolean;
  /** Added to the scores, `[length, length]`: which earlier vectors one may see. Default: all. */
  readonly mask?: ValueId;
}

/** Writes transformers, with lengths and channels kept beside the values. */
export class SequenceBuilder {
  readonly g: GraphBuilder;

  /** @param epsilon - added to the variance by layer normalisation */
  constructor(
    name: string,
    readonly batchSize: number,
    private readonly epsilon: number,
  ) {
    this.g = new GraphBuilder(name);
  }

  /** Vectors that come from outside, such as embedded words. */
  input(length: number, channels: number): Sequence {
    return { id: this.g.input([this.batchSize, length, channels]), length, channels };
  }

  /** Trained values, drawn small. */
  parameter(shape: Shape): ValueId {
    return this.g.constant(shape, { spread: 0.1 });
  }

  /** Square patches of an RGB image, each projected to a vector. */
  patches(inputSize: number, patchSize: number, channels: number): Sequence {
    const image = this.g.input([this.batchSize, inputSize, inputSize, 3]);
    const side = Math.floor(inputSize / patchSize);
    const id = this.g.conv2d(image, channels, { kernelSize: patchSize, strides: patchSize, padding: 'valid' });
    return { id: this.g.reshape(id, [this.batchSize, side * side, channels]), length: side * side, channels };
  }

  /** A trained vector in front of every sequence. */
  prependToken(x: Sequence): Sequence {
    const token = this.parameter([1, 1, x.channels]);
    const tokens = this.batchSize === 1 ? token : this.g.tile(token, [this.batchSize, 1, 1]);
    return { ...x, id: this.g.concat([tokens, x.id], { axis: 1 }), length: x.length + 1 };
  }

  /** Add a trained vector to each position. */
  addPositions(x: Sequence): Sequence {
    return { ...x, id: this.g.add(x.id, this.parameter([1, x.length, x.channels])) };
  }

  normalise(x: Sequence): Sequence {
    return { ...x, id: this.g.layerNorm(x.id, { epsilon: this.epsilon }) };
  }

  add(a: Sequence, b: Sequence): Sequence {
    return { ...a, id: this.g.add(a.id, b.id) };
  }

  dense(x: Sequence, units: number, useBias = true): Sequence {
    return { ...x, id: this.g.dense(x.id, units, useBias), channels: units };
  }

  /** `softmax(q k' / sqrt(channels per head)) v`, joined and projected. */
  attention(x: Sequence, { heads, mask, keyBias = true }: Pick<TransformerLayer, 'heads' | 'mask' | 'keyBias'>): Sequence {
    const { g } = this;
    const perHead = x.channels / heads;
    const split = (part: Sequence): ValueId => g.transpose(g.reshape(part.id, [this.batchSize, x.length, heads, perHead]), [0, 2, 1, 3]);
    const queries = g.mul(split(this.dense(x, x.channels)), 1 / Math.sqrt(perHead));
    const scores = g.matmul(queries, split(this.dense(x, x.channels, keyBias)), { transposeB: true });
    const shares = g.softmax(mask === undefined ? scores : g.add(scores, mask));
    const joined = g.transpose(g.matmul(shares, split(this.dense(x, x.channels))), [0, 2, 1, 3]);
    return this.dense({ ...x, id: g.reshape(joined, [this.batchSize, x.length, x.channels]) }, x.channels);
  }

  feedForward(x: Sequence, hidden: number, activation: FeedForwardActivation): Sequence {
    const wide = this.dense(x, hidden);
    return this.dense({ ...wide, id: feedForwardActivation(this.g, wide.id, activation) }, x.channels);
  }

  /** Attention and feed-forward, each with its residual addition and normalisation. */
  layer(x: Sequence, layer: TransformerLayer): Sequence {
    if (layer.norm === 'after') {
      const attended = this.normalise(this.add(x, this.attention(x, layer)));
      return this.normalise(this.add(attended, this.feedForward(attended, layer.hidden, layer.activation)));
    }
    const attended = this.add(x, this.attention(this.normalise(x), layer));
    return this.add(attended, this.feedForward(this.normalise(attended), layer.hidden, layer.activation));
  }

  layers(x: Sequence, count: number, layer: TransformerLayer): Sequence {
    let y = x;
    for (let i = 0; i < count; i++) y = this.layer(y, layer);
    return y;
  }

  /** One vector of each sequence: `[n, channels]`. */
  vectorAt(x: Sequence, position: number): ValueId {
    const one = this.g.slice(x.id, [0, position, 0], [this.batchSize, 1, x.channels]);
    return this.g.reshape(one, [this.batchSize, x.channels]);
  }

  build(...outputs: readonly ValueId[]): Graph {
    return this.g.build(...outputs);
  }
}

/** Append the activation of a feed-forward network. */
export function feedForwardActivation(g: GraphBuilder, x: ValueId, activation: FeedForwardActivation): ValueId {
  if (activation === 'swish') return g.silu(x);
  return g.gelu(x, { approximate: activation === 'gelu' ? 'none' : 'tanh' });
}
