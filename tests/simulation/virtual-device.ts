import { BaseBackend, countWork, type Graph, type Runtime } from '@nnm/core';

/** Latencies are multiples of this, so that sums and differences of the device's clock are exact and no label depends on when it was made. */
const TICK_MS = 1 / 65_536;

/** What a kernel takes on the virtual device, in milliseconds. */
export function virtualLatencyMs(graph: Graph): number {
  const { flops, bytes } = countWork(graph);
  // Uneven, as devices are: there is something to learn, and errors to sample around.
  const step = flops % 3;
  return Math.max(1, Math.round((0.02 + flops / 5e7 + bytes / 2e6 + step / 50) / TICK_MS)) * TICK_MS;
}

/** What the device's library throws when the device is gone: not nnm's own error. */
export class DeviceLost extends Error {}

/** What goes wrong with the device. */
export interface DeviceFault {
  /** Loads after which it is gone; every load and run fails from then on. */
  readonly lostAfterLoads?: number;
}

/** A device with its own clock, in the process that uses it. */
export class VirtualDevice extends BaseBackend<Record<string, never>> {
  readonly id = 'virtual';
  readonly description = 'a device that exists in the simulation only';
  readonly implement = ['tensorflow', 'torch'] as const;
  readonly modelExtension = '.sim';
  readonly settingsTemplate = '';
  loads = 0;
  private nowMs = 0;

  constructor(private readonly fault: DeviceFault = {}) {
    super();
  }

  parseSettings(): Record<string, never> {
    return {};
  }

  convert(graph: Graph): Uint8Array {
    return new TextEncoder().encode(String(virtualLatencyMs(graph)));
  }

  readonly runtime = (): Runtime => ({
    info: { runtime: 'virtual', version: '1', threads: 1, options: {} },
    now: () => this.nowMs,
    load: (bytes) => {
      this.loads++;
      this.assertThere();
      const latencyMs = Number(new TextDecoder().decode(bytes));
      return {
        run: () => {
          this.assertThere();
          this.nowMs += latencyMs;
        },
        execute: () => [],
        close: () => undefined,
      };
    },
    close: () => undefined,
  });

  private assertThere(): void {
    if (this.loads > (this.fault.lostAfterLoads ?? Number.POSITIVE_INFINITY)) throw new DeviceLost('The device does not answer.');
  }
}
