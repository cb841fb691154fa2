import type { Dialect } from '../tensorflow/dialect.ts';
import { graphMovementRules, graphRules } from './graph-rules.ts';
import { layerRules } from './layer-rules.ts';

/** Operators and layers of TensorFlow.js: a model has the ones or the others, and a layer says that it is one. */
export const TFJS: Dialect = {
  rules: { ...graphRules, ...Object.fromEntries(Object.entries(layerRules).map(([name, rule]) => [`layer::${name}`, rule])) },
  moves: new Set(Object.keys(graphMovementRules)),
  indices: new Set(['ArgMax']),
  lookups: { GatherV2: 1 },
  sameShape: new Set('Cast Ceil Cos Cumsum Floor LogicalNot Round Sign Sin ZerosLike Reverse ReverseV2'.split(' ')),
  reasons: {
    While: 'runs as often as data say, so it has no one latency',
    StatelessWhile: 'runs as often as data say, so it has no one latency',
    If: 'runs one of two graphs, depending on data, so it has no one latency',
    StatelessIf: 'runs one of two graphs, depending on data, so it has no one latency',
  },
};
