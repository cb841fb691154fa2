import type { AnyBackend, AnyKernel, OperatorRun, OperatorSupport } from '@nnm/core';
import { blockGraph, Rng } from '@nnm/core';

/** An operator of a kernel and how each backend that says so runs it. */
export interface KernelOperator {
  readonly operator: string;
  readonly runs: Readonly<Record<string, OperatorRun>>;
}

/** How many operators a backend runs in which way: `31 delegated, 20 reference kernel`; undefined when it does not say. */
export function summariseRuns(operators: Readonly<Record<string, OperatorSupport>> | undefined): string | undefined {
  if (operators === undefined) return undefined;
  const counts = new Map<OperatorRun, number>();
  for (const { runs } of Object.values(operators)) counts.set(runs, (counts.get(runs) ?? 0) + 1);
  return [...counts].map(([runs, count]) => `${count} ${runs}`).join(', ');
}

/** The operators of a kernel, as one of its samples has them, in the order they run, and how backends run them. */
export function kernelOperators(kernel: AnyKernel, backends: readonly AnyBackend[]): readonly KernelOperator[] {
  const [config] = kernel.sampler.priorConfigSampling(1, { rng: new Rng(0) });
  if (config === undefined) return [];
  const names = new Set(
    blockGraph(new kernel.block(config, 1))
      .ops.map(({ op }) => op)
      .filter((op) => op !== 'constant'),
  );
  const saying = backends.filter(({ operators }) => operators !== undefined);
  return [...names].map((operator) => ({
    operator,
    runs: Object.fromEntries(saying.map(({ id, operators }) => [id, operators?.[operator]?.runs ?? 'refused'])),
  }));
}
