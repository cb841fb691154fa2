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
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "add": [
        "56 48 d755979929b8",
        "10 507 f8ffb1103210",
      ],
      "add-broadcast": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "add-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "add-layer-norm": [
        "4317 320 1c9274b48e8b",
        "42 3010 37454a6bde63",
      ],
      "add-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "addrelu": [
        "56 48 d755979929b8",
        "10 507 f8ffb1103210",
      ],
      "arg-max": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
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
        "56 272 b019c3d09af2",
        "5 677 799990f8ee45",
      ],
      "bnrelu": [
        "56 272 b019c3d09af2",
        "5 677 799990f8ee45",
      ],
      "channelshuffle": [
        "14 70 3d88269f6e61",
        "7 456 0918937dea15",
      ],
      "clip": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "concat": [
        "14 858 35 0 0 023f647076db",
        "7 143 28 0 0 c8dcd225de83",
      ],
      "concat-rows": [
        "448 369 193 f0423cd2feff",
        "151 2148 190 0b3ae9416b29",
      ],
      "conv-block": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-bn": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-bn-add": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 faf6cf569ac7",
      ],
      "conv-bn-add-relu": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 faf6cf569ac7",
      ],
      "conv-bn-hswish": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-bn-relu": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-bn-relu6": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-hswish": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-relu": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv-relu6": [
        "7 664 680 1 1 84adc648517c",
        "3 714 112 1 1 e8034f8e111a",
      ],
      "conv2d": [
        "1 1 1192 310 1 1 1 1 1 1 b85f0364a9a8",
        "3 80 129 20 1 1 1 1 2 1 0296ffe78f4c",
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
        "130 4 3 23ee22a9f386",
        "5 179 2 1fe3f6e378b4",
      ],
      "div": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "div-broadcast": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "div-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "div-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "dwconv-block": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-bn": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-bn-hswish": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-bn-relu": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-bn-relu6": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-relu": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv-relu6": [
        "14 284 284 3 2 0912276852d0",
        "5 944 944 3 1 2900553a33bc",
      ],
      "dwconv2d": [
        "14 14 320 1 3 3 1 1 1 1 dbe389eaad68",
        "3 112 189 1 3 3 1 1 1 1 b3f5ed34e576",
      ],
      "elu": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "erf": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "exp": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "expand-dims": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "fc": [
        "543 648 e40700143b15",
        "385 4750 4add4da0e9ae",
      ],
      "gather": [
        "2222 2000 296 7f987bf86aa2",
        "194 1447 190 8e61e04baa5a",
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
        "7 1492 01ebea39c343",
        "7 1305 d71f8d1f8032",
      ],
      "group-norm": [
        "10 32 14 aa3d9f89ca55",
        "5 32 7 8233ae57aab7",
      ],
      "grouped-conv": [
        "7 7 50 8 8 3 3 1 1 1 1 8516528faa8c",
        "7 56 25 8 8 3 3 1 2 1 1 1cb63450e923",
      ],
      "hard-sigmoid": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "hswish": [
        "56 272 b019c3d09af2",
        "5 677 799990f8ee45",
      ],
      "instance-norm": [
        "10 462 fb555e72e559",
        "5 713 f04716db4b3c",
      ],
      "l2-normalize": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "layer-norm": [
        "4317 320 1c9274b48e8b",
        "42 3010 01e9ecc759f4",
      ],
      "leaky-relu": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "log": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "log-softmax": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
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
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "max-rows": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "maximum": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "maximum-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "maxpool": [
        "112 15 15 3 2 6541d5280832",
        "14 773 773 3 1 7acb4cb6a25f",
      ],
      "mean-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "mean-rows": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "minimum": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "minimum-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "mish": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "mul": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "mul-broadcast": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "mul-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "mul-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "neg": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "pack": [
        "4 318 120 75b4b2559c1f",
        "2 2148 190 121199106f72",
      ],
      "pad": [
        "25 24 472 2 b804f7b22343",
        "5 60 146 1 cb1c74e831ae",
      ],
      "pad-channels": [
        "28 160 65 f544679ced02",
        "5 713 69 b9ccdc545762",
      ],
      "pow": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "pow-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "prelu": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "relu": [
        "56 272 b019c3d09af2",
        "5 677 799990f8ee45",
      ],
      "relu6": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "reshape": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
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
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "se": [
        "112 38 71eb44bf5add",
        "7 976 119be52dacda",
      ],
      "sigmoid": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "silu": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "slice": [
        "368 96 88 e1ae2bba0842",
        "301 475 94 2ad3092961d6",
      ],
      "softmax": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "space-to-depth": [
        "130 4 3 23ee22a9f386",
        "5 179 2 1fe3f6e378b4",
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
        "448 369 193 f0423cd2feff",
        "151 2148 190 0b3ae9416b29",
      ],
      "sqrt": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "squeeze": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "strided-slice": [
        "54 44 2 5b350404618a",
        "5 713 2 4485432051db",
      ],
      "sub": [
        "2745 43 ea947897401d",
        "301 949 1d1c8fdf78e6",
      ],
      "sub-broadcast": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "sub-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "sub-scalar": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "sum-channels": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "sum-rows": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "tanh": [
        "2745 43 5883bef388d3",
        "301 949 a24c1cb8adf0",
      ],
      "tile": [
        "864 88 4 ba0a1eb7ac60",
        "301 949 3 a99c92f4d5a4",
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
        "3 3 1341 464 4 4 2 2 1befcc2d706a",
        "3 112 234 15 4 2 2 2 ee1790153883",
      ],
      "unpack": [
        "4 318 120 75b4b2559c1f",
        "2 2148 190 121199106f72",
      ],
    }
  `);
});
