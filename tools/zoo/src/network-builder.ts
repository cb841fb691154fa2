import {
  type ActivationFunction,
  dilatedSize,
  type Graph,
  GraphBuilder,
  InvalidArgumentError,
  type Padding2d,
  resolvePadding,
  type Size2d,
  type ValueId,
} from '@nnm/core';

/** A square image in a network: `[n, size, size, channels]`. */
export interface FeatureMap {
  readonly id: ValueId;
  readonly size: number;
  readonly channels: number;
}

/** A vector in a network: `[n, channels]`. */
export interface Vector {
  readonly id: ValueId;
  readonly channels: number;
}

/** How the reference implementation of a network pads and normalises. */
export interface Conventions {
  /** `symmetric`: PyTorch modules with `padding = floor(kernel / 2)`; `tensorflow`: `SAME`, the odd pixel after. */
  readonly padding: 'symmetric' | 'tensorflow';
  /** Added to the variance by batch normalisation. */
  readonly epsilon: number;
}

/** PyTorch's defaults, those of most torchvision networks. */
export const TORCHVISION: Conventions = { padding: 'symmetric', epsilon: 1e-5 };

/** A window over an image. `padding` in pixels, on every side or `[top and bottom, left and right]`, replaces the conventions' rule. */
export interface WindowOptions {
  readonly kernelSize: number | Size2d;
  /** Default 1. */
  readonly strides?: number;
  readonly padding?: number | Size2d;
  /** Distance of the window's pixels; default 1. */
  readonly dilation?: number;
}

/** What follows a convolution. */
export interface ConvLayerOptions extends WindowOptions {
  /** Parts of the channels that are convolved on their own; default 1. Depthwise convolutions have no use for it. */
  readonly groups?: number;
  /** Default none. */
  readonly activation?: ActivationFunction | undefined;
  /** Default true; without it the convolution has a bias. */
  readonly batchNorm?: boolean;
}

/** What a transposed convolution is like, and what follows it. */
export interface EnlargeOptions extends Pick<ConvLayerOptions, 'activation' | 'batchNorm'> {
  readonly kernelSize: number;
  readonly strides: number;
  /** Pixels cut off the result before and after it: PyTorch's `padding`, and `padding - output_padding`. */
  readonly cut: readonly [before: number, after: number];
}

/**
 * Writes a network layer by layer with sizes and channels kept beside the values, all padding as explicit pixels, so that
 * every framework computes the same function.
 */
export class NetworkBuilder {
  readonly g: GraphBuilder;

  /** @param conventions - of the reference implementation */
  constructor(
    name: string,
    private readonly conventions: Conventions = TORCHVISION,
  ) {
    this.g = new GraphBuilder(name);
  }

  /** A square RGB image. */
  input(batchSize: number, size: number): FeatureMap {
    return { id: this.g.input([batchSize, size, size, 3]), size, channels: 3 };
  }

  /** Convolution, batch normalisation unless switched off, activation if there is one. */
  conv(x: FeatureMap, filters: number, options: ConvLayerOptions): FeatureMap {
    const { batchNorm = true, kernelSize, strides = 1, dilation = 1, groups = 1 } = options;
    const padding = this.pad(x.size, options);
    const id = this.g.conv2d(x.id, filters, { kernelSize, strides, padding, dilation, groups, useBias: !batchNorm });
    return { id: this.finish(id, options), size: outputSize(x.size, padding, options), channels: filters };
  }

  /** Convolution alone, without bias: of networks that normalise before they convolve. */
  plainConv(x: FeatureMap, filters: number, options: WindowOptions): FeatureMap {
    const { kernelSize, strides = 1 } = options;
    const padding = this.pad(x.size, options);
    const id = this.g.conv2d(x.id, filters, { kernelSize, strides, padding, useBias: false });
    return { id, size: outputSize(x.size, padding, options), channels: filters };
  }

  /** Depthwise convolution, batch normalisation unless switched off, activation if there is one. */
  depthwise(x: FeatureMap, options: ConvLayerOptions): FeatureMap {
    const { batchNorm = true, kernelSize, strides = 1, dilation = 1 } = options;
    const padding = this.pad(x.size, options);
    const id = this.g.depthwiseConv2d(x.id, { kernelSize, strides, padding, dilation, useBias: !batchNorm });
    return { ...x, id: this.finish(id, options), size: outputSize(x.size, padding, options) };
  }

  /** @param ceilMode - PyTorch's: a last window that hangs over the border counts; written as pixels after */
  maxPool(x: FeatureMap, options: WindowOptions & { readonly kernelSize: number; readonly ceilMode?: boolean }): FeatureMap {
    const { kernelSize, strides = 1, ceilMode = false } = options;
    const floor = this.pad(x.size, options);
    const padding = ceilMode ? ceilPadding(x.size, floor.top, kernelSize, strides) : floor;
    const id = this.g.maxPool(x.id, { kernelSize, strides, padding });
    return { ...x, id, size: outputSize(x.size, padding, options) };
  }

  avgPool(x: FeatureMap, options: WindowOptions): FeatureMap {
    const { kernelSize, strides = 1 } = options;
    const padding = this.pad(x.size, options);
    return { ...x, id: this.g.avgPool(x.id, { kernelSize, strides, padding }), size: outputSize(x.size, padding, options) };
  }

  /**
   * PyTorch's `AdaptiveAvgPool2d` where it is an ordinary pooling.
   *
   * @throws InvalidArgumentError when the image is not a whole multiple of `size`
   */
  adaptiveAvgPool(x: FeatureMap, size: number): FeatureMap {
    if (x.size === size) return x;
    if (x.size % size !== 0) {
      throw new InvalidArgumentError({
        name: 'inputSize',
        expected: `one that leaves a multiple of ${size} pixels before the classifier of ${this.g.name}`,
        got: x.size,
        hint: 'Use 224, the size the network was published with.',
      });
    }
    return this.avgPool(x, { kernelSize: x.size / size, strides: x.size / size, padding: 0 });
  }

  batchNormRelu(x: FeatureMap): FeatureMap {
    return { ...x, id: this.g.activation(this.g.batchNorm(x.id, this.conventions.epsilon), 'relu') };
  }

  activation<T extends FeatureMap | Vector>(x: T, fn: ActivationFunction): T {
    return { ...x, id: this.g.activation(x.id, fn) };
  }

  /** Squeeze and excitation: global average, 1x1 convolutions with bias to `squeezed` channels and back, scaling of the input. */
  squeezeExcite(x: FeatureMap, squeezed: number, activation: ActivationFunction, gate: ActivationFunction): FeatureMap {
    const pooled: FeatureMap = { id: this.g.globalAvgPool(x.id, true), size: 1, channels: x.channels };
    const narrow = this.conv(pooled, squeezed, { kernelSize: 1, batchNorm: false, activation });
    const wide = this.conv(narrow, x.channels, { kernelSize: 1, batchNorm: false, activation: gate });
    return { ...x, id: this.g.mul(x.id, wide.id) };
  }

  /** Transposed convolution with a bias that makes an image `strides` times as large. */
  transposedConv(x: FeatureMap, filters: number, strides: number): FeatureMap {
    return this.enlarge(x, filters, { kernelSize: strides, strides, cut: [0, 0], batchNorm: false });
  }

  /** Transposed convolution, batch normalisation unless switched off, activation if there is one. */
  enlarge(x: FeatureMap, filters: number, options: EnlargeOptions): FeatureMap {
    const { kernelSize, strides, cut, batchNorm = true } = options;
    const [before, after] = cut;
    const padding = { top: before, bottom: after, left: before, right: after };
    const id = this.g.transposedConv2d(x.id, filters, { kernelSize, strides, padding, useBias: !batchNorm });
    return { id: this.finish(id, options), size: (x.size - 1) * strides + kernelSize - before - after, channels: filters };
  }

  /** Make an image larger, or smaller, as PyTorch's `interpolate` without aligned corners. */
  resize(x: FeatureMap, size: number, method: 'nearest' | 'bilinear'): FeatureMap {
    return { ...x, id: this.g.resize(x.id, { size, method }), size };
  }

  add(a: FeatureMap, b: FeatureMap): FeatureMap {
    return { ...a, id: this.g.add(a.id, b.id) };
  }

  concat(maps: readonly [FeatureMap, ...FeatureMap[]]): FeatureMap {
    const channels = maps.reduce((sum, map) => sum + map.channels, 0);
    return { id: this.g.concat(maps.map(({ id }) => id)), size: maps[0].size, channels };
  }

  /** Two halves of the channels. */
  halves(x: FeatureMap): readonly [FeatureMap, FeatureMap] {
    const [first, second] = this.g.split(x.id, 2) as [ValueId, ValueId];
    return [
      { ...x, id: first, channels: x.channels / 2 },
      { ...x, id: second, channels: x.channels / 2 },
    ];
  }

  shuffle(x: FeatureMap): FeatureMap {
    return { ...x, id: this.g.channelShuffle(x.id, 2) };
  }

  globalPool(x: FeatureMap): Vector {
    return { id: this.g.globalAvgPool(x.id), channels: x.channels };
  }

  flatten(x: FeatureMap): Vector {
    return { id: this.g.flatten(x.id), channels: x.size * x.size * x.channels };
  }

  dense(x: Vector, units: number, activation?: ActivationFunction): Vector {
    const id = this.g.dense(x.id, units);
    return { id: activation === undefined ? id : this.g.activation(id, activation), channels: units };
  }

  build(...outputs: readonly { readonly id: ValueId }[]): Graph {
    return this.g.build(...outputs.map(({ id }) => id));
  }

  private finish(id: ValueId, { batchNorm = true, activation }: Pick<ConvLayerOptions, 'batchNorm' | 'activation'>): ValueId {
    const normalised = batchNorm ? this.g.batchNorm(id, this.conventions.epsilon) : id;
    return activation === undefined ? normalised : this.g.activation(normalised, activation);
  }

  private pad(size: number, { kernelSize, strides = 1, padding, dilation = 1 }: WindowOptions): Padding2d {
    const window = dilatedSize(bothSides(kernelSize), [dilation, dilation]);
    if (padding === undefined && this.conventions.padding === 'tensorflow') {
      return resolvePadding('same', 'tensorflow', [size, size], window, [strides, strides]);
    }
    const [rows, columns] = padding === undefined ? window.map((side) => Math.floor(side / 2)) : bothSides(padding);
    return { top: rows!, bottom: rows!, left: columns!, right: columns! };
  }
}

const bothSides = (side: number | Size2d): Size2d => (typeof side === 'number' ? [side, side] : side);

/** Images stay square. */
function outputSize(size: number, { top, bottom }: Padding2d, { kernelSize, strides = 1, dilation = 1 }: WindowOptions): number {
  const [rows] = dilatedSize(bothSides(kernelSize), [dilation, dilation]);
  return Math.floor((size + top + bottom - rows) / strides) + 1;
}

/** Padding that makes a pooling round its size up; a window may hang over the border but not start beyond it. */
function ceilPadding(size: number, before: number, kernelSize: number, strides: number): Padding2d {
  const rounded = Math.ceil((size + 2 * before - kernelSize) / strides) + 1;
  const outputs = (rounded - 1) * strides >= size + before ? rounded - 1 : rounded;
  const after = Math.max(before, (outputs - 1) * strides + kernelSize - size - before);
  return { top: before, bottom: after, left: before, right: after };
}
