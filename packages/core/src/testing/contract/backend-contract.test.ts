import { describe, expect, it } from 'vitest';
import { InvalidSettingsError, type LoadedModel, type Runtime } from '../../backend/index.ts';
import { type Graph, GraphBuilder, type Implement, OPERATORS } from '../../graph/index.ts';
import { ReferenceBackend } from '../reference/index.ts';
import { backendContract, edgeGraphs, runContract } from './index.ts';

describe('a backend that is right', () => {
  for (const { name, run } of backendContract(new ReferenceBackend())) it(name, run);
});

describe('edge graphs', () => {
  it('have every operator', () => {
    const ops = new Set<string>(edgeGraphs().flatMap(({ graph }) => graph.ops.map(({ op }) => op)));
    expect([...ops].sort()).toEqual([...OPERATORS.keys()].sort());
  });

  it('have names of their own', () => {
    const names = edgeGraphs().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** The reference with another runtime wrapped around its own. */
function wrapped(wrap: (model: LoadedModel) => LoadedModel, runtimeToo: (runtime: Runtime) => Runtime = (runtime) => runtime) {
  return class extends ReferenceBackend {
    override readonly runtime = (): Runtime => {
      const runtime = new ReferenceBackend().runtime();
      return runtimeToo({ ...runtime, load: (bytes) => wrap(runtime.load(bytes) as LoadedModel) });
    };
  };
}

const BROKEN: Readonly<Record<string, { backend: new () => ReferenceBackend; message: RegExp }>> = {
  'puts the odd pixel on the wrong side': {
    backend: class extends ReferenceBackend {
      override convert(graph: Graph, implement: Implement) {
        return super.convert(graph, implement === 'torch' ? 'tensorflow' : 'torch');
      }
    },
    message: /computes conv2d with stride 2 on an even size \((torch|tensorflow)\) with a relative error of .* 0\.0001 is allowed/,
  },
  'forgets what batch norm subtracts': {
    backend: wrapped((model) => ({
      ...model,
      execute: async (inputs) => (await model.execute(inputs)).map(({ shape, data }) => ({ shape, data: data.map((x) => x + 0.001) })),
    })),
    message: /computes batchNorm alone/,
  },
  'gives NaN': {
    backend: wrapped((model) => ({
      ...model,
      execute: async (inputs) => (await model.execute(inputs)).map(({ shape, data }) => ({ shape, data: data.map(() => Number.NaN) })),
    })),
    message: /gives NaN or infinite outputs for conv2d of one pixel/,
  },
  'gives outputs in another layout': {
    backend: wrapped((model) => ({
      ...model,
      execute: async (inputs) => (await model.execute(inputs)).map(({ shape, data }) => ({ shape: [...shape].reverse(), data })),
    })),
    message: /gives outputs of shapes .* not \[\[1,1,1,5\]\]/,
  },
  'returns its buffers': {
    backend: wrapped((model) => {
      const buffers: Float32Array[] = [];
      const execute: LoadedModel['execute'] = async (inputs) =>
        (await model.execute(inputs)).map(({ shape, data }, index) => {
          buffers[index] ??= new Float32Array(data.length);
          buffers[index].set(data);
          return { shape, data: buffers[index] };
        });
      return { ...model, execute };
    }),
    message: /overwrites the outputs of an earlier execute/,
  },
  'names a new id in every file': {
    backend: class extends ReferenceBackend {
      private count = 0;
      override convert(graph: Graph, implement: Implement) {
        return super.convert({ ...graph, name: `model${this.count++}` }, implement);
      }
    },
    message: /converts conv2d of one pixel to different bytes/,
  },
  'cannot be closed twice': {
    backend: wrapped((model) => {
      let open = true;
      return {
        ...model,
        close: () => {
          if (!open) throw new Error('freed twice');
          open = false;
        },
      };
    }),
    message: /freed twice/,
  },
  'loads anything': {
    backend: class extends ReferenceBackend {
      override readonly runtime = (): Runtime => {
        const runtime = new ReferenceBackend().runtime();
        const g = new GraphBuilder('any');
        const any = this.convert(g.build(g.activation(g.input([1, 1]), 'relu')), 'torch');
        return { ...runtime, load: (bytes) => (bytes[0] === any[0] ? runtime.load(bytes) : runtime.load(any)) };
      };
    },
    message: /loads random bytes as a model/,
  },
  'throws what JSON.parse throws': {
    backend: class extends ReferenceBackend {
      override readonly runtime = (): Runtime => {
        const runtime = new ReferenceBackend().runtime();
        return {
          ...runtime,
          load: (bytes) => {
            JSON.parse(new TextDecoder().decode(bytes));
            return runtime.load(bytes);
          },
        };
      };
    },
    message: /answers no bytes with SyntaxError.* instead of an NnmError/,
  },
  'stops at the first wrong setting': {
    backend: class extends ReferenceBackend {
      override readonly settingsTemplate: string = 'THREADS: 1\nDELEGATE: none\n';
      override parseSettings(raw: unknown): Record<string, never> {
        if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return super.parseSettings(raw);
        const { THREADS = 1, DELEGATE = 'none', ...rest } = raw as Record<string, unknown>;
        const key = THREADS !== 1 ? 'THREADS' : DELEGATE !== 'none' ? 'DELEGATE' : Object.keys(rest)[0];
        if (key !== undefined) throw new InvalidSettingsError({ backend: 'reference', problems: [{ key, message: 'is wrong' }] });
        return {};
      }
    },
    message: /does not name DELEGATE among the problems/,
  },
  'ignores wrong settings': {
    backend: class extends ReferenceBackend {
      override parseSettings(): Record<string, never> {
        return {};
      }
    },
    message: /accepts wrong settings/,
  },
  'documents other defaults than it has': {
    backend: class extends ReferenceBackend {
      override readonly settingsTemplate: string = 'THREADS: 4\n';
      override parseSettings(raw: unknown) {
        return { threads: (raw as { THREADS?: number }).THREADS ?? 1 } as unknown as Record<string, never>;
      }
    },
    message: /has the defaults {"threads":1} but a template that says {"threads":4}/,
  },
};

describe('a broken backend', () => {
  it.each(Object.entries(BROKEN))('that %s is found out', async (_, { backend, message }) => {
    const failed = (await runContract(backendContract(new backend()))).flatMap(({ error }) => error?.message ?? []);
    expect(
      failed.some((text) => message.test(text)),
      failed.join('\n'),
    ).toBe(true);
  });

  it('may refuse only the ops it is allowed to', async () => {
    const { ConversionError } = await import('../../backend/index.ts');
    class NoShuffle extends ReferenceBackend {
      override convert(graph: Graph, implement: Implement) {
        if (graph.ops.some(({ op }) => op === 'channelShuffle'))
          throw new ConversionError({ backend: this.id, graph: graph.name, problem: 'it has no shuffle' });
        return super.convert(graph, implement);
      }
    }
    const errorsOf = async (mayRefuse: readonly 'channelShuffle'[]) =>
      (await runContract(backendContract(new NoShuffle(), { mayRefuse }))).filter(({ error }) => error).map(({ name }) => name);
    expect(await errorsOf(['channelShuffle'])).toEqual([]);
    expect(await errorsOf([])).toContain('reference: computes channelShuffle in three groups (torch)');
  });

  it('may refuse any but the basic operators by name', async () => {
    const { UnsupportedOperatorError } = await import('../../backend/index.ts');
    class Refusing extends ReferenceBackend {
      constructor(private readonly refuses: string) {
        super();
      }
      override convert(graph: Graph, implement: Implement) {
        const operator = graph.ops.find(({ op }) => op === this.refuses);
        if (operator) throw new UnsupportedOperatorError({ backend: this.id, graph: graph.name, operator: operator.op });
        return super.convert(graph, implement);
      }
    }
    const failures = async (backend: ReferenceBackend) =>
      (await runContract(backendContract(backend))).filter(({ error }) => error).map(({ name }) => name);
    expect(await failures(new Refusing('softmax'))).toEqual([]);
    const conv = await failures(new Refusing('conv2d'));
    expect(conv).toContain('reference: computes grouped conv2d (torch)');
    expect(conv).not.toContain('reference: computes conv2d, dilated (torch)');
  });

  it('says of an operator that it runs it when it does', async () => {
    class Modest extends ReferenceBackend {
      override readonly operators = { conv2d: { runs: 'native' } } as const;
    }
    const [failure] = (await runContract(backendContract(new Modest()))).flatMap(({ error }) => error?.message ?? []);
    expect(failure).toMatch(/runs \w+ but says in `operators` that it refuses it/);
  });
});
