import { RuntimeUnavailableError } from '@nnm/core';

/** A GPU that a page has got hold of. */
export interface GpuHandle {
  readonly device: GPUDevice;
  /** What it calls itself. */
  readonly name: string;
  /** True when it is a program on the CPU that computes what a GPU would. */
  readonly isSoftware: boolean;
  /** Why it is gone, once it is. */
  readonly lost: () => string | undefined;
}

/**
 * The GPU of this browser.
 *
 * @throws {@link RuntimeUnavailableError} when the browser has no WebGPU, or no adapter
 */
export async function requestGpu(backend: string): Promise<GpuHandle> {
  const fail = (reason: string, hint: string): never => {
    throw new RuntimeUnavailableError({ backend, reason, hint });
  };
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (gpu === undefined) {
    return fail(
      'this browser has no WebGPU here',
      'Use Chrome or Edge 113, Firefox 141, Safari 26 or newer, and http://localhost or https.',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    return fail('this browser has WebGPU but no adapter', 'See chrome://gpu for the reason: often a driver that is blocked, or a switch.');
  }
  const { limits, features, info } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: (['shader-f16', 'subgroups'] as GPUFeatureName[]).filter((name) => features.has(name)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      maxTextureDimension2D: limits.maxTextureDimension2D,
    },
  });
  let lost: string | undefined;
  void device.lost.then(({ message, reason }) => {
    lost = `the GPU device was lost (${message || reason})`;
  });
  const name = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
  const isSoftware = Boolean((info as { isFallbackAdapter?: boolean }).isFallbackAdapter) || /swiftshader|llvmpipe|software/i.test(name);
  return { device, name, isSoftware, lost: () => lost };
}
