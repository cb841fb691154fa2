export { defineConfig, type NnmConfig } from './nnm-config.ts';
