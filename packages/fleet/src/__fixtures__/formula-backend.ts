import { setTimeout as sleep } from 'node:timers/promises';
import { BaseBackend, type Graph, type Runtime } from '@nnm/core';
import type { ProfileJob } from '@nnm/profiler';

/** A model of the {@link FormulaBackend}. */
export interface FormulaModel {
  /** One inference, a multiple of 1/1024 ms: sums of such times are exact, so a latency is the same wherever and whenever it is measured. */
  readonly ms: number;
  /** Real milliseconds that loading it takes: what a kernel costs a device that waits rather than works. */
  readonly waitMs?: number;
  /** Loading it ends the process. */
  readonly kills?: true;
}

/** A backend whose clock advances by a formula. */
export class FormulaBackend extends BaseBackend<Record<string, unknown>> {
  readonly id = 'formula';
  readonly description = 'a device that is a formula';
  readonly implement = ['tensorflow'] as const;
  readonly modelExtension = '.json';
  readonly settingsTemplate = '';

  /** @param factor - how much slower than the formula it is */
  constructor(
    public version = '1',
    private readonly factor = 1,
  ) {
    super();
  }

  parseSettings(raw: Record<string, unknown>): Record<string, unknown> {
    return raw;
  }

  convert(graph: Graph): Uint8Array {
    return formulaModel({ ms: graph.ops.length / 16 });
  }

  readonly runtime = (): Runtime => {
    let clockMs = 0;
    return {
      info: { runtime: 'Formula', version: this.version, threads: 1, options: {} },
      now: () => clockMs,
      load: async (bytes) => {
        const { ms, waitMs = 0, kills } = JSON.parse(new TextDecoder().decode(bytes)) as FormulaModel;
        if (kills) process.kill(process.pid, 'SIGKILL');
        if (waitMs > 0) await sleep(waitMs);
        return {
          run: () => {
            clockMs += ms * this.factor;
          },
          execute: () => [],
          close: () => undefined,
        };
      },
      close: () => undefined,
    };
  };
}

/** The bytes of a model. */
export function formulaModel(model: FormulaModel): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(model));
}

/** Jobs `k1`, `k2`, … of which each takes longer than the one before. */
export function formulaJobs(count: number, change: (index: number) => Partial<FormulaModel> = () => ({})): ProfileJob[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `k${index + 1}`,
    hash: `h${index + 1}`,
    model: () => formulaModel({ ms: (index + 1) / 64, ...change(index) }),
  }));
}

/** The reference of the backend. */
export const formulaReference = (): Uint8Array => formulaModel({ ms: 1 / 16 });
