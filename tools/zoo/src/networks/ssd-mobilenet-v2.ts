import type { Graph } from '@nnm/core';
import { type FeatureMap, NetworkBuilder } from '../network-builder.ts';
import { mobilenetV2Blocks } from './mobilenet-v2.ts';

const CLASSES = 91;
/** Filters of the extra feature maps. */
const EXTRA = [512, 256, 256, 128];

/**
 * SSDLite on MobileNet v2 (arXiv 1801.04381; `ssdlite_mobilenet_v2_coco` of TensorFlow's detection zoo): six feature maps, separable
 * heads. Boxes are decoded outside.
 */
export function ssdMobilenetV2(name: string, batchSize: number, inputSize: number): Graph {
  const b = new NetworkBuilder(name, { padding: 'tensorflow', epsilon: 1e-3 });
  const blocks = mobilenetV2Blocks(b, b.input(batchSize, inputSize));
  // The first map is the expansion of the block that halves the image to a 32nd: a layer of its own here.
  const stride16 = b.conv(blocks[13] as FeatureMap, 576, { kernelSize: 1, activation: 'relu6' });
  const maps = [stride16, b.conv(blocks.at(-1) as FeatureMap, 1280, { kernelSize: 1, activation: 'relu6' })];
  for (const filters of EXTRA) {
    const narrow = b.conv(maps.at(-1) as FeatureMap, filters / 2, { kernelSize: 1, activation: 'relu6' });
    const halved = b.depthwise(narrow, { kernelSize: 3, strides: 2, activation: 'relu6' });
    maps.push(b.conv(halved, filters, { kernelSize: 1, activation: 'relu6' }));
  }
  const outputs = maps.flatMap((map, index) => {
    const anchors = index === 0 ? 3 : 6;
    return [4 * anchors, CLASSES * anchors].map((filters) => {
      const y = b.depthwise(map, { kernelSize: 3, activation: 'relu6' });
      return b.conv(y, filters, { kernelSize: 1, batchNorm: false });
    });
  });
  return b.build(...outputs);
}
