import { expect, it } from 'vitest';
import { network, networkNames } from './network.ts';
import { networkLayers } from './network-layers.ts';

const countKinds = (name: string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of networkLayers(network(name))) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

it('reads the layers of ResNet-18', () => {
  // 20 convolutions with their batch norms, 8 additions each followed by a ReLU of its own.
  const images = { 'feature-maps': 28, rows: 28 };
  expect(countKinds('resnet-18')).toEqual({ conv: 20, conv2d: 20, ...images, pooling: 1, add: 8, 'global-avgpool': 1, fc: 1 });
  expect(networkLayers(network('resnet-18'))[0]).toEqual({
    kind: 'conv',
    config: { HW: 224, CIN: 3, COUT: 64, KERNEL_SIZE: 7, STRIDES: 2 },
  });
});

it('reads squeeze and excitation as one layer beside its convolutions', () => {
  // MobileNet v3 large: 8 blocks have it, each with two 1x1 convolutions on one pixel.
  const counts = countKinds('mobilenet-v3-large');
  expect(counts.se).toBe(8);
  expect(counts.conv).toBe(1 + 14 + 15 + 1 + 2 * 8);
  expect(counts['global-avgpool']).toBe(1);
});

it('reads joins, splits and shuffles', () => {
  expect(countKinds('shufflenet-v2-1.0')).toMatchObject({ concat: 16, 'channel-halves': 13 + 16, dwconv: 19 });
  const inception = networkLayers(network('googlenet')).find(({ kind }) => kind === 'concat');
  expect(inception?.config).toEqual({ HW: 28, CIN1: 64, CIN2: 128, CIN3: 32, CIN4: 32 });
});

it('reads positive integers from every network', () => {
  for (const name of networkNames) {
    for (const { kind, config } of networkLayers(network(name))) {
      for (const [key, value] of Object.entries(config)) {
        expect(Number.isInteger(value), `${name} ${kind} ${key}`).toBe(true);
        expect(value, `${name} ${kind} ${key}`).toBeGreaterThanOrEqual(kind === 'concat' ? 0 : 1);
      }
    }
  }
});

it('reads the layers of a transformer', () => {
  // Two layers: two normalisations and additions and a GELU each, one more normalisation; six dense layers each.
  expect(countKinds('bert-tiny')).toMatchObject({ dense: 12, matmul: 4, attention: 2, words: 5 + 4 + 2, fc: 1 });
  const attention = networkLayers(network('bert-tiny')).find(({ kind }) => kind === 'attention');
  expect(attention?.config).toEqual({ LENGTH: 128, HEADS: 2, HEAD_CHANNELS: 64 });
});

it('reads convolutions that are not square', () => {
  const kinds = (name: string) => new Set(networkLayers(network(name)).map(({ kind }) => kind));
  expect(networkLayers(network('whisper-tiny-encoder'))[0]).toMatchObject({ kind: 'conv2d', config: { H: 1, W: 3000, KERNEL_W: 3 } });
  expect(kinds('whisper-tiny-encoder').has('conv')).toBe(false);
  expect(kinds('regnet-x-400mf').has('grouped-conv')).toBe(true);
  expect(kinds('unet').has('transposed-conv')).toBe(true);
  const dilated = networkLayers(network('deeplab-v3-mobilenet-v3')).filter(({ config }) => (config.DILATION_H ?? 1) > 1);
  expect(new Set(dilated.map(({ kind }) => kind))).toEqual(new Set(['conv2d', 'dwconv2d']));
});
