import type { AnyBackend } from '../backend/index.ts';
import type { Device } from './device.ts';

/** A backend whose runtime runs on a device. */
export type PlacedBackend = AnyBackend & { readonly device: Device };

/**
 * The same backend on a device: whatever measures with it measures there. The device goes with the backend, so that nothing that forgets
 * to ask for it can measure on this machine by mistake.
 */
export function placeBackend(backend: AnyBackend, device: Device): PlacedBackend {
  return new Proxy(backend, {
    has: (target, key) => key === 'device' || Reflect.has(target, key),
    get(target, key) {
      if (key === 'device') return device;
      // Private members of the backend are found on itself only.
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' && key !== 'runtime' && key !== 'constructor' ? value.bind(target) : value;
    },
  }) as PlacedBackend;
}

/** The device of a backend; undefined when its runtime runs on this machine. */
export function deviceOf(backend: AnyBackend): Device | undefined {
  return (backend as Partial<PlacedBackend>).device;
}
