import { Rng } from '@nnm/core';

/** Generated measurements that look like those of a kernel: tiles, cache steps, a launch cost, noise. */
export interface GeneratedKernel {
  readonly name: string;
  readonly featureNames: readonly string[];
  readonly rows: readonly { readonly features: readonly number[]; readonly latencyMs: number }[];
}

/** Draw a standard normal number (Box-Muller). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float());
}

function logUniform(rng: Rng, min: number, max: number): number {
  return Math.round(Math.exp(Math.log(min) + rng.float() * Math.log(max / min)));
}

/** Convolutions: 8-wide output tiles, slow small inputs, memory steps at cache sizes. */
export function generateConvolutions(count: number, seed: number, noise = 0.02): GeneratedKernel {
  const rng = new Rng(seed);
  const rows = Array.from({ length: count }, () => {
    const size = rng.pick([7, 8, 10, 14, 16, 20, 28, 32, 40, 56, 64, 80, 112, 128, 160, 224]);
    const limit = Math.max(16, Math.min(1024, 40_000 / size));
    const cin = logUniform(rng, 3, limit);
    const cout = logUniform(rng, 8, limit);
    const kernel = rng.pick([1, 1, 3, 3, 3, 5, 7]);
    const strides = rng.pick([1, 1, 1, 2]);
    const out = Math.ceil(size / strides);
    const flops = 2 * out * out * kernel * kernel * cin * cout;
    const params = kernel * kernel * cin * cout + cout;
    const bytes = 4 * (size * size * cin + out * out * cout + params);
    const tiles = Math.ceil(cout / 8) * 8;
    const rowTiles = Math.ceil((out * out) / 6) * 6;
    const padded = 2 * rowTiles * kernel * kernel * cin * tiles;
    const efficiency = (kernel === 1 ? 0.9 : 0.7) * (cin / (cin + 12)) * (4 * params > 1e6 ? 0.75 : 1);
    const bandwidth = bytes < 2.5e5 ? 40e6 : bytes < 8e6 ? 22e6 : 9e6;
    const clean = 0.004 + padded / (70e6 * efficiency) + bytes / bandwidth;
    return { features: [size, cin, cout, kernel, strides, flops, params, bytes], latencyMs: clean * Math.exp(noise * normal(rng)) };
  });
  return { name: 'conv', featureNames: ['HW', 'CIN', 'COUT', 'KERNEL_SIZE', 'STRIDES', 'FLOPS', 'PARAMS', 'BYTES'], rows };
}
