import { configureBackend } from '@nnm/builder';
import { type AnyBackend, type AnyKernel, createRegistry, type Graph, Rng } from '@nnm/core';
import deviceBrowser from '@nnm/device-browser';
import { listOf } from './bench.ts';

/** A backend of this repository by id, with its default settings, on this machine or on a device. */
export async function benchBackend(id: string, device = 'here'): Promise<{ backend: AnyBackend; settings: unknown }> {
  const modules: Record<string, () => Promise<{ default: { backends?: readonly AnyBackend[] } }>> = {
    tfjs_cpu: () => import('@nnm/backend-tfjs'),
    tfjs_wasm: () => import('@nnm/backend-tfjs'),
    tflite_cpu: () => import('@nnm/backend-tflite'),
    torch_cpu: () => import('@nnm/backend-torch'),
    ort_wasm: () => import('@nnm/backend-torch'),
    litert_wasm: () => import('@nnm/backend-litert'),
  };
  const module = await modules[id]?.();
  const backend = module?.default.backends?.find((candidate) => candidate.id === id);
  if (backend === undefined) throw new Error(`There is no backend ${id} here. Known: ${Object.keys(modules).join(', ')}.`);
  return configureBackend(backend, { DEVICE: device }, createRegistry([deviceBrowser]));
}

/** A kernel of the benchmark: `graph` is not lowered yet. */
export interface BenchKernel {
  readonly id: string;
  readonly type: string;
  readonly graph: Graph;
}

/** `count` kernels drawn from their priors, all built-in types in turn or only those in `types` (comma-separated). */
export async function benchKernels(count: number, seed: number, types = ''): Promise<readonly BenchKernel[]> {
  const { default: conv } = await import('@nnm/kernels-conv');
  const { default: misc } = await import('@nnm/kernels-misc');
  const all: readonly AnyKernel[] = [...(conv.kernels ?? []), ...(misc.kernels ?? [])];
  const kernels = types === '' ? all : all.filter(({ type }) => listOf(types).includes(type));
  const each = Math.ceil(count / kernels.length);
  const perKernel = kernels.map((kernel) =>
    kernel.sampler.priorConfigSampling(each, { rng: new Rng(seed).fork(kernel.type) }).map((config, index) => ({
      id: `${kernel.type}#${index}`,
      type: kernel.type,
      graph: new kernel.block(config).getModel(),
    })),
  );
  return Array.from({ length: each }, (_, index) => perKernel.flatMap((list) => list[index] ?? []))
    .flat()
    .slice(0, count);
}
