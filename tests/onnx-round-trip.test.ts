import { torchCpu } from '@nnm/backend-torch';
import { countMultiplyAdds, type Graph, OPERATORS } from '@nnm/core';
import { bytesSource, type LiftedModel, liftModel, readOnnx } from '@nnm/model';
import { network, networkNames } from '@nnm/zoo';
import { describe, expect, it } from 'vitest';

/** A graph as the torch backend writes it, read again. */
const roundTrip = (graph: Graph): LiftedModel =>
  liftModel(readOnnx(bytesSource(torchCpu.convert(graph, 'torch')), { name: `${graph.name}.onnx` }));

const multiplyAdds = ({ ops }: LiftedModel): number =>
  ops.reduce((sum, lifted) => {
    if (lifted.gap !== undefined) return sum;
    return sum + (OPERATORS.get(lifted.op.op)?.multiplyAdds?.(lifted.op, lifted.inputShapes, lifted.outputShapes) ?? 0);
  }, 0);

const gaps = ({ ops }: LiftedModel): readonly string[] => ops.flatMap(({ gap }) => gap ?? []);

describe('a network of the zoo, written as ONNX and read again', () => {
  it.each(networkNames.map((name) => [name]))('%s', (name) => {
    const graph = network(name);
    const lifted = roundTrip(graph);
    expect(gaps(lifted)).toEqual([]);
    expect(multiplyAdds(lifted)).toBe(countMultiplyAdds(graph));
  });
});
