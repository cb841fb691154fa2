import { createHash } from 'node:crypto';
import { type AnyKernel, type KernelConfig, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { expect, it } from 'vitest';

/** First configuration and a digest of 200 prior samples, joint and marginal, and of 10 around each of the first 20, at seed 42. */
function digest({ sampler }: AnyKernel): readonly string[] {
  const rng = new Rng(42);
  return (['joint', 'marginal'] as const).map((mode) => {
    const prior: readonly KernelConfig[] = sampler.priorConfigSampling(200, { rng, mode });
    const near = sampler.finegrainedConfigSampling(10, prior.slice(0, 20), { rng });
    const hash = createHash('sha256')
      .update(JSON.stringify([prior, near]))
      .digest('hex')
      .slice(0, 12);
    return `${Object.values(prior[0] ?? {}).join(' ')} ${hash}`;
  });
}

it('every kernel gives the lists it always gave, on every platform', () => {
  const kernels = [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap((plugin) => plugin.kernels ?? []);
  expect(Object.fromEntries(kernels.map((kernel) => [kernel.type, digest(kernel)]))).toMatchInlineSnapshot(`
    {
      "add": [
        "28 88 a95eec373005",
        "7 519 6fd76039a685",
      ],
      "addrelu": [
        "28 88 a95eec373005",
        "7 519 6fd76039a685",
      ],
      "avgpool": [
        "112 33 33 3 2 97d39b6fc760",
        "14 527 527 2 1 fc93d2fd5f38",
      ],
      "bn": [
        "28 471 8d7a6f0ec174",
        "7 857 6e41cf27452d",
      ],
      "bnrelu": [
        "28 471 8d7a6f0ec174",
        "7 857 6e41cf27452d",
      ],
      "channelshuffle": [
        "14 70 db239a2bef9f",
        "7 456 43e37457b681",
      ],
      "concat": [
        "7 620 34 0 0 73a1921f16a9",
        "7 167 28 0 0 f38e724c5e26",
      ],
      "conv-block": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-bn": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-bn-hswish": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-bn-relu": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-bn-relu6": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-hswish": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-relu": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "conv-relu6": [
        "28 448 141 1 1 65ab5d76f11f",
        "7 686 115 1 1 6d41d484a273",
      ],
      "dwconv-block": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-bn": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-bn-hswish": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-bn-relu": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-bn-relu6": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-relu": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "dwconv-relu6": [
        "28 79 79 3 1 b01224dd87b0",
        "7 975 975 3 1 7345f79fe003",
      ],
      "fc": [
        "963 729 ac74e863ea21",
        "704 4074 402f7a6f1777",
      ],
      "global-avgpool": [
        "7 1016 472b0818828e",
        "7 1315 bce2326e853f",
      ],
      "hswish": [
        "28 471 8d7a6f0ec174",
        "7 857 6e41cf27452d",
      ],
      "maxpool": [
        "112 33 33 3 2 97d39b6fc760",
        "14 527 527 2 1 fc93d2fd5f38",
      ],
      "relu": [
        "28 471 8d7a6f0ec174",
        "7 857 6e41cf27452d",
      ],
      "se": [
        "14 116 88322f67a53c",
        "7 1132 ee894f086c55",
      ],
      "split": [
        "14 70 db239a2bef9f",
        "7 456 43e37457b681",
      ],
    }
  `);
});
