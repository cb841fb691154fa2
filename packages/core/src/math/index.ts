export * from './drop-last-bits.ts';
export * from './exp.ts';
export * from './log.ts';
export * from './positive-definite.ts';
export * from './square.ts';
