export * from './block-work.ts';
export * from './config-feature-parser.ts';
export * from './remainder-features.ts';
export * from './row-vectors.ts';
export * from './tiled-product.ts';
