import { layerRules } from './layer-rules.ts';

/** Layers that nnm has words for. */
export const KNOWN_LAYERS: readonly string[] = Object.keys(layerRules);
