import { describe, expect, it } from 'vitest';
import { InvalidGraphError } from '../errors/index.ts';
import { GraphBuilder, OPERATORS, type Shape, type ValueId } from './index.ts';
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
  value: [undefined, null, 'nothing', {}, []],
  number: ['3', Number.NaN, Number.POSITIVE_INFINITY, null, {}, true],
  word: ['nothing', '', 7, null, [], {}],
  flag: ['true', 0, null, {}],
  list: ['1', null, {}, ['1'], [Number.NaN], [0.5], [null], true],
  options: [null, 7, 'same', [1], true],
};

const inWords = (value: unknown): string => (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined'));

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

it('parts that nobody has are refused before they fill the memory', () => {
  for (const write of [(g: GraphBuilder, x: ValueId) => g.split(x, 1e9), (g: GraphBuilder, x: ValueId) => g.unpack(x, 2 ** 31)]) {
    const g = new GraphBuilder('parts');
    const parts = write(g, g.input([2, 4]));
    expect(() => g.build(...parts)).toThrow(/(split|unpack) needs parts to be an integer from 1 to 1000000, got \d+/);
  }
});
