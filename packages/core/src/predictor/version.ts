/** Version of this package, written into every predictor file. */
export const NNM_VERSION = '0.1.0';
