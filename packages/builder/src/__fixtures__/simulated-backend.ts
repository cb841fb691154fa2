import { BaseBackend, ConversionError, countWork, type Graph, type Runtime } from '@nnm/core';

/** What the simulated device takes, in milliseconds: a launch cost and a rate that falls with the number of bytes. */
export function simulatedLatencyMs(graph: Graph): number {
  const { flops, bytes } = countWork(graph);
  return 0.05 + flops / 5e7 + bytes / 2e6;
}

/** A backend whose clock advances by a formula instead of by working: exact, and the whole pipeline runs in seconds. */
export class SimulatedBackend extends BaseBackend<Record<string, never>> {
  readonly id = 'simulated';
  readonly description = 'a device that is a formula';
  readonly implement = ['tensorflow', 'torch'] as const;
  readonly modelExtension = '.sim';
  readonly settingsTemplate = '';
  /** Every graph that was loaded, in order; the contention gate's reference among them. */
  readonly loaded: string[] = [];
  private clockMs = 0;

  /**
   * @param refuses - graphs the conversion fails for
   * @param latencyMsOf - the formula
   */
  constructor(
    private readonly refuses: (graph: Graph) => boolean = () => false,
    private readonly latencyMsOf: (graph: Graph) => number = simulatedLatencyMs,
  ) {
    super();
  }

  parseSettings(): Record<string, never> {
    return {};
  }

  convert(graph: Graph): Uint8Array {
    if (this.refuses(graph)) throw new ConversionError({ backend: this.id, graph: graph.name, problem: 'the device has no such unit' });
    return new TextEncoder().encode(JSON.stringify(graph));
  }

  readonly runtime = (): Runtime => ({
    info: { runtime: 'simulation', version: '1', threads: 1, options: {} },
    now: () => this.clockMs,
    load: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const latencyMs = this.latencyMsOf(JSON.parse(text) as Graph);
      this.loaded.push(text);
      return {
        run: () => {
          this.clockMs += latencyMs;
        },
        execute: () => [],
        close: () => undefined,
      };
    },
    close: () => undefined,
  });
}
