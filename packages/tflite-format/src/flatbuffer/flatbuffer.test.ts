import { GraphBuilder } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { lowerGraph } from '../lowering/lower-graph.ts';
import { readModel } from './read.ts';
import { BuiltinOperator } from './schema.ts';
import type { LazyBytes } from './table.ts';
import { writeModel } from './write.ts';

function kernel() {
  const g = new GraphBuilder('kernel', 5);
  const y = g.activation(g.batchNorm(g.conv2d(g.input([1, 8, 8, 3]), 7, { kernelSize: 3, strides: 2 })), 'hswish');
  return lowerGraph(g.build(g.dense(g.globalAvgPool(y), 3), y));
}

function bytesOf(data: Uint8Array | LazyBytes): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const bytes = new Uint8Array(data.length);
  data.write(bytes);
  return bytes;
}

describe('.tflite files', () => {
  it('read back as what was written', () => {
    const model = kernel();
    const made = { ...model, buffers: model.buffers.map(({ data }) => (data ? { data: bytesOf(data) } : {})) };
    expect(readModel(writeModel(model))).toEqual(made);
  });

  it('are equal for equal models', () => {
    expect(writeModel(kernel())).toEqual(writeModel(kernel()));
  });

  it('begin with an empty buffer and start the others at multiples of 16 bytes', () => {
    const file = Uint8Array.from(writeModel(kernel()));
    const [first, ...others] = readModel(file).buffers;
    expect(first).toEqual({});
    expect(others.length).toBeGreaterThan(3);
    expect(others.map(({ data }) => data!.byteOffset % 16)).toEqual(others.map(() => 0));
  });

  it('hold the codes where readers look for them', () => {
    const file = writeModel(kernel());
    // By hand, from the file's first bytes: root table, field 1 (operator codes), fields 0, 2 and 3 of each.
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const field = (table: number, id: number): number => {
      const vtable = table - view.getInt32(table, true);
      const offset = 4 + 2 * id < view.getUint16(vtable, true) ? view.getUint16(vtable + 4 + 2 * id, true) : 0;
      return offset === 0 ? 0 : table + offset;
    };
    const follow = (position: number): number => position + view.getUint32(position, true);
    const model = follow(0);
    expect(new TextDecoder().decode(file.subarray(4, 8))).toBe('TFL3');
    expect(view.getUint32(field(model, 0), true)).toBe(3);
    const codes = follow(field(model, 1));
    const entries = Array.from({ length: view.getUint32(codes, true) }, (_, index) => {
      const code = follow(codes + 4 + 4 * index);
      return [0, 3].map((id) => (id === 0 ? view.getInt8(field(code, 0)) : view.getInt32(field(code, 3), true)));
    });
    const { CONV_2D, HARD_SWISH, MEAN, FULLY_CONNECTED } = BuiltinOperator;
    expect(entries).toEqual([CONV_2D, HARD_SWISH, MEAN, FULLY_CONNECTED].map((code) => [code, code]));
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"model": 1}')],
  ])('are told from %s', (_, bytes) => {
    expect(() => readModel(bytes)).toThrow('not a .tflite file');
  });
});
