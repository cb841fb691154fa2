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
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "add": [
        "160 21 b2f24f66ae00",
        "10 506 b18c1e870fae",
      ],
      "add-broadcast": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "add-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "add-layer-norm": [
        "4317 320 1c9274b48e8b",
        "42 3010 37454a6bde63",
      ],
      "add-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "addrelu": [
        "160 21 b2f24f66ae00",
        "10 506 b18c1e870fae",
      ],
      "arg-max": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "attention": [
        "295 14 29 3b49de4fa53b",
        "31 45 63 074ee2dc148b",
      ],
      "avgpool": [
        "112 15 15 3 2 6541d5280832",
        "14 773 773 3 1 7acb4cb6a25f",
      ],
      "bn": [
        "28 64 d5a0e3a0eda4",
        "5 668 cffff42b1665",
      ],
      "bnrelu": [
        "28 64 d5a0e3a0eda4",
        "5 668 cffff42b1665",
      ],
      "channelshuffle": [
        "14 70 3d88269f6e61",
        "7 456 0918937dea15",
      ],
      "clip": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "concat": [
        "14 858 35 0 0 023f647076db",
        "7 143 28 0 0 c8dcd225de83",
      ],
      "concat-rows": [
        "288 329 88 62c56f45d5ed",
        "151 2120 183 8920cd493f2b",
      ],
      "conv-block": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-bn": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-bn-add": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 8d7a011cf7e7",
      ],
      "conv-bn-add-relu": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 8d7a011cf7e7",
      ],
      "conv-bn-hswish": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-bn-relu": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-bn-relu6": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-hswish": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-relu": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv-relu6": [
        "28 52 35 1 1 df54cb786e02",
        "3 709 111 1 1 27b8c823e17b",
      ],
      "conv2d": [
        "35 35 224 81 1 1 1 1 1 1 d1bec489790f",
        "3 80 126 20 1 1 1 1 2 1 1050cd4ca1a3",
      ],
      "dense": [
        "48 669 2191 779e0b3581cf",
        "54 3003 773 f9c40f29576d",
      ],
      "dense-gelu": [
        "48 669 2191 779e0b3581cf",
        "54 3003 773 f9c40f29576d",
      ],
      "depth-to-space": [
        "14 91 2 2032433722a6",
        "5 176 2 f0023ec0a473",
      ],
      "div": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "div-broadcast": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "div-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "div-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "dwconv-block": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-bn": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-bn-hswish": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-bn-relu": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-bn-relu6": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-relu": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv-relu6": [
        "28 292 292 5 1 3808b1998ff0",
        "5 937 937 3 1 e7328662eca7",
      ],
      "dwconv2d": [
        "56 56 112 1 7 7 2 2 1 1 6f94876e2dd0",
        "3 112 162 1 3 3 1 1 1 1 0ed27e40754e",
      ],
      "elu": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "erf": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "exp": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "expand-dims": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "fc": [
        "1781 1288 de54d346da08",
        "179 4498 f34b27b56796",
      ],
      "gather": [
        "128 44 768 ba9d55ecc8c9",
        "194 1431 184 5021fb25a1dc",
      ],
      "gelu": [
        "4317 320 1c9274b48e8b",
        "42 3010 01e9ecc759f4",
      ],
      "gelu-tanh": [
        "4317 320 1c9274b48e8b",
        "42 3010 01e9ecc759f4",
      ],
      "global-avgpool": [
        "7 460 116ee3f1f53d",
        "7 1300 302c22ac43af",
      ],
      "group-norm": [
        "5 32 4 0353f08d8df1",
        "5 32 7 df12033bbd06",
      ],
      "grouped-conv": [
        "7 7 50 8 8 3 3 1 1 1 1 8516528faa8c",
        "7 56 25 8 8 3 3 1 2 1 1 1cb63450e923",
      ],
      "hard-sigmoid": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "hswish": [
        "28 64 d5a0e3a0eda4",
        "5 668 cffff42b1665",
      ],
      "instance-norm": [
        "5 122 2d910dedb4df",
        "5 700 017882398424",
      ],
      "l2-normalize": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "layer-norm": [
        "4317 320 1c9274b48e8b",
        "42 3010 01e9ecc759f4",
      ],
      "leaky-relu": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "log": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "log-softmax": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "matmul": [
        "137 57 64 32 814c63088f9c",
        "4 197 73 31 6e36ac8cbfce",
      ],
      "matmul-transposed": [
        "137 57 64 32 814c63088f9c",
        "4 197 73 31 6e36ac8cbfce",
      ],
      "max-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "max-rows": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "maximum": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "maximum-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "maxpool": [
        "112 15 15 3 2 6541d5280832",
        "14 773 773 3 1 7acb4cb6a25f",
      ],
      "mean-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "mean-rows": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "minimum": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "minimum-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "mish": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "mul": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "mul-broadcast": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "mul-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "mul-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "neg": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "pack": [
        "4 32 336 911c3c9320af",
        "2 2120 183 0a728120feeb",
      ],
      "pad": [
        "12 8 64 2 fcd5a1f8cb5f",
        "5 59 142 1 5a9a0467c904",
      ],
      "pad-channels": [
        "13 224 89 fc139b8ce8d3",
        "5 700 68 a6b32db9c98f",
      ],
      "pow": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "pow-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "prelu": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "relu": [
        "28 64 d5a0e3a0eda4",
        "5 668 cffff42b1665",
      ],
      "relu6": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "reshape": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "resize-bilinear": [
        "28 16 640 1bb1baf449ad",
        "1 254 40 096f6f47a6c0",
      ],
      "resize-nearest": [
        "28 16 640 1bb1baf449ad",
        "1 254 40 096f6f47a6c0",
      ],
      "rms-norm": [
        "4317 320 1c9274b48e8b",
        "42 3010 01e9ecc759f4",
      ],
      "rsqrt": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "se": [
        "112 38 71eb44bf5add",
        "7 976 119be52dacda",
      ],
      "sigmoid": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "silu": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "slice": [
        "223 256 248 42322d99e257",
        "300 469 91 07e4b486b728",
      ],
      "softmax": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "space-to-depth": [
        "14 91 2 2032433722a6",
        "5 176 2 f0023ec0a473",
      ],
      "split": [
        "14 70 3d88269f6e61",
        "7 456 0918937dea15",
      ],
      "split-heads": [
        "4 64 16 44 c8fa80bbb3b9",
        "1 251 4 23 b19f693f4fd0",
      ],
      "split-rows": [
        "288 329 88 62c56f45d5ed",
        "151 2120 183 8920cd493f2b",
      ],
      "sqrt": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "squeeze": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "strided-slice": [
        "260 24 2 fb0a68e46439",
        "5 700 2 8fe2acb32c65",
      ],
      "sub": [
        "1316 88 253602b9a992",
        "300 938 1cdbe58f3524",
      ],
      "sub-broadcast": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "sub-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "sub-scalar": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "sum-channels": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "sum-rows": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "tanh": [
        "1316 88 253602b9a992",
        "300 938 b46a5f03627c",
      ],
      "tile": [
        "94 1864 3 23bf9c7c0410",
        "300 938 3 963b1449244b",
      ],
      "transpose": [
        "328 2 198 4be6b2b7a7e0",
        "15 151 65 875d1e0adeaa",
      ],
      "transpose-heads": [
        "4 64 16 44 c8fa80bbb3b9",
        "1 251 4 23 b19f693f4fd0",
      ],
      "transpose-windows": [
        "1 1 8 5 1048 6508b2382be4",
        "1 26 7 1 96 e0e876c2a91d",
      ],
      "transposed-conv": [
        "35 35 176 176 2 2 2 2 db5ce68aae8b",
        "3 112 226 10 4 2 2 2 a8cf26bde084",
      ],
      "unpack": [
        "4 32 336 911c3c9320af",
        "2 2120 183 0a728120feeb",
      ],
    }
  `);
});
