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
  expect(countKinds('resnet-18')).toEqual({ conv: 20, 'feature-maps': 28, pooling: 1, add: 8, 'global-avgpool': 1, fc: 1 });
  expect(networkLayers(network('resnet-18'))[0]).toEqual({
    kind: 'conv',
    config: { HW: 224, CIN: 3, COUT: 64, KERNEL_SIZE: 7, STRIDES: 2 },
  });
});

it('reads squeeze and excitation as one layer', () => {
  // MobileNet v3 large: 8 blocks have it, each with two 1x1 convolutions that must not count.
  const counts = countKinds('mobilenet-v3-large');
  expect(counts.se).toBe(8);
  expect(counts.conv).toBe(1 + 14 + 15 + 1);
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
