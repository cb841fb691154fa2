// What backends need that run in a page: no files, no processes.

export { describeCallTime } from './call-time.ts';
export * from './element-type.ts';
export { explainGuesses, fillInput, type InputValues } from './input-values.ts';
export { closeDimensions } from './open-dimensions.ts';
export { OpenModels } from './open-models.ts';
