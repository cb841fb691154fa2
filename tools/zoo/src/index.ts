export { type CalibrationNetwork, calibrationNetworks } from './calibration-networks.ts';
export { imageMakerNames, type NetworkOptions, network, networkNames } from './network.ts';
export { type LayerKind, type NetworkLayer, networkLayers } from './network-layers.ts';
