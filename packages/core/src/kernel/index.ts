export * from './ask-sampler.ts';
export * from './base-block.ts';
export * from './base-config-sampler.ts';
export * from './base-feature-parser.ts';
export { checkConfig, configProblems } from './check-config.ts';
export * from './config.ts';
export * from './define-kernel.ts';
export * from './errors.ts';
export * from './kernel-id.ts';
