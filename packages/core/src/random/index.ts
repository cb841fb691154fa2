export { fnv1a32 } from './fnv.ts';
export { Rng } from './rng.ts';
