import type { Runtime, RuntimeFactory } from '@nnm/core';
import { OpenModels } from '@nnm/native-kit/tensors';
import { type GpuSession, loadGpuModel } from '../litert/gpu-model.ts';
import { BUILDS } from '../litert/wasm-module.ts';
import type { LitertSettings } from '../settings.ts';
import { type GpuHandle, requestGpu } from './gpu-device.ts';
import { chooseBuildInPage, loadModuleInPage } from './load-module.ts';

const BACKEND = 'litert_webgpu';

/**
 * Start LiteRT's WebGPU in a worker of a page, which is served LiteRT's builds in the folder `wasm` beside this module.
 *
 * @throws {@link RuntimeUnavailableError} when there is no adapter, or a file is missing or blocked
 */
const start: RuntimeFactory<LitertSettings> = async (settings) => {
  const gpu = await requestGpu(BACKEND);
  const cpuBuild = chooseBuildInPage(BACKEND, settings);
  // Where WebAssembly can wait for a GPU, LiteRT needs the build that does.
  const build = cpuBuild === BUILDS.relaxed && 'Suspending' in WebAssembly ? BUILDS.suspending : cpuBuild;
  const module = await loadModuleInPage(BACKEND, new URL('./wasm/', import.meta.url), build);
  const environment = module.wasm.LiteRtEnvironment.create(gpu.device);
  const session: GpuSession = {
    backend: BACKEND,
    module,
    environment,
    threads: settings.THREADS,
    values: settings.INPUTS,
    device: gpu.device,
  };
  const models = new OpenModels(BACKEND);
  let open = true;
  return {
    info: describe(settings, module.version, module.engine, build.uses, gpu),
    async load(file) {
      models.assertOpen();
      return models.keep(await loadGpuModel(session, file));
    },
    async close() {
      if (!open) return;
      open = false;
      for (const model of models.end()) await model.close();
      environment.delete();
      gpu.device.destroy();
    },
    lost: gpu.lost,
  };
};

export default start;

function describe({ THREADS }: LitertSettings, version: string, engine: string, uses: string, gpu: GpuHandle): Runtime['info'] {
  const software = gpu.isSoftware ? ' This adapter is software: its answers are right, its times are those of a CPU.' : '';
  return {
    runtime: 'LiteRT.js',
    version,
    threads: THREADS,
    options: { delegate: 'webgpu', build: uses, engine, precision: 'fp32', adapter: gpu.name, software: gpu.isSoftware },
    timing: `by the clock of the page: a run is over when the GPU's queue is empty again, so it includes handing the work over.${software}`,
  };
}
