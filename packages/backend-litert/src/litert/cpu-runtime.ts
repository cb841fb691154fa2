import { GraphBuilder, type LoadedModel, type Runtime, RuntimeFailureError, type RuntimeInfo } from '@nnm/core';
import { convertGraph } from '@nnm/tflite-format';
import type { LitertSettings } from '../settings.ts';
import { loadCpuModel } from './cpu-model.ts';
import type { Session } from './session.ts';
import type { LiteRtModule } from './wasm-module.ts';

/** LiteRT on the CPU: XNNPACK in WebAssembly, called synchronously. */
export function startCpuRuntime(backend: string, settings: LitertSettings, module: LiteRtModule): Runtime {
  const { wasm } = module;
  const environment = wasm.LiteRtEnvironment.create(null);
  const session: Session = { backend, module, environment, threads: settings.THREADS, values: settings.INPUTS };
  const models = new Set<LoadedModel>();
  let open = true;
  const load = (file: Uint8Array): LoadedModel => {
    if (!open) throw new RuntimeFailureError({ backend, doing: 'loading a model', reason: 'the runtime was closed' });
    const loaded = loadCpuModel(session, file);
    const model: LoadedModel = {
      ...loaded,
      close() {
        models.delete(model);
        return loaded.close();
      },
    };
    models.add(model);
    return model;
  };
  return {
    info: describe(settings, module, measureCallUs(load)),
    load,
    close() {
      if (!open) return;
      open = false;
      for (const model of models) void model.close();
      environment.delete();
    },
  };
}

function describe({ THREADS }: LitertSettings, { version, build, engine }: LiteRtModule, callUs: number): RuntimeInfo {
  return {
    runtime: 'LiteRT.js',
    version,
    threads: THREADS,
    options: { delegate: 'xnnpack', build: build.uses, engine },
    timing: `called synchronously: every run includes about ${callUs.toFixed(callUs < 10 ? 1 : 0)} microseconds of LiteRT's own around the operators, the tensors of its outputs among them, measured on a model of one element`,
  };
}

const WARM_UP = 500;
const RUNS = 200;

/** Median microseconds of a run of a model with one element, when the engine has compiled what it calls. */
function measureCallUs(load: (file: Uint8Array) => LoadedModel): number {
  const g = new GraphBuilder('relu');
  const model = load(convertGraph('litert', g.build(g.activation(g.input([1, 1]), 'relu')), 'tensorflow'));
  for (let i = 0; i < WARM_UP; i++) void model.run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const before = performance.now();
    void model.run();
    times.push(performance.now() - before);
  }
  void model.close();
  return 1000 * (times.sort((a, b) => a - b)[RUNS >> 1] as number);
}
