/** A workspace as nn-Meter leaves it: YAML without BACKEND, kernel data by random ids, models elsewhere, pickles. */
export function nnMeterFolder(): Record<string, string | object> {
  const convs = Array.from({ length: 40 }, (_, i) => ({
    HW: [14, 28, 56][i % 3],
    CIN: 8 + i,
    COUT: 16 + 2 * i,
    KERNEL_SIZE: 3,
    STRIDES: 1,
  }));
  const dwconvs = Array.from({ length: 30 }, (_, i) => ({ HW: 28, CIN: 8 + i, KERNEL_SIZE: 3, STRIDES: 1 }));
  const id = (prefix: string, i: number) => `${prefix}${String(i).padStart(4, 'A')}`;
  const entries = <T>(list: readonly T[], prefix: string, map: (item: T, i: number) => object) =>
    Object.fromEntries(list.map((item, i) => [id(prefix, i), map(item, i)]));
  const described = (config: object, i: number) => ({ model: `/data1/ws/predictor_build/kernels/x_${i}`, shapes: [[28, 28, 8]], config });
  return {
    'configs/predictorbuild_config.yaml':
      'DETAIL: FALSE\nIMPLEMENT: tensorflow\nBATCH_SIZE: 1\nKERNELS:\n  conv-bn-relu:\n    INIT_SAMPLE_NUM: 40\n    FINEGRAINED_SAMPLE_NUM: 20\n    ITERATION: 3\n    ERROR_THRESHOLD: 0.1\n',
    'configs/backend_config.yaml':
      "REMOTE_MODEL_DIR: /data/local/tmp/models\nBENCHMARK_MODEL_PATH: /data/local/tmp/benchmark_model\nDEVICE_SERIAL: ''\n",
    'predictor_build/results/conv-bn-relu_prior.json': { 'conv-bn-relu': entries(convs, 'YB', described) },
    'predictor_build/results/profiled_conv-bn-relu.json': {
      'conv-bn-relu': entries(convs, 'YB', (config, i) => ({ latency: `${(config.CIN * config.COUT) / 100 + i / 1000} +- 0.314` })),
    },
    'predictor_build/results/dwconv-bn-relu_prior.json': { 'dwconv-bn-relu': entries(dwconvs, 'DW', described) },
    'predictor_build/results/profiled_dwconv-bn-relu.json': {
      'dwconv-bn-relu': entries(dwconvs, 'DW', (config) => ({ latency: `${config.CIN / 10} +- 0.02` })),
    },
    'predictor_build/results/mykernel_prior.json': { mykernel: { ZZZZZZ: { config: { HW: 1 } } } },
    'predictor_build/results/notes.json': 'not json',
    'predictor_build/results/predictors/Predictor_conv-bn-relu_prior.pkl': 'pickle',
  };
}
