export { DrawnTensor } from './drawn-tensor.ts';
export * from './graph-builder.ts';
export { GRAPH_HASH_VERSION, graphHash } from './graph-hash.ts';
export * from './infer-shapes.ts';
export * from './padding.ts';
export * from './types.ts';
export * from './weights.ts';
export * from './work.ts';
