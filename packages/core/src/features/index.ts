export * from './block-work.ts';
export * from './config-feature-parser.ts';
export * from './remainder-features.ts';
export { copyFeatures, LINE_FLOATS, type Loops, loopFeatures, rowVectors, splitVectors } from './row-vectors.ts';
export * from './tiled-product.ts';
