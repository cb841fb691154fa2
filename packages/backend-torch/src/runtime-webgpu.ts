import { GraphBuilder, type RuntimeFactory, RuntimeUnavailableError } from '@nnm/core';
import { lowerGraph } from './lowering/lower-graph.ts';
import { INSTALL_HINT } from './native/find-library.ts';
import { switchTelemetryOff } from './native/telemetry.ts';
import { createGpuRuntime } from './web/gpu-runtime.ts';
import type { WebSettings } from './web/web-settings.ts';

const BACKEND = 'ort_webgpu';

/**
 * Start ONNX Runtime's WebGPU in this process.
 *
 * @throws {@link RuntimeUnavailableError} when onnxruntime-node is not installed, has no WebGPU for this platform, or finds no adapter
 */
const start: RuntimeFactory<WebSettings> = async (settings) => {
  switchTelemetryOff(BACKEND);
  const ort = await import('onnxruntime-node').catch((cause: unknown) => {
    const reason = `onnxruntime-node cannot be loaded (${String(cause)})`;
    throw new RuntimeUnavailableError({ backend: BACKEND, reason, hint: INSTALL_HINT }, { cause });
  });
  const driver = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES ?? '';
  const software = /swiftshader|lvp|llvmpipe/i.test(driver);
  const runtime = createGpuRuntime(BACKEND, ort, settings, {
    runtime: 'ONNX Runtime',
    version: ort.env.versions.node ?? 'unknown',
    threads: 1,
    options: { provider: 'webgpu', graphOptimization: settings.GRAPH_OPTIMIZATION, adapter: driver === '' ? 'default' : driver, software },
    timing: `by this process's clock, until the outputs are back in its memory: a run includes bringing inputs to the GPU and outputs from there; the GPU's timestamps are not used.${software ? ' This adapter is software: its answers are right, its times are those of a CPU.' : ''}`,
  });
  const g = new GraphBuilder('relu');
  try {
    await (await runtime.load(lowerGraph(g.build(g.activation(g.input([1, 1]), 'relu'))))).close();
  } catch (cause) {
    const found = /Failed to get a WebGPU adapter[^\n]*|not supported|not found/i.exec(String(cause))?.[0] ?? String(cause);
    const hint =
      'It needs a GPU with a driver for Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS). In software: VK_ICD_FILENAMES naming the vk_swiftshader_icd.json of a Chromium, whose folder LD_LIBRARY_PATH names. Or set DEVICE: browser.';
    throw new RuntimeUnavailableError({ backend: BACKEND, reason: `it finds no GPU (${found.trim()})`, hint }, { cause });
  }
  return runtime;
};

export default start;
