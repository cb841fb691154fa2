import { type Graph, InvalidArgumentError, UnknownIdError } from '@nnm/core';
import { alexnet } from './networks/alexnet.ts';
import { bert, type TextEncoder } from './networks/bert.ts';
import { convnextTiny } from './networks/convnext.ts';
import { cyclegan } from './networks/cyclegan.ts';
import { dcgan, dcganGrey } from './networks/dcgan.ts';
import { deeplabV3 } from './networks/deeplab-v3.ts';
import { densenet121 } from './networks/densenet.ts';
import { efficientnetB0, efficientnetLite0 } from './networks/efficientnet.ts';
import { erfnet } from './networks/erfnet.ts';
import { googlenet } from './networks/googlenet.ts';
import { gpt2 } from './networks/gpt2.ts';
import { inceptionV3 } from './networks/inception-v3.ts';
import { mnasnet } from './networks/mnasnet.ts';
import { mobilenetV1 } from './networks/mobilenet-v1.ts';
import { mobilenetV2 } from './networks/mobilenet-v2.ts';
import { mobilenetV3 } from './networks/mobilenet-v3.ts';
import { mobilevitSmall } from './networks/mobilevit.ts';
import { pix2pix } from './networks/pix2pix.ts';
import { poseResnet50 } from './networks/pose-resnet.ts';
import { proxylessnasMobile } from './networks/proxylessnas.ts';
import { regnet } from './networks/regnet.ts';
import { basicBlock, bottleneck, resnet } from './networks/resnet.ts';
import { shufflenetV2 } from './networks/shufflenet-v2.ts';
import { squeezenet } from './networks/squeezenet.ts';
import { ssdMobilenetV2 } from './networks/ssd-mobilenet-v2.ts';
import { fsrcnn, srcnn } from './networks/super-resolution.ts';
import { swinTiny } from './networks/swin.ts';
import { denseAutoencoder, dsCnn, resnet8, visualWakeWords } from './networks/tiny.ts';
import { unet } from './networks/unet.ts';
import { vgg } from './networks/vgg.ts';
import { visionTransformer } from './networks/vision-transformer.ts';
import { whisperEncoder } from './networks/whisper.ts';
import { yoloV5n } from './networks/yolo-v5.ts';

type NetworkFunction = (name: string, batchSize: number, inputSize: number) => Graph;

/** One network: how it is built, and the size it was published with where that is not 224 pixels. */
type Network = NetworkFunction | { readonly build: NetworkFunction; readonly inputSize: number };

const NETWORKS: Readonly<Record<string, Network>> = {
  alexnet,
  'vgg-11': (name, n, size) => vgg(name, n, size, [1, 1, 2, 2, 2]),
  'vgg-13': (name, n, size) => vgg(name, n, size, [2, 2, 2, 2, 2]),
  'vgg-16': (name, n, size) => vgg(name, n, size, [2, 2, 3, 3, 3]),
  'vgg-19': (name, n, size) => vgg(name, n, size, [2, 2, 4, 4, 4]),
  'resnet-18': (name, n, size) => resnet(name, n, size, [2, 2, 2, 2], basicBlock),
  'resnet-34': (name, n, size) => resnet(name, n, size, [3, 4, 6, 3], basicBlock),
  'resnet-50': (name, n, size) => resnet(name, n, size, [3, 4, 6, 3], bottleneck),
  'densenet-121': densenet121,
  googlenet,
  'squeezenet-1.0': (name, n, size) => squeezenet(name, n, size, '1.0'),
  'squeezenet-1.1': (name, n, size) => squeezenet(name, n, size, '1.1'),
  'mobilenet-v1-1.0': (name, n, size) => mobilenetV1(name, n, size, 1),
  'mobilenet-v1-0.5': (name, n, size) => mobilenetV1(name, n, size, 0.5),
  'mobilenet-v2': mobilenetV2,
  'mobilenet-v3-small': (name, n, size) => mobilenetV3(name, n, size, 'small'),
  'mobilenet-v3-large': (name, n, size) => mobilenetV3(name, n, size, 'large'),
  'shufflenet-v2-0.5': (name, n, size) => shufflenetV2(name, n, size, [48, 96, 192]),
  'shufflenet-v2-1.0': (name, n, size) => shufflenetV2(name, n, size, [116, 232, 464]),
  'mnasnet-0.5': (name, n, size) => mnasnet(name, n, size, 0.5),
  'mnasnet-1.0': (name, n, size) => mnasnet(name, n, size, 1),
  'efficientnet-b0': efficientnetB0,
  'efficientnet-lite0': efficientnetLite0,
  'proxylessnas-mobile': proxylessnasMobile,
  'regnet-x-400mf': (name, n, size) => {
    const stages = [
      [32, 1],
      [64, 2],
      [160, 7],
      [400, 12],
    ] as const;
    return regnet(name, n, size, { stages, groupWidth: 16, withSqueeze: false });
  },
  'regnet-y-400mf': (name, n, size) => {
    const stages = [
      [48, 1],
      [104, 3],
      [208, 6],
      [440, 6],
    ] as const;
    return regnet(name, n, size, { stages, groupWidth: 8, withSqueeze: true });
  },
  'inception-v3': { build: inceptionV3, inputSize: 299 },
  'convnext-t': convnextTiny,
  'vit-b-16': (name, n, size) => visionTransformer(name, n, size, { patchSize: 16, channels: 768, heads: 12, layers: 12 }),
  'vit-b-32': (name, n, size) => visionTransformer(name, n, size, { patchSize: 32, channels: 768, heads: 12, layers: 12 }),
  'deit-t': (name, n, size) => visionTransformer(name, n, size, { patchSize: 16, channels: 192, heads: 3, layers: 12 }),
  'swin-t': swinTiny,
  'mobilevit-s': { build: mobilevitSmall, inputSize: 256 },
  unet: { build: unet, inputSize: 256 },
  'deeplab-v3-mobilenet-v3': { build: deeplabV3, inputSize: 520 },
  'ssd-mobilenet-v2': { build: ssdMobilenetV2, inputSize: 300 },
  'yolo-v5n': { build: yoloV5n, inputSize: 640 },
  'bert-tiny': textEncoder({ layers: 2, channels: 128, heads: 2, pooler: true }),
  'bert-mini': textEncoder({ layers: 4, channels: 256, heads: 4, pooler: true }),
  'bert-small': textEncoder({ layers: 4, channels: 512, heads: 8, pooler: true }),
  'bert-medium': textEncoder({ layers: 8, channels: 512, heads: 8, pooler: true }),
  'bert-base': textEncoder({ layers: 12, channels: 768, heads: 12, pooler: true }),
  distilbert: textEncoder({ layers: 6, channels: 768, heads: 12, pooler: false }),
  'gpt2-small': { build: gpt2, inputSize: 128 },
  'whisper-tiny-encoder': { build: whisperEncoder, inputSize: 3000 },
  'resnet-8': { build: resnet8, inputSize: 32 },
  'visual-wake-words': { build: visualWakeWords, inputSize: 96 },
  'ds-cnn': { build: dsCnn, inputSize: 49 },
  srcnn: { build: srcnn, inputSize: 256 },
  fsrcnn: { build: fsrcnn, inputSize: 128 },
  'dense-autoencoder': { build: denseAutoencoder, inputSize: 640 },
};

/** Networks that make images, of which priors take the transposed convolutions. */
const IMAGE_MAKERS: Readonly<Record<string, Network>> = {
  'pose-resnet-50': { build: poseResnet50, inputSize: 256 },
  dcgan: { build: dcgan, inputSize: 64 },
  'dcgan-grey': { build: dcganGrey, inputSize: 28 },
  pix2pix: { build: pix2pix, inputSize: 256 },
  cyclegan: { build: cyclegan, inputSize: 256 },
  erfnet: { build: erfnet, inputSize: 512 },
};

function textEncoder(sizes: TextEncoder): Network {
  return { build: (name, batchSize, length) => bert(name, batchSize, length, sizes), inputSize: 128 };
}

/** Ids of the networks of the zoo that classify, find and read. */
export const networkNames: readonly string[] = Object.keys(NETWORKS);

/**
 * Ids of its networks that make images: they have hundreds of channels on large images, which devices hardly run, and give priors their transposed
 * convolutions alone.
 */
export const imageMakerNames: readonly string[] = Object.keys(IMAGE_MAKERS);
const ALL: Readonly<Record<string, Network>> = { ...NETWORKS, ...IMAGE_MAKERS };

/** How to build a network. */
export interface NetworkOptions {
  /** Default 1. */
  readonly batchSize?: number;
  /**
   * Height and width of the image in pixels, tokens of a text, frames of a recording. Default: what the network was published with, and
   * 128 tokens.
   */
  readonly inputSize?: number;
}

/**
 * Build a published network as a graph. Networks that classify images take `[batchSize, inputSize, inputSize, 3]` to `[batchSize, 1000]`
 * (logits).
 *
 * Dropout, which does nothing at inference, and the final softmax are left out. Padding is explicit, so every framework
 * computes the same function.
 *
 * @param name - one of {@link networkNames} or {@link imageMakerNames}
 * @throws UnknownIdError for another name; InvalidArgumentError for sizes the network cannot take
 * @example network('mobilenet-v2', { batchSize: 4 })
 */
export function network(name: string, options: NetworkOptions = {}): Graph {
  const found = Object.hasOwn(ALL, name) ? ALL[name] : undefined;
  if (found === undefined) throw new UnknownIdError({ what: 'network', id: name, known: Object.keys(ALL) });
  const { build, inputSize: published } = typeof found === 'function' ? { build: found, inputSize: 224 } : found;
  const { batchSize = 1, inputSize = published } = options;
  assertPositiveInteger('batchSize', batchSize);
  assertPositiveInteger('inputSize', inputSize);
  return build(name, batchSize, inputSize);
}

function assertPositiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError({ name, expected: 'an integer >= 1', got: value });
}
