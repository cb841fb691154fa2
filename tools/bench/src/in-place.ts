import { type Graph, type LoadedModel, median, type ProfiledPart } from '@nnm/core';
import { type DetectedKernel, exactParts, type LiftedModel, modelValues, partGraph } from '@nnm/model';

/** What the kernels of a network take where they run, in milliseconds. */
export interface InPlace {
  /** By position in the list of kernels. */
  readonly kernels: readonly number[];
  /** What is no kernel, by what it is: changes of layout. */
  readonly others: ReadonlyMap<string, number>;
}

/** What a runtime's own profile says, counted to kernels. */
export function profiledInPlace(lifted: LiftedModel, kernels: readonly DetectedKernel[], profile: readonly ProfiledPart[]): InPlace {
  const kernelOf = new Map(kernels.flatMap(({ ops }, index) => ops.map((op) => [op, index] as const)));
  const latencies = kernels.map(() => 0);
  const others = new Map<string, number>();
  const addOther = (name: string, ms: number) => others.set(name, (others.get(name) ?? 0) + ms);
  // The product of a dense layer has a value that only the file knows: it counts to what runs next.
  let carriedMs = 0;
  for (const part of profile) {
    const [op] = exactParts(lifted, [part])[0] ?? [];
    const kernel = op === undefined ? undefined : kernelOf.get(op);
    if (part.reorders !== undefined) {
      addOther(part.operators[0] === 'ReorderInput' ? 'reorder to blocked' : 'reorder to plain', part.latencyMs);
    } else if (kernel === undefined) carriedMs += part.latencyMs;
    else {
      latencies[kernel]! += part.latencyMs + carriedMs;
      carriedMs = 0;
    }
  }
  if (carriedMs > 0) addOther('other', carriedMs);
  return { kernels: latencies, others };
}

/**
 * For a runtime without a profile: the network up to and with a kernel, less the network up to it. Both run in turn; median over rounds.
 * The first kernel holds what a call costs.
 */
export async function timedInPlace(
  lifted: LiftedModel,
  kernels: readonly DetectedKernel[],
  load: (graph: Graph) => Promise<LoadedModel>,
  rounds: number,
): Promise<InPlace> {
  const values = modelValues(lifted);
  const latencies: number[] = [];
  const ops: number[] = [];
  let before: LoadedModel | undefined;
  for (const kernel of kernels) {
    ops.push(...kernel.ops);
    const withIt = await load(
      partGraph(
        lifted,
        ops.toSorted((a, b) => a - b),
        values,
      ),
    );
    await runOnce(withIt);
    const differences: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const without = before === undefined ? 0 : await runOnce(before);
      differences.push((await runOnce(withIt)) - without);
    }
    latencies.push(median(differences));
    await before?.close();
    before = withIt;
  }
  await before?.close();
  return { kernels: latencies, others: new Map() };
}

async function runOnce(model: LoadedModel): Promise<number> {
  const from = performance.now();
  await model.run();
  return performance.now() - from;
}
