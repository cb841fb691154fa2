import { isDeepStrictEqual } from 'node:util';
import type { Runtime } from '../../backend/index.ts';
import { NnmError } from '../../errors/index.ts';
import { GraphBuilder } from '../../graph/index.ts';
import { Rng } from '../../random/index.ts';
import { randomTensors } from '../reference/index.ts';
import type { BackendSuite } from './backend-suite.ts';
import type { ContractCase } from './contract-case.ts';
import { show, survivesJson } from './json-value.ts';
import { startRuntime, withRuntime } from './start-runtime.ts';

/** What {@link Runtime} and {@link LoadedModel} promise. */
export function runtimeCases(suite: BackendSuite): readonly ContractCase[] {
  const { backend, require } = suite;
  const graph = reluGraph();
  const modelBytes = (): Promise<Uint8Array> => Promise.resolve(backend.convert(graph, backend.implement[0]));
  const inputs = (seed: number) => randomTensors(graph, new Rng(seed));

  return [
    {
      name: 'the runtime says what it is, in values that survive JSON',
      run: () =>
        withRuntime(suite, async ({ info }) => {
          require(survivesJson(info), `has runtime information that is not the same after JSON: ${show(info)}`);
          require(info.runtime !== '' && info.version !== '', `does not name its runtime and version: ${show(info)}`);
          require(Number.isInteger(info.threads) && info.threads >= 1, `says it uses ${info.threads} threads`);
        }),
    },
    {
      name: 'run leaves no trace in execute, and outputs follow the inputs',
      run: () =>
        withRuntime(suite, async (runtime) => {
          const model = await runtime.load(await modelBytes());
          await model.run();
          const first = await model.execute(inputs(1));
          const kept = first.map(({ data }) => Float32Array.from(data));
          await model.run();
          const other = await model.execute(inputs(2));
          require(!isDeepStrictEqual(values(other), kept), 'gives the same outputs for different inputs');
          require(isDeepStrictEqual(values(first), kept), 'overwrites the outputs of an earlier execute; return copies');
          require(isDeepStrictEqual(values(await model.execute(inputs(1))), kept), 'gives different outputs for equal inputs');
          await model.close();
        }),
    },
    {
      name: 'several models live side by side and are closed on their own, twice if need be',
      run: () =>
        withRuntime(suite, async (runtime) => {
          const bytes = await modelBytes();
          const [first, second] = [await runtime.load(bytes), await runtime.load(bytes)];
          const expected = values(await second.execute(inputs(1)));
          await first.close();
          await first.close();
          require(isDeepStrictEqual(
            values(await second.execute(inputs(1))),
            expected,
          ), 'gives other outputs after another model was closed');
          await second.close();
        }),
    },
    {
      name: 'the runtime can be closed twice and started again',
      async run() {
        for (let start = 0; start < 2; start++) {
          const runtime = await startRuntime(suite);
          await (await runtime.load(await modelBytes())).close();
          await runtime.close();
          await runtime.close();
        }
      },
    },
    ...Object.entries(damagedModels()).map(([what, bytes]) => ({
      name: `refuses ${what} as a model, and goes on working`,
      run: () =>
        withRuntime(suite, async (runtime) => {
          const error = await refusal(runtime, bytes);
          require(error !== undefined, `loads ${what} as a model`);
          require(NnmError.isInstance(error), `answers ${what} with ${String(error)} instead of an NnmError such as RuntimeFailureError`);
          const model = await runtime.load(await modelBytes());
          await model.execute(inputs(1));
          await model.close();
        }),
    })),
  ];
}

function reluGraph() {
  const g = new GraphBuilder('relu', 5);
  return g.build(g.activation(g.batchNorm(g.input([1, 4, 4, 3])), 'relu'));
}

function damagedModels(): Readonly<Record<string, Uint8Array>> {
  const rng = new Rng(9);
  return {
    'no bytes': new Uint8Array(0),
    'random bytes': Uint8Array.from({ length: 4096 }, () => rng.integer(0, 255)),
    text: new TextEncoder().encode('this is not a model\n'.repeat(20)),
  };
}

async function refusal(runtime: Runtime, bytes: Uint8Array): Promise<unknown> {
  try {
    await runtime.load(bytes);
  } catch (error) {
    return error;
  }
  return undefined;
}

const values = (tensors: readonly { readonly data: Float32Array }[]): readonly Float32Array[] => tensors.map(({ data }) => data);
