export { default } from './runtime/start-cpu.ts';
