import { type AnyKernel, type KernelConfig, kernelFamily } from '@nnm/core';

const conv = (HW: number, CIN: number, COUT: number, KERNEL_SIZE: number, STRIDES: number): KernelConfig => ({
  HW,
  CIN,
  COUT,
  KERNEL_SIZE,
  STRIDES,
});
const pool = (HW: number, CIN: number, KERNEL_SIZE: number, POOL_STRIDES: number): KernelConfig => ({
  HW,
  CIN,
  COUT: CIN,
  KERNEL_SIZE,
  POOL_STRIDES,
});
const join = (HW: number, CIN1: number, CIN2: number, CIN3 = 0, CIN4 = 0): KernelConfig => ({ HW, CIN1, CIN2, CIN3, CIN4 });
const image = (HW: number, CIN: number): KernelConfig => ({ HW, CIN });

const CONVOLUTIONS = [
  conv(1, 1, 1, 1, 1),
  conv(1, 5, 3, 7, 4), // window larger than the input
  conv(3, 2, 7, 5, 2),
  conv(7, 3, 8, 3, 2), // odd size: both paddings are the same
  conv(14, 6, 5, 3, 2), // even size: TensorFlow pads after, PyTorch on both sides
  conv(14, 6, 5, 5, 2),
  conv(14, 4, 6, 1, 4), // stride 4, kernel 1
  conv(13, 4, 6, 1, 4),
  conv(9, 3, 4, 2, 2), // even window
  conv(28, 16, 17, 3, 1),
  conv(56, 3, 16, 7, 4),
  conv(224, 3, 8, 3, 2),
];

const POOLS = [
  pool(1, 3, 2, 2),
  pool(1, 3, 3, 1),
  pool(3, 4, 2, 1),
  pool(7, 5, 2, 2), // even window over an odd size: the last one hangs over the edge
  pool(14, 8, 2, 2),
  pool(7, 3, 3, 2),
  pool(14, 8, 3, 2),
  pool(14, 6, 3, 4),
  pool(13, 6, 2, 4),
  pool(224, 4, 3, 2),
  pool(7, 4096, 3, 1),
];

const JOINS = [join(1, 1, 1), join(7, 3, 5), join(7, 3, 5, 2), join(14, 8, 1, 3, 6), join(1, 4096, 4096, 4096, 4096), join(224, 3, 2)];

const IMAGES = [image(1, 2), image(7, 6), image(13, 10), image(14, 32), image(1, 4096), image(56, 24), image(224, 4)];

const window = (kernel: number, strides: number, dilation = 1, width = kernel): KernelConfig => ({
  KERNEL_H: kernel,
  KERNEL_W: width,
  STRIDE_H: strides,
  STRIDE_W: strides,
  DILATION_H: dilation,
  DILATION_W: dilation,
});
/** Even windows over even sides, 1-D, larger than the image, dilated, patches. */
const WINDOWS = [
  { H: 14, W: 9, ...window(3, 2) },
  { H: 1, W: 20, ...window(1, 2, 1, 3) },
  { H: 6, W: 7, ...window(7, 1, 1, 1) },
  { H: 12, W: 12, ...window(3, 1, 6) },
  { H: 32, W: 32, ...window(16, 16) },
  { H: 7, W: 7, ...window(2, 1) },
];
const rows = (ROWS: number, CIN: number): KernelConfig => ({ ROWS, CIN });

/** Corners of the kernels that are not like those of an image, by a key that their space has. */
const BY_KEY: Readonly<Record<string, readonly KernelConfig[]>> = {
  GROUP_COUT: WINDOWS.map((place) => ({ ...place, GROUPS: 3, GROUP_CIN: 2, GROUP_COUT: 5 })),
  GROUPS: [
    { HW: 3, GROUPS: 1, GROUP_CIN: 5 },
    { HW: 7, GROUPS: 3, GROUP_CIN: 4 },
  ],
  MULTIPLIER: [1, 3].flatMap((MULTIPLIER) => WINDOWS.map((place) => ({ ...place, CIN: 5, MULTIPLIER }))),
  DILATION_H: WINDOWS.map((place) => ({ ...place, CIN: 3 })),
  KERNEL_H: [2, 3, 4].map((k) => ({ H: 5, W: 4, CIN: 3, KERNEL_H: k, KERNEL_W: k, STRIDE_H: 2, STRIDE_W: 2 })),
  WORDS: [
    { WINDOWS: 1, WORDS: 1, HEADS: 1, CIN: 1 },
    { WINDOWS: 2, WORDS: 7, HEADS: 3, CIN: 5 },
  ],
  HEADS: [
    { LENGTH: 1, HEADS: 1, HEAD_CHANNELS: 1 },
    { LENGTH: 7, HEADS: 3, HEAD_CHANNELS: 5 },
  ],
  MATRICES: [
    { MATRICES: 1, M: 1, K: 1, N: 1 },
    { MATRICES: 3, M: 5, K: 7, N: 2 },
  ],
  OUTER: [
    { OUTER: 1, ROWS: 1, COLUMNS: 5, SIDE: 1, CIN: 3 },
    { OUTER: 2, ROWS: 4, COLUMNS: 3, SIDE: 2, CIN: 1 },
  ],
  COLUMNS: [
    { ROWS: 1, COLUMNS: 5, CIN: 3 },
    { ROWS: 4, COLUMNS: 3, CIN: 1 },
  ],
  DROPPED: [
    { ROWS: 1, KEPT: 1, DROPPED: 1 },
    { ROWS: 6, KEPT: 5, DROPPED: 8 },
  ],
  PADDING: [
    { HEIGHT: 1, WIDTH: 1, CIN: 1, PADDING: 1 },
    { HEIGHT: 5, WIDTH: 4, CIN: 3, PADDING: 3 },
  ],
  ADDED: [
    { HW: 1, CIN: 1, ADDED: 1 },
    { HW: 5, CIN: 3, ADDED: 2 },
  ],
  ROWS1: [
    { ROWS1: 1, ROWS2: 4, CIN: 1 },
    { ROWS1: 7, ROWS2: 3, CIN: 6 },
  ],
  SIZE: [
    { HW: 1, CIN: 3, SIZE: 4 },
    { HW: 7, CIN: 5, SIZE: 14 },
    { HW: 9, CIN: 2, SIZE: 5 },
  ],
  BLOCK: [
    { HW: 1, CIN: 1, BLOCK: 2 },
    { HW: 5, CIN: 3, BLOCK: 3 },
  ],
  STRIDE: [
    { HW: 1, CIN: 3, STRIDE: 2 },
    { HW: 9, CIN: 5, STRIDE: 4 },
  ],
  TAKEN: [
    { ROWS: 1, TAKEN: 1, CIN: 3 },
    { ROWS: 7, TAKEN: 12, CIN: 5 },
  ],
  REPEATS: [
    { ROWS: 1, CIN: 1, REPEATS: 2 },
    { ROWS: 6, CIN: 5, REPEATS: 3 },
  ],
  PARTS: [
    { PARTS: 2, ROWS: 1, CIN: 1 },
    { PARTS: 3, ROWS: 5, CIN: 7 },
  ],
  ROWS: [rows(1, 1), rows(1, 17), rows(6, 1), rows(49, 33), rows(64, 128)],
};

/** What a dense kernel has besides rows. */
const withUnits = (kernel: AnyKernel) => (config: KernelConfig) => ('COUT' in kernel.configSpace ? { ...config, COUT: 7 } : config);

/** Configurations at the corners of each kernel's space: size 1, odd sizes, stride 4 with kernel 1, even windows, most channels. */
export function edgeConfigs(kernel: AnyKernel): readonly KernelConfig[] {
  const key = Object.keys(BY_KEY).find((one) => one in kernel.configSpace);
  if (key !== undefined) {
    return (BY_KEY[key] as readonly KernelConfig[]).map(withUnits(kernel));
  }
  const family = kernelFamily(kernel);
  // The largest weights once per family: 16.8 million of them tell nothing more the second time.
  if (family === 'conv-add') return CONVOLUTIONS;
  if (family === 'conv') return kernel.type === 'conv-bn-relu' ? [...CONVOLUTIONS, conv(1, 4096, 4096, 1, 1)] : CONVOLUTIONS;
  if (family === 'dwconv') {
    return [...CONVOLUTIONS, conv(7, 4096, 4096, 3, 1)].map((config) => ({ ...config, COUT: config.CIN as number }));
  }
  if (kernel.type === 'fc') {
    return [
      { CIN: 1, COUT: 1 },
      { CIN: 33, COUT: 10 },
      { CIN: 32768, COUT: 9 },
      { CIN: 9, COUT: 8192 },
    ];
  }
  if (kernel.type === 'concat') return JOINS;
  return 'POOL_STRIDES' in kernel.configSpace ? POOLS : IMAGES;
}

/** Of a runtime in float32 against the reference; see docs/measurements/runtimes.md. */
const TOLERANCE = 1e-4;
/**
 * Of one value that is normalised by itself. Frameworks write `x * s + (beta - mean * s)`, where `s` is 316 with the usual epsilon: both products
 * are rounded, and what they leave is beta.
 */
const ALONE_TOLERANCE = 1e-3;

/** How far a runtime may be from the reference in this configuration. */
export function toleranceOf(kernel: AnyKernel, { CIN, HW }: KernelConfig): number {
  const isAlone = (kernel.type === 'add-layer-norm' && CIN === 1) || (kernel.type === 'instance-norm' && HW === 1);
  return isAlone ? ALONE_TOLERANCE : TOLERANCE;
}
