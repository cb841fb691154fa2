export * from './element-type.ts';
export * from './input-values.ts';
export * from './library-choice.ts';
export { describeForeignLibrary, libraryPlatform } from './library-platform.ts';
export * from './load-library.ts';
export { createMemoryRelease } from './memory-release.ts';
export * from './open-dimensions.ts';
export * from './settings.ts';
