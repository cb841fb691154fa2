export * from './element-type.ts';
export * from './input-values.ts';
export * from './library-choice.ts';
export * from './load-library.ts';
export { createMemoryRelease } from './memory-release.ts';
export { closeDimensions, type DescribedInput, DIMENSIONS_EXPECTED, dimensionsSetting } from './open-dimensions.ts';
export * from './settings.ts';
