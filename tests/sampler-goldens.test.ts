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
      "abs": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "add": [
        "160 21 ca5e8d2d377c",
        "10 506 b18c1e870fae",
      ],
      "add-broadcast": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "add-channels": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "add-layer-norm": [
        "4317 320 69cb68bf851a",
        "42 3010 37454a6bde63",
      ],
      "add-planes": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "add-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "addrelu": [
        "160 21 ca5e8d2d377c",
        "10 506 b18c1e870fae",
      ],
      "arg-max": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "attention": [
        "295 14 29 d8ab0f5b4c88",
        "31 45 63 074ee2dc148b",
      ],
      "avgpool": [
        "112 15 15 3 2 3945bce3cdec",
        "14 773 773 3 1 7acb4cb6a25f",
      ],
      "bn": [
        "28 64 891622881b9b",
        "5 668 b255657a32c0",
      ],
      "bnrelu": [
        "28 64 891622881b9b",
        "5 668 b255657a32c0",
      ],
      "channelshuffle": [
        "14 70 ad0368bf11d8",
        "7 456 0918937dea15",
      ],
      "clip": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "concat": [
        "14 858 35 0 0 963c98994148",
        "7 143 28 0 0 c8dcd225de83",
      ],
      "concat-rows": [
        "112 168 80 422839af5de6",
        "151 2133 183 e7f76f808d08",
      ],
      "conv-block": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-bn": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-bn-add": [
        "14 64 112 1 1 85e5ca3aaee6",
        "3 706 109 1 1 1a4b9189ee89",
      ],
      "conv-bn-add-relu": [
        "14 64 112 1 1 85e5ca3aaee6",
        "3 706 109 1 1 1a4b9189ee89",
      ],
      "conv-bn-hswish": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-bn-relu": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-bn-relu6": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-hswish": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-relu": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv-relu6": [
        "14 64 112 1 1 0b25cc73a2e7",
        "3 706 109 1 1 0e4556d66d6f",
      ],
      "conv2d": [
        "14 14 120 40 1 1 1 1 1 1 e8e6e0936b65",
        "3 80 125 20 1 1 1 1 2 1 ba3aa8579400",
      ],
      "dense": [
        "48 669 2191 4d02791da121",
        "54 3003 773 f9c40f29576d",
      ],
      "dense-gelu": [
        "48 669 2191 4d02791da121",
        "54 3003 773 f9c40f29576d",
      ],
      "depth-to-space": [
        "7 80 2 e764e8cb38d2",
        "5 176 2 fdfec9fd9d38",
      ],
      "div": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "div-broadcast": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "div-channels": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "div-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "dwconv-block": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-bn": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-bn-hswish": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-bn-relu": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-bn-relu6": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-relu": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv-relu6": [
        "112 80 80 3 2 c9c72e3ce9cc",
        "5 942 942 3 1 5c6b59904c48",
      ],
      "dwconv2d": [
        "28 28 203 1 5 5 2 2 1 1 6a9250ad8ab0",
        "3 112 165 1 3 3 1 1 1 1 ff28f3cacf28",
      ],
      "elu": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "erf": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "exp": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "expand-dims": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "fc": [
        "1781 1288 b0286ee6c4c9",
        "179 4498 f34b27b56796",
      ],
      "gather": [
        "144 82 704 b48cee2e3120",
        "194 1440 183 240e1bab5686",
      ],
      "gelu": [
        "4317 320 69cb68bf851a",
        "42 3010 01e9ecc759f4",
      ],
      "gelu-tanh": [
        "4317 320 69cb68bf851a",
        "42 3010 01e9ecc759f4",
      ],
      "global-avgpool": [
        "7 460 bf46daf3d1fc",
        "7 1300 302c22ac43af",
      ],
      "group-norm": [
        "5 32 4 06da65042cc1",
        "5 32 7 2bc3cad1bf59",
      ],
      "grouped-conv": [
        "7 7 50 8 8 3 3 1 1 1 1 299a55c2cef3",
        "7 56 25 8 8 3 3 1 2 1 1 1cb63450e923",
      ],
      "hard-sigmoid": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "hswish": [
        "28 64 891622881b9b",
        "5 668 b255657a32c0",
      ],
      "instance-norm": [
        "5 122 0ae848899c4c",
        "5 700 56f85336aeae",
      ],
      "l2-normalize": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "layer-norm": [
        "4317 320 69cb68bf851a",
        "42 3010 01e9ecc759f4",
      ],
      "leaky-relu": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "log": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "log-softmax": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "matmul": [
        "137 57 64 32 788147dc11f9",
        "4 197 73 31 6e36ac8cbfce",
      ],
      "matmul-transposed": [
        "137 57 64 32 788147dc11f9",
        "4 197 73 31 6e36ac8cbfce",
      ],
      "max-channels": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "max-rows": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "maximum": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "maximum-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "maxpool": [
        "112 15 15 3 2 3945bce3cdec",
        "14 773 773 3 1 7acb4cb6a25f",
      ],
      "mean-channels": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "mean-rows": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "minimum": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "minimum-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "mish": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "mul": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "mul-broadcast": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "mul-channels": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "mul-planes": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "mul-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "neg": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "pack": [
        "8 134 36 3c76f92182a0",
        "2 2133 183 c469a1fdcdb9",
      ],
      "pad": [
        "64 76 256 1 257a77728634",
        "5 59 142 1 f08e3f3c045d",
      ],
      "pad-channels": [
        "3 354 87 afe05822612e",
        "5 700 68 e7dd0372e1e6",
      ],
      "pow": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "pow-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "prelu": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "prelu-planes": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "relu": [
        "28 64 891622881b9b",
        "5 668 b255657a32c0",
      ],
      "relu6": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "reshape": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "resize-bilinear": [
        "28 16 640 c68e8fd3c76d",
        "1 254 40 4e7618ef3141",
      ],
      "resize-nearest": [
        "28 16 640 c68e8fd3c76d",
        "1 254 40 4e7618ef3141",
      ],
      "rms-norm": [
        "4317 320 69cb68bf851a",
        "42 3010 01e9ecc759f4",
      ],
      "rsqrt": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "se": [
        "112 38 4aa0111b4820",
        "7 976 119be52dacda",
      ],
      "sigmoid": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "silu": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "slice": [
        "164 704 744 bd472c166f1e",
        "301 469 91 14abbc2d55d3",
      ],
      "softmax": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "space-to-depth": [
        "7 80 2 e764e8cb38d2",
        "5 176 2 fdfec9fd9d38",
      ],
      "split": [
        "14 70 ad0368bf11d8",
        "7 456 0918937dea15",
      ],
      "split-heads": [
        "4 64 16 44 2c32136c48a2",
        "1 251 4 23 b19f693f4fd0",
      ],
      "split-rows": [
        "112 168 80 422839af5de6",
        "151 2133 183 e7f76f808d08",
      ],
      "sqrt": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "squeeze": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "strided-slice": [
        "64 128 2 9f8d38fe707d",
        "5 700 2 3193408be030",
      ],
      "sub": [
        "4200 496 6ca5f890a162",
        "301 937 3770d955f995",
      ],
      "sub-broadcast": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "sub-channels": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "sub-scalar": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "sum-channels": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "sum-rows": [
        "4200 496 acd3b1e684f8",
        "301 937 619d24dede13",
      ],
      "tanh": [
        "4200 496 8aab07201d2d",
        "301 937 619d24dede13",
      ],
      "tile": [
        "176 527 4 ba902355c384",
        "301 937 3 d825362b2d35",
      ],
      "transpose": [
        "328 2 198 9c4201a30478",
        "15 151 65 875d1e0adeaa",
      ],
      "transpose-heads": [
        "4 64 16 44 2c32136c48a2",
        "1 251 4 23 b19f693f4fd0",
      ],
      "transpose-windows": [
        "1 1 8 5 1048 03f3364d1e11",
        "1 26 7 1 96 e0e876c2a91d",
      ],
      "transposed-conv": [
        "7 7 305 91 5 5 1 1 b874d08417aa",
        "3 112 165 9 4 2 2 2 8a19b2f5582c",
      ],
      "unpack": [
        "8 134 36 3c76f92182a0",
        "2 2133 183 c469a1fdcdb9",
      ],
    }
  `);
});
