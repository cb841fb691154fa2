import { countMultiplyAdds, countWork, inferShapes, NnmError } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { imageMakerNames, network, networkNames } from './network.ts';

/**
 * Published counts. `params` are exact. `madds` are millions of multiply-adds of convolutions and fully connected layers,
 * to as many digits as were published.
 *
 * - tv: torchvision, `num_params` and `GFLOPs` (multiply-adds) of each network's `IMAGENET1K_V1` weights.
 * - keras: `MobileNet(alpha=...)`, trainable parameters; all of them, with the moving statistics, are 4,253,864 and 1,342,536.
 *   Multiply-adds: tables 6 and 8 of the MobileNets paper (arXiv 1704.04861).
 * - tpu: README of EfficientNet-lite in tensorflow/tpu: 4.7 M and 407 M. The exact parameter count is timm's
 *   (`tf_efficientnet_lite0`); 407 M must count more than multiply-adds of convolutions: with squeeze
 *   and excitation on top, EfficientNet-B0 has 390 M. Hence the wider tolerance.
 * - timm: `timm.create_model`, `deit_tiny_patch16_224` and `mobilevit_s`, and its results table (multiply-adds).
 * - brain: mateuszbuda/brain-segmentation-pytorch, parameters. ultralytics: README of YOLOv5 v6.1, parameters and half its 4.5 GFLOPs.
 * - bert: google-research/bert (24 smaller models) and Hugging Face `distilbert-base-uncased`; gpt2: Hugging Face `gpt2`; whisper: the
 *   encoder of Hugging Face `openai/whisper-tiny`, positions included. Their multiply-adds are nowhere published: those of this graph.
 * - pose: README of microsoft/human-pose-estimation.pytorch, 34.0 M. dcgan: PyTorch's examples. gan: junyanz/pytorch-CycleGAN-and-pix2pix prints
 *   54.414 M and 11.378 M; its instance normalisation trains nothing. GAN Compression (arXiv 2003.08936) counts 56.8 G multiply-adds of CycleGAN,
 *   2.4 G of transposed convolutions four times. The others' are nowhere published: those of this graph. tutorial: TensorFlow's tutorial of DCGAN.
 * - erfnet: Eromera/erfnet_pytorch with its encoder's classifier, 20 classes (bernardomig/ark: 2.064 M without it, 19 classes). Multiply-adds of this graph.
 * - sr: the papers of both (arXiv 1501.00092, 1608.00367), which count weights alone: no biases, no slopes of PReLU. Multiply-adds of this graph.
 * - tiny: the reference models of MLPerf Tiny (mlcommons/tiny), trainable parameters: all of them, with the moving statistics, are 78,666, 221,794,
 *   24,908 and 269,992. Their convolutions have biases before a normalisation, which are in its vectors here.
 * - proxyless: README of mit-han-lab/proxylessnas, 320 M; the parameters are those of its released weights (pytorchcv, 4,080,512).
 */
interface Published {
  readonly params: number;
  readonly madds: number;
  readonly tolerance: number;
  readonly source: string;
  /** Published parameters that the graph does not have (above 0), or that it has more of. */
  readonly outside?: number;
}

/** Words, positions and token types that are looked up outside. */
const words = (channels: number, rows = 30_522 + 512 + 2): number => rows * channels;

const PUBLISHED: Readonly<Record<string, Published>> = {
  alexnet: { params: 61_100_840, madds: 710, tolerance: 0.01, source: 'tv' },
  'vgg-11': { params: 132_863_336, madds: 7610, tolerance: 0.01, source: 'tv' },
  'vgg-13': { params: 133_047_848, madds: 11_310, tolerance: 0.01, source: 'tv' },
  'vgg-16': { params: 138_357_544, madds: 15_470, tolerance: 0.01, source: 'tv' },
  'vgg-19': { params: 143_667_240, madds: 19_630, tolerance: 0.01, source: 'tv' },
  'resnet-18': { params: 11_689_512, madds: 1810, tolerance: 0.01, source: 'tv' },
  'resnet-34': { params: 21_797_672, madds: 3660, tolerance: 0.01, source: 'tv' },
  'resnet-50': { params: 25_557_032, madds: 4090, tolerance: 0.01, source: 'tv' },
  'densenet-121': { params: 7_978_856, madds: 2830, tolerance: 0.01, source: 'tv' },
  googlenet: { params: 6_624_904, madds: 1500, tolerance: 0.01, source: 'tv' },
  'squeezenet-1.0': { params: 1_248_424, madds: 820, tolerance: 0.01, source: 'tv' },
  'squeezenet-1.1': { params: 1_235_496, madds: 350, tolerance: 0.01, source: 'tv' },
  'mobilenet-v1-1.0': { params: 4_231_976, madds: 569, tolerance: 0.01, source: 'keras' },
  'mobilenet-v1-0.5': { params: 1_331_592, madds: 149, tolerance: 0.01, source: 'keras' },
  'mobilenet-v2': { params: 3_504_872, madds: 300, tolerance: 0.01, source: 'tv' },
  // Published as 0.06 and 0.04 GFLOPs: half a unit of the last digit is 8 % and 13 %.
  'mobilenet-v3-small': { params: 2_542_856, madds: 60, tolerance: 0.08, source: 'tv' },
  'mobilenet-v3-large': { params: 5_483_032, madds: 220, tolerance: 0.03, source: 'tv' },
  'shufflenet-v2-0.5': { params: 1_366_792, madds: 40, tolerance: 0.13, source: 'tv' },
  'shufflenet-v2-1.0': { params: 2_278_604, madds: 140, tolerance: 0.04, source: 'tv' },
  'mnasnet-0.5': { params: 2_218_512, madds: 100, tolerance: 0.05, source: 'tv' },
  'mnasnet-1.0': { params: 4_383_312, madds: 310, tolerance: 0.02, source: 'tv' },
  'efficientnet-b0': { params: 5_288_548, madds: 390, tolerance: 0.02, source: 'tv' },
  'efficientnet-lite0': { params: 4_652_008, madds: 407, tolerance: 0.06, source: 'tpu' },
  'proxylessnas-mobile': { params: 4_080_512, madds: 320, tolerance: 0.01, source: 'proxyless' },
  'regnet-x-400mf': { params: 5_495_976, madds: 410, tolerance: 0.02, source: 'tv' },
  'regnet-y-400mf': { params: 4_344_144, madds: 400, tolerance: 0.02, source: 'tv' },
  'inception-v3': { params: 23_834_568, madds: 5710, tolerance: 0.01, source: 'tv' },
  'convnext-t': { params: 28_589_128, madds: 4460, tolerance: 0.01, source: 'tv' },
  'vit-b-16': { params: 86_567_656, madds: 17_560, tolerance: 0.01, source: 'tv' },
  'vit-b-32': { params: 88_224_232, madds: 4410, tolerance: 0.01, source: 'tv' },
  'deit-t': { params: 5_717_416, madds: 1260, tolerance: 0.01, source: 'timm' },
  // Tables of relative positions are expanded: per head 49 x 49 numbers instead of 13 x 13.
  'swin-t': { params: 28_288_354, madds: 4490, tolerance: 0.01, source: 'tv', outside: -138 * (49 * 49 - 13 * 13) },
  'mobilevit-s': { params: 5_578_632, madds: 2030, tolerance: 0.02, source: 'timm' },
  unet: { params: 7_763_041, madds: 12_071, tolerance: 0.01, source: 'brain' },
  'pose-resnet-50': { params: 33_999_697, madds: 7235, tolerance: 0.01, source: 'pose' },
  dcgan: { params: 3_576_704, madds: 105, tolerance: 0.01, source: 'dcgan' },
  'dcgan-grey': { params: 2_305_472, madds: 51.7, tolerance: 0.01, source: 'tutorial' },
  pix2pix: { params: 54_413_955, madds: 6048, tolerance: 0.01, source: 'gan' },
  cyclegan: { params: 11_378_179, madds: 56_800 - 3 * 2416, tolerance: 0.01, source: 'gan', outside: -10_496 },
  // Not built: the 1x1 convolution to the classes that its encoder alone is trained with; biases before two normalisations.
  erfnet: { params: 2_066_836, madds: 13_306, tolerance: 0.01, source: 'erfnet', outside: 128 * 20 + 20 + 64 + 16 },
  // The training-time classifier is not built.
  'deeplab-v3-mobilenet-v3': { params: 11_029_328, madds: 10_450, tolerance: 0.01, source: 'tv', outside: 3851 },
  'yolo-v5n': { params: 1_872_157, madds: 2250, tolerance: 0.02, source: 'ultralytics' },
  'bert-tiny': { params: 4_385_920, madds: 59, tolerance: 0.01, source: 'bert', outside: words(128) },
  'bert-mini': { params: 11_170_560, madds: 436, tolerance: 0.01, source: 'bert', outside: words(256) },
  'bert-small': { params: 28_763_648, madds: 1678, tolerance: 0.01, source: 'bert', outside: words(512) },
  'bert-medium': { params: 41_373_184, madds: 3356, tolerance: 0.01, source: 'bert', outside: words(512) },
  'bert-base': { params: 109_482_240, madds: 11_174, tolerance: 0.01, source: 'bert', outside: words(768) },
  distilbert: { params: 66_362_880, madds: 5587, tolerance: 0.01, source: 'bert', outside: words(768, 30_522 + 512) },
  'gpt2-small': { params: 124_439_808, madds: 11_212, tolerance: 0.01, source: 'gpt2', outside: words(768, 1024) },
  'whisper-tiny-encoder': { params: 8_208_384, madds: 18_469, tolerance: 0.01, source: 'whisper' },
  'resnet-8': { params: 78_186, madds: 12.5, tolerance: 0.01, source: 'tiny', outside: 16 * 3 + 32 * 2 + 64 * 2 - (32 + 64) },
  'visual-wake-words': { params: 216_322, madds: 7.5, tolerance: 0.01, source: 'tiny', outside: 2736 },
  'ds-cnn': { params: 23_756, madds: 2.7, tolerance: 0.02, source: 'tiny', outside: 9 * 64 },
  srcnn: { params: 8032, madds: 526.4, tolerance: 0.01, source: 'sr', outside: -(64 + 32 + 1) },
  fsrcnn: { params: 12_464, madds: 204.2, tolerance: 0.01, source: 'sr', outside: -2 * (56 + 12 + 4 * 12 + 56) - 1 },
  'dense-autoencoder': { params: 267_928, madds: 0.264, tolerance: 0.01, source: 'tiny' },
};

/**
 * Published in rounded numbers only. `ssd-mobilenet-v2` is `ssdlite_mobilenet_v2_coco` of TensorFlow's detection zoo (300 pixels, 91
 * classes), which Open Model Zoo counts as 4.475 million parameters and 1.525 GFLOPs, with batch normalisation folded: a bias per channel
 * instead of two vectors. Its first feature map is taken inside a block of MobileNet v2; here an expansion of its own stands for it, 1x1
 * from 96 to 576 channels. The 4.3 million of arXiv 1801.04381 are those of another variant.
 */
const ROUNDED = { 'ssd-mobilenet-v2': { params: 4_475_000, rounding: 500, gflops: 1.525, twice: { cin: 96, cout: 576, hw: 19 } } };

it('has the published counts of every network, and no others', () => {
  expect([...networkNames, ...imageMakerNames].sort()).toEqual([...Object.keys(PUBLISHED), ...Object.keys(ROUNDED)].sort());
});

describe.each(Object.entries(PUBLISHED))('%s', (name, { params, madds, tolerance, outside = 0 }) => {
  const graph = network(name);

  it('has exactly the published parameters', () => {
    expect(countWork(graph).params + outside).toBe(params);
  });

  it(`has the published multiply-adds within ${tolerance * 100} %`, () => {
    expect(Math.abs(countMultiplyAdds(graph) / 1e6 / madds - 1)).toBeLessThanOrEqual(tolerance);
  });
});

it.each(Object.entries(ROUNDED))('%s has the published parameters and multiply-adds', (name, { params, rounding, gflops, twice }) => {
  const graph = network(name);
  const shapes = inferShapes(graph);
  const normalised = graph.ops.filter(({ op }) => op === 'batchNorm').map(({ outputs }) => shapes.get(outputs[0] as string)?.at(-1) ?? 0);
  const folded = countWork(graph).params - normalised.reduce((sum, channels) => sum + channels, 0);
  const products = twice.cin * twice.cout;
  expect(Math.abs(folded - products - twice.cout - params)).toBeLessThanOrEqual(rounding);
  const multiplyAdds = countMultiplyAdds(graph) - products * twice.hw * twice.hw;
  expect(Math.abs((2 * multiplyAdds) / 1e9 / gflops - 1)).toBeLessThanOrEqual(0.02);
});

describe.each([...networkNames, ...imageMakerNames])('%s', (name) => {
  it('takes any batch', () => {
    const [one, four] = [network(name), network(name, { batchSize: 4 })];
    const sizes = (graph: typeof one) =>
      [...graph.inputs.map(({ id }) => id), ...graph.outputs].map((id) => inferShapes(graph).get(id) ?? []);
    expect(sizes(one).map(([n]) => n)).toEqual(sizes(one).map(() => 1));
    expect(sizes(four)).toEqual(sizes(one).map(([, ...rest]) => [4, ...rest]));
    expect(countWork(four).params).toBe(countWork(one).params);
  });

  it('pads explicitly, so that it is one function under every framework', () => {
    for (const op of network(name).ops) if ('padding' in op && op.padding !== 'valid') expect(op.padding).toBeTypeOf('object');
  });
});

it('takes 224 pixels to 1000 classes', () => {
  for (const name of ['mobilenet-v2', 'vit-b-16', 'swin-t']) {
    const graph = network(name);
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([[1, 224, 224, 3]]);
    expect(graph.outputs.map((id) => inferShapes(graph).get(id))).toEqual([[1, 1000]]);
  }
});

it('takes other image sizes where the network can', () => {
  const graph = network('mobilenet-v2', { inputSize: 192 });
  expect(countWork(graph).params).toBe(3_504_872);
  expect(countMultiplyAdds(graph)).toBeLessThan(countMultiplyAdds(network('mobilenet-v2')));
  expect(countWork(network('vgg-11', { inputSize: 448 })).params).toBe(132_863_336);
});

it('refuses what it cannot build, and says what it could', () => {
  expect(() => network('resnet18')).toThrow('There is no network "resnet18"');
  expect(() => network('vgg-16', { inputSize: 192 })).toThrow('one that leaves a multiple of 7 pixels before the classifier of vgg-16');
  expect(() => network('vgg-16', { batchSize: 0 })).toThrow('`batchSize` must be an integer >= 1. Got 0.');
  expect(hintOf(() => network('resnet18'))).toContain('resnet-18');
  expect(() => network('toString')).toThrow('There is no network');
});

function hintOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (NnmError.isInstance(error)) return error.hint;
    throw error;
  }
  return undefined;
}
