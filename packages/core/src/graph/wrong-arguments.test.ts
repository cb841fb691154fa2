import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidGraphError } from '../errors/index.ts';
import { type Graph, GraphBuilder, inferShapes, OPERATORS, type Shape, type ValueId, weightShapes } from './index.ts';
import type { AnyOperator } from './operator.ts';

/** Any method, as plain JavaScript sees it. */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript would refuse is the point
type Call = (...args: any[]) => any;
type Args = readonly unknown[];

/** A builder whose methods get other arguments than they are called with. */
class ChangingBuilder extends GraphBuilder {
  static around(operator: AnyOperator, change: (method: string, args: Args) => Args): ChangingBuilder {
    const g = new ChangingBuilder('wrong');
    for (const method of Object.keys(operator.methods)) {
      const call = (g as unknown as Readonly<Record<string, Call>>)[method]!.bind(g);
      Object.defineProperty(g, method, { value: (...args: unknown[]) => call(...change(method, args)) });
    }
    return g;
  }

  positive(shape: Shape): ValueId {
    return this.activation(this.input(shape), 'sigmoid');
  }
}

/** A call that is right, in one of the operator's awkward corners, and what `build` says when it is changed. */
interface RightCall {
  readonly method: string;
  readonly args: Args;
  said(change: (args: Args) => Args): unknown;
}

/** Of operators without corners of their own. */
const PLAIN: Readonly<Record<string, Call>> = {
  channelShuffle: (g: GraphBuilder) => g.channelShuffle(g.input([2, 3, 3, 4]), 2),
  flatten: (g: GraphBuilder) => g.flatten(g.input([2, 3, 3, 4])),
  globalAvgPool: (g: GraphBuilder) => g.globalAvgPool(g.input([2, 3, 3, 4]), true),
};

function rightCalls(operator: AnyOperator): readonly RightCall[] {
  const edges = Object.values(operator.edges as Readonly<Record<string, Call>>);
  return (edges.length > 0 ? edges : [PLAIN[operator.op]!]).flatMap((write) => {
    const calls: RightCall[] = [];
    write(
      ChangingBuilder.around(operator, (method, args) => {
        const said: RightCall['said'] = (change) => {
          const g = ChangingBuilder.around(operator, (called, given) => (called === method ? change(given) : given));
          const outputs = [write(g)].flat();
          try {
            return g.build(...(outputs.length === 0 ? ['none'] : outputs));
          } catch (error) {
            return error;
          }
        };
        calls.push({ method, args, said });
        return args;
      }),
    );
    return calls.slice(0, 1);
  });
}

type Kind = 'value' | 'number' | 'word' | 'flag' | 'list' | 'options';

function kindOf(argument: unknown): Kind {
  if (Array.isArray(argument)) return 'list';
  if (typeof argument === 'object') return 'options';
  if (typeof argument === 'string') return /\d$/.test(argument) ? 'value' : 'word';
  return typeof argument === 'boolean' ? 'flag' : 'number';
}

/** What is wrong wherever something of a kind belongs. */
const WRONG: Readonly<Record<Kind, Args>> = {
  value: [undefined, null, 'nothing', {}, [], new Map(), 3n],
  number: ['3', Number.NaN, Number.POSITIVE_INFINITY, 1e300, 3n, null, {}, true],
  word: ['nothing', '', 7, null, [], {}, 7n],
  flag: ['true', 0, null, {}, 1n],
  list: ['1', null, {}, ['1'], [Number.NaN], [0.5], [null], [2 ** 53], [1n], Array(4), true],
  options: [null, 7, 'same', [1], true, 7n],
};

const inWords = (value: unknown): string => inspect(value, { breakLength: Number.POSITIVE_INFINITY });

/** An argument with one of its numbers replaced, once for each, by where it stands. */
function withNumber(argument: unknown, replacement: number, place: string): readonly (readonly [place: string, argument: unknown])[] {
  if (typeof argument === 'number') return [[place, replacement]];
  if (typeof argument !== 'object' || argument === null) return [];
  return Object.entries(argument).flatMap(([key, part]) =>
    withNumber(part, replacement, Array.isArray(argument) ? place : key).map(([at, changed]): readonly [string, unknown] => [
      at,
      Array.isArray(argument) ? argument.with(Number(key), changed) : { ...argument, [key]: changed },
    ]),
  );
}

/** What an operator takes that is no size: numbers of float32. */
const FLOATS = /^(alpha|beta|center|epsilon|max|min|spread|value)$/;

describe.each([...OPERATORS])('%s', (op, operator) => {
  const calls = rightCalls(operator);

  const expectRefused = (said: unknown, what: string, ...parts: readonly string[]): void => {
    expect(said, what).toBeInstanceOf(InvalidGraphError);
    // A number stands for a constant, which then is what is wrong.
    for (const part of parts) expect((said as Error).message, what).toContain(part);
    expect((said as Error).message, what).toMatch(new RegExp(`\\b(${[op, ...Object.keys(operator.methods)].join('|')}|constant ")`));
    expect((said as Error).message, what).not.toContain('[object');
  };

  it('refuses arguments of another kind by its name', () => {
    for (const { method, args, said } of calls) {
      args.forEach((argument, index) => {
        for (const wrong of WRONG[kindOf(argument)]) {
          const change = (given: Args): Args => given.map((own, at) => (at === index ? wrong : own));
          expectRefused(said(change), `${method} with argument ${index} ${inWords(wrong)}`);
        }
      });
      expectRefused(
        said((given) => [...given, {}, {}]),
        `${method} with arguments too many`,
        'argument',
      );
      expectRefused(
        said(() => []),
        `${method} without arguments`,
      );
    }
  });

  it('refuses options of another kind, and unknown ones, by their names', () => {
    const { lastArgument } = operator;
    for (const { method, args, said } of calls) {
      const options = args.findIndex((argument) => kindOf(argument) === 'options');
      const withOptions =
        (more: object) =>
        (given: Args): Args =>
          options === -1 ? [...given, more] : given.map((own, at) => (at === options ? { ...(own as object), ...more } : own));
      if (lastArgument === 'options') {
        expectRefused(said(withOptions({ colour: 1 })), `${method} with an unknown option`, 'has no option "colour"; it has ');
      }
      for (const [name, right] of Object.entries(options === -1 ? {} : (args[options] as object))) {
        for (const wrong of kindOf(right) === 'options' ? [null, 7, 'nothing', [1], {}] : WRONG[kindOf(right)]) {
          expectRefused(said(withOptions({ [name]: wrong })), `${method} with ${name} ${inWords(wrong)}`, name);
        }
        const misspelt = name.length > 3 ? `${name.slice(0, -1)}${name.at(-1) === 's' ? '' : 'z'}` : undefined;
        if (misspelt === undefined) continue;
        expectRefused(
          said(withOptions({ [misspelt]: right })),
          `${method} with ${misspelt}`,
          `has no option "${misspelt}" (did you mean "`,
        );
      }
    }
  });

  it('refuses a value of another number of axes than it takes, or takes any', () => {
    for (const shape of [[4], [2, 4], [2, 4, 4], [2, 4, 4, 4], [2, 4, 4, 4, 4]]) {
      for (const { args, said } of calls) {
        const outcome = said((given) => given);
        expect(outcome, `${op} ${inWords(args)}`).not.toBeInstanceOf(Error);
        const g = new ChangingBuilder('rank');
        const x = g.input(shape);
        const call = (g as unknown as Readonly<Record<string, Call>>)[calls[0]!.method]!.bind(g);
        const given = args.map((argument) =>
          kindOf(argument) === 'value' ? x : kindOf(argument) === 'list' && kindOf((argument as Args)[0]) === 'value' ? [x, x] : argument,
        );
        try {
          g.build(...[call(...given)].flat());
        } catch (error) {
          expectRefused(error, `${op} of [${shape}]`);
        }
      }
    }
  });
});

describe.each([...OPERATORS])('%s', (op, operator) => {
  /** Where a number may stand, in any of the operator's corners, without an error. */
  const acceptedPlaces = (replacement: number): readonly string[] => {
    const accepted = rightCalls(operator).flatMap(({ args, said }) =>
      args.flatMap((argument, index) =>
        withNumber(argument, replacement, typeof argument === 'number' ? 'value' : `argument ${index}`).flatMap(([place, changed]) => {
          const outcome = said((given) => given.with(index, changed));
          if (outcome instanceof InvalidGraphError) return [];
          expect(outcome, `${op} with ${place} ${replacement}`).not.toBeInstanceOf(Error);
          const graph = outcome as Graph;
          const shapes = inferShapes(graph);
          const constants = graph.ops.flatMap((one) => Object.values(weightShapes(one, shapes)));
          for (const shape of [...shapes.values(), ...constants]) expect(4 * shape.reduce((a, b) => a * b, 1)).toBeLessThan(2 ** 31);
          return [place];
        }),
      ),
    );
    return [...new Set(accepted)].filter((place) => !FLOATS.test(place)).sort();
  };

  it('has no size beyond what a tensor can have', () => {
    // The distance of windows is no size: one larger than the image gives one window.
    const isWindow = ['avgPool', 'conv2d', 'depthwiseConv2d', 'maxPool'].includes(op);
    expect(acceptedPlaces(1e9)).toEqual(isWindow ? ['strides'] : op === 'stridedSlice' ? ['argument 3'] : []);
  });

  it('has no whole number that a file cannot hold', () => {
    expect(acceptedPlaces(2 ** 53)).toEqual([]);
  });

  it('has no fraction where a whole number belongs', () => {
    expect(acceptedPlaces(2.5)).toEqual([]);
  });
});

it('parts that nobody has are refused before they fill the memory', () => {
  for (const write of [(g: GraphBuilder, x: ValueId) => g.split(x, 1e9), (g: GraphBuilder, x: ValueId) => g.unpack(x, 2 ** 31)]) {
    const g = new GraphBuilder('parts');
    const parts = write(g, g.input([2, 4]));
    expect(() => g.build(...parts)).toThrow(/(split|unpack) needs parts to be an integer from 1 to 1000000, got \d+/);
  }
});
