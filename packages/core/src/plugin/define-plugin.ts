import type { AnyBackend } from '../backend/index.ts';
import type { AnyDeviceKind } from '../device/index.ts';
import type { AnyKernel } from '../kernel/index.ts';
import type { AnyRegressor } from '../regressor/regressor.ts';
import type { FusionCase } from './fusion-case.ts';

/** The plugin interface this core speaks. A plugin for another one is refused by name. */
export const PLUGIN_API_VERSION = 1;

/** What an npm package (or a program) adds to nnm; made by {@link definePlugin}, default-exported by the package. */
export interface Plugin {
  /** The package's name: plugins are told apart by it. */
  readonly name: string;
  readonly version?: string;
  readonly apiVersion: number;
  readonly kernels?: readonly AnyKernel[];
  readonly backends?: readonly AnyBackend[];
  /** What `DEVICE` in `configs/backend_config.yaml` may name. */
  readonly devices?: readonly AnyDeviceKind[];
  readonly regressors?: readonly AnyRegressor[];
  /** Questions about fusion that `nnm fusion detect` answers for a backend. */
  readonly fusionCases?: readonly FusionCase[];
}

/**
 * Describe a plugin in one value. Returns it unchanged; nothing is registered.
 *
 * @example
 * export default definePlugin({ name: '@nnm/kernels-conv', apiVersion: 1, kernels: [...convKernels, ...dwconvKernels] });
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
