/// <reference types="@webgpu/types" />
import { GraphBuilder, type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { lowerGraph } from '../lowering/lower-graph.ts';
import type { Ort } from '../native/javascript-ports.ts';
import type { BoundPort } from '../native/ports.ts';
import { createGpuRuntime, type GpuMemory } from '../web/gpu-runtime.ts';
import type { WebSettings } from '../web/web-settings.ts';
import { engineOf, importFrom, versionAt } from './page.ts';

const BACKEND = 'ort_webgpu';
const FOLDER = new URL('./ort/', import.meta.url);

/** What is used of onnxruntime-web beyond what all packages have. */
interface OrtWeb extends Ort {
  readonly env: {
    logLevel: string;
    readonly wasm: { numThreads: number; wasmPaths: string };
    readonly webgpu: { adapter?: GPUAdapter; readonly device: Promise<GPUDevice> };
  };
}

/**
 * Start ONNX Runtime's WebGPU in a worker of a page, which is served the builds of onnxruntime-web in the folder `ort` beside this module.
 * Inputs and outputs stay on the GPU.
 *
 * @throws {@link RuntimeUnavailableError} when there is no adapter, or a file is missing or blocked
 */
const start: RuntimeFactory<WebSettings> = async (settings) => {
  const adapter = await requestAdapter();
  const file = new URL('ort.webgpu.min.mjs', FOLDER);
  const ort = await importFrom<OrtWeb>(BACKEND, file);
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = settings.THREADS;
  ort.env.wasm.wasmPaths = FOLDER.href;
  ort.env.webgpu.adapter = adapter;
  const name = [adapter.info.vendor, adapter.info.architecture, adapter.info.device, adapter.info.description].filter(Boolean).join(' ');
  const software =
    Boolean((adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter) || /swiftshader|llvmpipe|software/i.test(name);
  const info = {
    runtime: 'ONNX Runtime Web',
    version: await versionAt(BACKEND, file),
    threads: settings.THREADS,
    options: {
      provider: 'webgpu',
      graphOptimization: settings.GRAPH_OPTIMIZATION,
      engine: engineOf(navigator.userAgent),
      adapter: name,
      software,
    },
    timing: `by the clock of the page: a run is over when the GPU's queue is empty again, so it includes handing the work over; the GPU's timestamps are not used.${software ? ' This adapter is software: its answers are right, its times are those of a CPU.' : ''}`,
  };
  const runtime = createGpuRuntime(BACKEND, ort, settings, info, gpuMemory(ort));
  // ONNX Runtime gives its device up with its last session: this one stays until the runtime is closed.
  const g = new GraphBuilder('relu');
  await runtime.load(lowerGraph(g.build(g.activation(g.input([1, 1]), 'relu'))));
  return runtime;
};

export default start;

async function requestAdapter(): Promise<GPUAdapter> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  const fail = (reason: string, hint: string): never => {
    throw new RuntimeUnavailableError({ backend: BACKEND, reason, hint });
  };
  if (gpu === undefined) {
    return fail(
      'this browser has no WebGPU here',
      'Use Chrome or Edge 113, Firefox 141, Safari 26 or newer, and http://localhost or https.',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return (
    adapter ??
    fail('this browser has WebGPU but no adapter', 'See chrome://gpu for the reason: often a driver that is blocked, or a switch.')
  );
}

/** Memory on the device that ONNX Runtime makes with its first session. */
function gpuMemory(ort: OrtWeb): GpuMemory {
  let device: GPUDevice | undefined;
  let lost: string | undefined;
  // It is there once a session is, and a model is loaded before its inputs are put there.
  const deviceNow = async (): Promise<GPUDevice> => {
    if (device === undefined) {
      device = await ort.env.webgpu.device;
      void device.lost.then(({ message, reason }) => {
        lost = `the GPU device was lost (${message || reason})`;
      });
    }
    return device;
  };
  return {
    prepare: async () => void (await deviceNow()),
    upload({ bytes, type, shape }: BoundPort): OrtTensor {
      const target = device as GPUDevice;
      const size = Math.max(16, (bytes.length + 15) & ~15);
      const buffer = target.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | GPUBufferUsage.STORAGE });
      const padded = new Uint8Array(size);
      padded.set(bytes);
      target.queue.writeBuffer(buffer, 0, padded);
      return ort.Tensor.fromGpuBuffer(buffer as never, {
        dataType: type.name as 'float32',
        dims: shape,
        dispose: () => buffer.destroy(),
      });
    },
    drain: async () => (await deviceNow()).queue.onSubmittedWorkDone(),
    lost: () => lost,
  };
}
