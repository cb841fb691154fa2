export { acceptLayers } from './layers/block-layers.ts';
export { fromLayersModel, type LayersModelLike, type LayersModelOptions } from './layers/from-layers-model.ts';
export { LayersBlock } from './layers/layers-block.ts';
