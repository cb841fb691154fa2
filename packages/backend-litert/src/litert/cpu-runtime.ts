import { GraphBuilder, type LoadedModel, type Runtime, type RuntimeInfo } from '@nnm/core';
import { describeCallTime, OpenModels } from '@nnm/native-kit/tensors';
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
  const models = new OpenModels(backend);
  let open = true;
  const load = (file: Uint8Array): LoadedModel => {
    models.assertOpen();
    return models.keep(loadCpuModel(session, file));
  };
  const g = new GraphBuilder('relu');
  const small = convertGraph('litert', g.build(g.activation(g.input([1, 1]), 'relu')), 'tensorflow');
  return {
    info: describe(settings, module, describeCallTime(load(small))),
    load,
    close() {
      if (!open) return;
      open = false;
      for (const model of models.end()) void model.close();
      environment.delete();
    },
  };
}

function describe({ THREADS }: LitertSettings, { version, build, engine }: LiteRtModule, callTime: string): RuntimeInfo {
  return {
    runtime: 'LiteRT.js',
    version,
    threads: THREADS,
    options: { delegate: 'xnnpack', build: build.uses, engine },
    timing: `called synchronously: every run includes ${callTime} of LiteRT's own around the operators, the tensors of its outputs among them, measured on a model of one element`,
  };
}
