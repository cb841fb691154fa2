import { NnmError, type Registry } from '@nnm/core';

/** nnm's own backends by id, and the packages they come in: each brings a runtime, so none comes with the command line. */
export const BACKEND_PACKAGES: Readonly<Record<string, string>> = {
  tfjs_cpu: '@nnm/backend-tfjs',
  tfjs_node: '@nnm/backend-tfjs',
  tfjs_wasm: '@nnm/backend-tfjs',
  tfjs_webgl: '@nnm/backend-tfjs',
  tfjs_webgpu: '@nnm/backend-tfjs',
  tflite_cpu: '@nnm/backend-tflite',
  torch_cpu: '@nnm/backend-torch',
  ort_wasm: '@nnm/backend-torch',
  ort_webgpu: '@nnm/backend-torch',
  litert_wasm: '@nnm/backend-litert',
  litert_webgpu: '@nnm/backend-litert',
};

/** What npm installs beside the package of a backend whose runtime is left to the user because it is large. */
export const RUNTIME_PACKAGES: Readonly<Record<string, string>> = { ort_wasm: 'onnxruntime-web@1.30.0' };

/** nnm's own devices beside this machine by id, and their packages. */
export const DEVICE_PACKAGES: Readonly<Record<string, string>> = {
  adb: '@nnm/device-adb',
  browser: '@nnm/device-browser',
  ssh: '@nnm/device-ssh',
};

/** A device of nnm's own is asked for whose package is not installed. */
class DeviceNotInstalledError extends NnmError {
  constructor(details: { device: string; package: string }) {
    super({
      code: 'ERR_DEVICE_NOT_INSTALLED',
      message: `The device "${details.device}" comes with the package ${details.package}, which is not installed.`,
      hint: `Run \`nnm plugins add ${details.package}\` in your project; \`nnm create\` with --device and --install does it too.`,
      details,
    });
  }
}

/** A backend of nnm's own is asked for whose package is not installed. */
export class BackendNotInstalledError extends NnmError {
  constructor(details: { backend: string; package: string }) {
    const beside = RUNTIME_PACKAGES[details.backend];
    const then = beside === undefined ? '' : ` and \`npm install --ignore-scripts ${beside}\`, which has its runtime,`;
    super({
      code: 'ERR_BACKEND_NOT_INSTALLED',
      message: `The backend ${details.backend} comes with the package ${details.package}, which is not installed.`,
      hint: `Run \`nnm plugins add ${details.package}\`${then} in your project, or have \`nnm create <workspace> --backend ${details.backend} --install\` do it.`,
      details,
    });
  }
}

/** The same registry, which says of a backend or a device that nnm knows but does not have which package brings it. */
export function explainMissingParts(registry: Registry): Registry {
  return Object.freeze({
    ...registry,
    backend(id: string) {
      const name = Object.hasOwn(BACKEND_PACKAGES, id) ? BACKEND_PACKAGES[id] : undefined;
      const isThere = registry.backends.some(({ value }) => value.id === id);
      if (name !== undefined && !isThere) throw new BackendNotInstalledError({ backend: id, package: name });
      return registry.backend(id);
    },
    device(id: string) {
      const name = Object.hasOwn(DEVICE_PACKAGES, id) ? DEVICE_PACKAGES[id] : undefined;
      const isThere = registry.devices.some(({ value }) => value.id === id);
      if (name !== undefined && !isThere) throw new DeviceNotInstalledError({ device: id, package: name });
      return registry.device(id);
    },
  });
}
