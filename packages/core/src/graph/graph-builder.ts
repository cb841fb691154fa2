import { POSITIVE_INPUT } from '../backend/input-noise.ts';
import { InvalidGraphError } from '../errors/index.ts';
import { checkArguments } from './check-arguments.ts';
import { inferShapes } from './infer-shapes.ts';
import { OpList } from './op-list.ts';
import { OPERATORS, type OperatorMethods } from './operators.ts';
import { readOps } from './read-ops.ts';
import { show } from './show-value.ts';
import type { Graph, GraphInput, Op, Shape, ValueId } from './types.ts';
import { UNSUPPORTED_OPERATORS } from './unsupported-operators.ts';

/** Options of {@link GraphBuilder.input}. */
export interface InputOptions {
  /** Type of its elements: only `float32`, the default, for now. */
  readonly dtype?: 'float32';
  /** True for one that is timed with positive numbers, as the logarithm and roots need them; default false. Its name says so. */
  readonly positive?: boolean;
}

/** {@link GraphBuilder} without the types of its operators' methods, which it is given from their own files. */
class BaseGraphBuilder {
  private readonly inputs: GraphInput[] = [];
  private readonly list = new OpList();

  static {
    for (const { methods, lastArgument } of OPERATORS.values()) {
      for (const [name, method] of Object.entries<(list: OpList, ...args: unknown[]) => unknown>(methods)) {
        Object.defineProperty(BaseGraphBuilder.prototype, name, {
          value(this: BaseGraphBuilder, ...args: unknown[]) {
            const problem = checkArguments(name, args, method.length - 1, lastArgument);
            if (problem !== undefined) this.list.problems.push(problem);
            return method(this.list, ...(problem === undefined ? args : args.slice(0, method.length - 1)));
          },
        });
      }
    }
    for (const op of Object.keys(UNSUPPORTED_OPERATORS)) {
      Object.defineProperty(BaseGraphBuilder.prototype, op, {
        value(this: BaseGraphBuilder, ...inputs: ValueId[]) {
          return this.list.add({ op, inputs: inputs.filter((input) => typeof input === 'string') });
        },
      });
    }
  }

  /**
   * @param name - shown in errors and stored in model files
   * @param seed - seed of the weights, an unsigned 32-bit integer
   */
  constructor(
    readonly name: string,
    readonly seed: number = 0,
  ) {}

  /** @param shape - 1 to 5 sizes, such as `[n, h, w, c]` or `[n, c]` */
  input(shape: Shape, options: InputOptions = {}): ValueId {
    const problem = checkArguments('input', [shape, options], 1, 'options');
    if (problem !== undefined) this.list.problems.push(problem);
    const { dtype = 'float32', positive = false, ...unknown } = problem === undefined ? options : {};
    if (typeof positive !== 'boolean') this.list.problems.push(`input needs positive to be true or false, got ${show(positive)}`);
    const id = `${positive ? POSITIVE_INPUT : 'input'}${this.inputs.length}`;
    this.inputs.push({ id, shape: Array.isArray(shape) ? [...shape] : shape, ...(dtype !== 'float32' && { dtype }), ...unknown });
    return id;
  }

  /**
   * The finished graph, checked.
   *
   * @throws {@link InvalidGraphError} naming the op that is wrong
   */
  build(...outputs: readonly ValueId[]): Graph {
    const graph: Graph = {
      schemaVersion: 1,
      name: this.name,
      seed: this.seed >>> 0,
      inputs: [...this.inputs],
      ops: [...this.list.ops] as readonly unknown[] as readonly Op[],
      outputs: [...outputs],
    };
    const problems = [...this.list.problems, ...this.ownProblems(), ...outputProblems(outputs)];
    if (problems.length > 0) throw new InvalidGraphError({ graph: this.name, problem: problems.join(', and ') });
    inferShapes(graph);
    const read = new Set(readOps(graph));
    const idle = graph.ops.find((op) => !read.has(op));
    if (idle === undefined) return graph;
    const problem = `${idle.op} "${idle.outputs.join(', ')}" reaches no output of the graph; leave it out, or build with what it makes`;
    throw new InvalidGraphError({ graph: this.name, problem });
  }

  private ownProblems(): readonly string[] {
    const isName = typeof this.name === 'string' && this.name !== '';
    const isSeed = Number.isInteger(this.seed) && this.seed >= -(2 ** 31) && this.seed < 2 ** 32;
    return [
      ...(isName ? [] : [`the builder needs a name, got ${show(this.name)}`]),
      ...(isSeed ? [] : [`the builder needs its seed to be a 32-bit integer, got ${show(this.seed)}`]),
    ];
  }
}

const outputProblems = (outputs: readonly unknown[]): readonly string[] =>
  outputs.filter(Array.isArray).map((list) => `build takes outputs one by one, as in build(...parts), got ${show(list)}`);

const WithOperators = BaseGraphBuilder as new (name: string, seed?: number) => BaseGraphBuilder & OperatorMethods;

/**
 * Writes a {@link Graph} op by op; every method returns the name of the value it makes. Mistakes are reported by `build`.
 *
 * @example
 * const g = new GraphBuilder('conv-bn-relu');
 * const x = g.input([1, 56, 56, 64]);
 * const graph = g.build(g.activation(g.batchNorm(g.conv2d(x, 128, { kernelSize: 3 })), 'relu'));
 */
export class GraphBuilder extends WithOperators {}
