import { describe, expect, it } from 'vitest';
import { type ByteSource, bytesSource } from '../byte-source.ts';
import type { ReadOptions } from '../read-options.ts';
import { type FileSketch, flatbufferFile, type SubgraphSketch, type TensorSketch, tfliteFile } from './__fixtures__/tflite-file.ts';
import { readTflite } from './read-tflite.ts';

const read = (bytes: Uint8Array, options: ReadOptions = {}) => readTflite(bytesSource(bytes), { name: 'm.tflite', ...options });
const readSketch = (sketch: FileSketch, options?: ReadOptions) => read(tfliteFile(sketch), options);
const readGraph = (graph: SubgraphSketch, options?: ReadOptions) => readSketch({ subgraphs: [graph] }, options);

const ints = (...values: readonly number[]): TensorSketch => ({ shape: [values.length], type: 2, data: Int32Array.from(values) });

const [ADD, CONV_2D, DEQUANTIZE, LOGISTIC, RELU, RESHAPE, STRIDED_SLICE, SHAPE, PACK, WHILE, DENSIFY] = [
  0, 3, 6, 14, 19, 22, 45, 77, 83, 119, 124,
] as const;

/** A convolution with relu6 fused into it. */
const convolution: SubgraphSketch = {
  tensors: [
    { name: 'image', shape: [1, 8, 8, 3] },
    { name: 'kernel', shape: [4, 3, 3, 3], data: new Float32Array(108) },
    { name: 'bias', shape: [4], data: new Float32Array(4).fill(0.5) },
    { name: 'result', shape: [1, 4, 4, 4] },
  ],
  operators: [
    {
      code: CONV_2D,
      inputs: [0, 1, 2],
      outputs: [3],
      options: [1, { 1: { i32: 2 }, 2: { i32: 2 }, 3: { i8: 3 } }],
    },
  ],
  inputs: [0],
  outputs: [3],
};

/** Every operator takes the result of the one before it; all values are `[2, 3]`. */
const chain = (...codes: readonly (number | string)[]): SubgraphSketch => ({
  tensors: Array.from({ length: codes.length + 1 }, (_, index) => ({ name: `t${index}`, shape: [2, 3] })),
  operators: codes.map((code, index) => ({ code, inputs: [index], outputs: [index + 1] })),
  inputs: [0],
  outputs: [codes.length],
});

describe('a .tflite file', () => {
  it('says its operators, options, shapes, types and constants', () => {
    const model = readSketch({ subgraphs: [convolution], description: 'by hand' });
    expect(model).toMatchObject({ name: 'm.tflite', format: 'tflite', producer: 'by hand', inputs: ['image'], outputs: ['result'] });
    expect(model.nodes).toEqual([
      {
        name: 'CONV_2D/0',
        viewerId: '0',
        operator: 'CONV_2D',
        attributes: {
          padding: 'SAME',
          stride_w: 2,
          stride_h: 2,
          fused_activation_function: 'RELU6',
          dilation_w_factor: 1,
          dilation_h_factor: 1,
        },
        inputs: ['image', 'kernel', 'bias'],
        outputs: ['result'],
      },
    ]);
    expect(model.tensors.get('image')).toEqual({ name: 'image', shape: [1, 8, 8, 3], dtype: 'float32', constant: false });
    expect(model.tensors.get('kernel')).toEqual({ name: 'kernel', shape: [4, 3, 3, 3], dtype: 'float32', constant: true });
    expect(model.tensors.get('bias')!.values).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(model.weightBytes).toBe(4 * 112);
  });

  it('gives every tensor a name of its own', () => {
    const model = readGraph({ ...chain(RELU, RELU), tensors: [{ name: 'a', shape: [1] }, { name: 'a', shape: [1] }, { shape: [1] }] });
    expect([...model.tensors.keys()]).toEqual(['a', 'tensor#2', 'a#1']);
    expect(model.nodes.map(({ inputs, outputs }) => [...inputs, ...outputs])).toEqual([
      ['a', 'a#1'],
      ['a#1', 'tensor#2'],
    ]);
  });

  it('names custom operators, and those of a later format by number', () => {
    const model = readGraph(chain('MaxPoolingWithArgmax2D', 250));
    expect(model.nodes.map(({ operator }) => operator)).toEqual(['custom::MaxPoolingWithArgmax2D', 'BUILTIN_250']);
  });

  it('names what a loop runs', () => {
    const options = [93, { 0: { i32: 1 }, 1: { i32: 2 } }] as const;
    const loop: SubgraphSketch = { ...chain(WHILE), operators: [{ code: WHILE, inputs: [0], outputs: [1], options }] };
    const model = readSketch({ subgraphs: [loop, chain(LOGISTIC), chain(RELU, LOGISTIC)] });
    expect(model.nodes).toHaveLength(1);
    expect(model.nodes[0]!.attributes).toEqual({ cond: ['LOGISTIC'], body: ['RELU', 'LOGISTIC'] });
  });

  it('takes what is unpacked when it is loaded for a constant', () => {
    const model = readGraph({
      tensors: [
        { name: 'x', shape: [1, 2] },
        { name: 'half', shape: [1, 2], type: 1, data: Uint8Array.of(0x00, 0x3e, 0x00, 0xc0) },
        { name: 'full', shape: [1, 2] },
        { name: 'y', shape: [1, 2] },
        { name: 'sparse', shape: [1, 2], data: Float32Array.of(3) },
        { name: 'dense', shape: [1, 2] },
        { name: 'z', shape: [1, 2] },
      ],
      operators: [
        { code: DEQUANTIZE, inputs: [1], outputs: [2] },
        { code: ADD, inputs: [0, 2], outputs: [3], options: [11, {}] },
        { code: DENSIFY, inputs: [4], outputs: [5] },
        { code: ADD, inputs: [3, 5], outputs: [6], options: [11, {}] },
      ],
      inputs: [0],
      outputs: [6],
    });
    expect(model.nodes.map(({ operator }) => operator)).toEqual(['ADD', 'ADD']);
    expect(model.tensors.get('full')).toEqual({ name: 'full', shape: [1, 2], dtype: 'float32', constant: true, values: [1.5, -2] });
    expect(model.tensors.get('dense')).toMatchObject({ constant: true });
    expect([...model.tensors.keys()]).not.toContain('half');
    expect(model.weightBytes).toBe(8);
  });

  it('reads the signature that is asked for, by default the first', () => {
    const sketch = {
      subgraphs: [chain(RELU), chain(LOGISTIC)],
      signatures: [
        { key: 'encode', subgraph: 1, inputs: { x: 0 } },
        { key: 'decode', subgraph: 0, inputs: { x: 0 } },
      ],
    };
    expect(readSketch(sketch).nodes[0]!.operator).toBe('LOGISTIC');
    expect(readSketch(sketch, { signature: 'decode' }).nodes[0]!.operator).toBe('RELU');
    expect(() => readSketch(sketch, { signature: 'other' })).toThrow('m.tflite has no signature "other"; it has "encode", "decode".');
  });

  it('lies in weights behind the FlatBuffer, which are counted and never read', () => {
    const file = tfliteFile({ subgraphs: [chain(RELU)] });
    const far = 5_000_000_000;
    const root = {
      2: { tables: [{ 0: { tables: [tensor(0), tensor(1), tensor(0)] }, 1: { ints: [0] }, 2: { ints: [2] }, 3: { tables: [add] } }] },
      1: { tables: [{ 3: { i32: ADD } }] },
      4: { tables: [{}, { 1: { u64: 4096 }, 2: { u64: far } }] },
    };
    const head = flatbufferFile(root);
    let bytesRead = 0;
    const source: ByteSource = {
      size: 4096 + far,
      read(position, target) {
        bytesRead += target.length;
        target.set(head.subarray(position, position + target.length));
        return target.length;
      },
    };
    expect(readTflite(source, { name: 'huge.tflite' }).weightBytes).toBe(far);
    expect(bytesRead).toBeLessThan(64 * 1024);
    expect(file.length).toBeLessThan(4096);
  });
});

const tensor = (buffer: number) => ({ 0: { ints: [2] }, 2: { i32: buffer } });
const add = { 1: { ints: [0, 1] }, 2: { ints: [2] } };

describe('open sizes', () => {
  /** `[batch, 4]` cut into `[2 * batch, 2]` by shape arithmetic. */
  const dynamic: SubgraphSketch = {
    tensors: [
      { name: 'x', shape: [1, 4], signature: [-1, 4] },
      { name: 'shape', shape: [2], type: 2 },
      ints(0),
      ints(1),
      ints(1),
      { name: 'batch', type: 2 },
      { name: 'two', type: 2, data: Int32Array.of(2) },
      { name: 'rows', type: 2 },
      { name: 'new shape', shape: [2], type: 2 },
      { name: 'cut', shape: [1, 2], signature: [-1, 2] },
      { name: 'result', shape: [1, 2], signature: [-1, 2] },
    ],
    operators: [
      { code: SHAPE, inputs: [0], outputs: [1] },
      { code: STRIDED_SLICE, inputs: [1, 2, 3, 4], outputs: [5], options: [32, { 4: { i32: 1 } }] },
      { code: 18, inputs: [5, 6], outputs: [7], options: [21, {}] },
      { code: PACK, inputs: [7, 6], outputs: [8], options: [59, { 0: { i32: 2 } }] },
      { code: RESHAPE, inputs: [0, 8], outputs: [9], options: [17, {}] },
      { code: RELU, inputs: [9], outputs: [10] },
    ],
    inputs: [0],
    outputs: [10],
  };

  it('are pinned, and all shapes follow; what computes shapes is gone', () => {
    const model = readGraph(dynamic, { shapes: { x: [3, 4] } });
    expect(model.nodes.map(({ operator }) => operator)).toEqual(['RESHAPE', 'RELU']);
    expect(model.tensors.get('new shape')).toMatchObject({ constant: true, values: [6, 2] });
    expect(model.tensors.get('result')!.shape).toEqual([6, 2]);
    expect(model.notes).toBeUndefined();
  });

  it("of the batch alone are the file's, with a note, and other shapes follow all the same", () => {
    const model = readGraph(dynamic);
    expect(model.tensors.get('result')!.shape).toEqual([2, 2]);
    expect(model.notes).toEqual(['The batch of "x" is open: taken as 1, as the file has it.']);
  });

  it("may be named as the signature's users do", () => {
    const sketch = { subgraphs: [dynamic], signatures: [{ key: 'serve', subgraph: 0, inputs: { pixels: 0 } }] };
    expect(readSketch(sketch, { shapes: { pixels: [5, 4] } }).tensors.get('result')!.shape).toEqual([10, 2]);
  });

  it('that nobody pinned are an error', () => {
    const graph = { ...chain(RELU), tensors: [{ name: 'x', shape: [1, 1, 1, 3], signature: [1, -1, -1, 3] }, { shape: [1, 1, 1, 3] }] };
    expect(() => readGraph(graph)).toThrow('m.tflite leaves sizes of its inputs open: "x" is [1, ?, ?, 3].');
    expect(readGraph(graph, { shapes: { x: [1, 32, 64, 3] } }).tensors.get('x')!.shape).toEqual([1, 32, 64, 3]);
  });

  it.each([
    [{ x: [3, 5] }, 'has the input "x" of shape [?, 4], which cannot be [3, 5].'],
    [{ x: [3] }, 'has the input "x" of shape [?, 4], which cannot be [3].'],
    [{ x: [0, 4] }, 'has the input "x" of shape [?, 4], which cannot be [0, 4].'],
    [{ y: [3, 4] }, 'has no input "y"; it has "x".'],
  ])('cannot be pinned against the file: %j', (shapes, message) => {
    expect(() => readGraph(dynamic, { shapes })).toThrow(message);
  });
});

describe('what is no model', () => {
  const whole = tfliteFile({ subgraphs: [convolution] });

  it.each([
    ['nothing', new Uint8Array(0), 'has 0 bytes'],
    ['text', new TextEncoder().encode('{"model": 1}'), 'is not a .tflite file: it has no "TFL3" at byte 4'],
    ['no graph', tfliteFile({ subgraphs: [] }), 'has no graph'],
    ['a graph of nothing', tfliteFile({ subgraphs: [{ ...chain(), outputs: [0] }] }), 'has a graph without operators'],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(`m.tflite ${message}`);
  });

  it('is truncated anywhere', () => {
    for (let length = 8; length < whole.length - 8; length += 7) expect(() => read(whole.slice(0, length))).toThrow('m.tflite');
  });

  it.each<[string, Partial<SubgraphSketch>, string]>([
    ['an input that is not there', { inputs: [9] }, 'an input or output is tensor 9 of 4'],
    [
      'an operand that is not there',
      { operators: [{ code: RELU, inputs: [-3], outputs: [3] }] },
      'an input of RELU, operator 0, is tensor -3 of 4',
    ],
    ['an output that nothing computes', { operators: [{ code: RELU, inputs: [0], outputs: [1] }] }, 'nothing computes its output "result"'],
    [
      'a cycle',
      {
        operators: [
          { code: ADD, inputs: [0, 3], outputs: [1] },
          { code: RELU, inputs: [1], outputs: [3] },
        ],
      },
      'ADD, operator 0, uses "result" before it is computed',
    ],
    [
      'a value that is computed twice',
      {
        operators: [
          { code: RELU, inputs: [0], outputs: [3] },
          { code: RELU, inputs: [0], outputs: [3] },
        ],
      },
      'RELU, operator 1, computes "result", which is known already',
    ],
    [
      'a loop of a graph that is not there',
      { operators: [{ code: WHILE, inputs: [0], outputs: [3], options: [93, { 1: { i32: 7 } }] }] },
      'WHILE, operator 0, runs graph 7 of 1',
    ],
    ['a negative size', { tensors: [{ shape: [-4] }, {}, {}, { name: 'result' }] }, 'tensor "" has the shape [-4]'],
  ])('has %s', (_, change, message) => {
    expect(() => readGraph({ ...convolution, ...change })).toThrow(`m.tflite is damaged: ${message}`);
  });

  it('describes more than any memory holds, in few bytes', () => {
    // 30,000 offsets that all lead to one table with 30,000 shapes' sizes.
    const bytes = Uint8Array.from(tfliteFile({ subgraphs: [{ ...chain(RELU), inputs: Array(30_000).fill(0) }] }));
    const view = new DataView(bytes.buffer);
    const field = (table: number, id: number): number => table + view.getUint16(table - view.getInt32(table, true) + 4 + 2 * id, true);
    const follow = (position: number): number => position + view.getUint32(position, true);
    const subgraphs = follow(field(follow(0), 2));
    const graph = follow(subgraphs + 4);
    const list = follow(field(graph, 1));
    // The list of inputs becomes the list of subgraphs: offsets back to the one subgraph there is.
    for (let item = 0; item < 30_000; item++) view.setUint32(list + 4 + 4 * item, (graph - (list + 4 + 4 * item)) >>> 0, true);
    view.setUint32(field(follow(0), 2), list - field(follow(0), 2), true);
    expect(() => read(bytes)).toThrow(/m\.tflite (describes more than|is truncated or damaged)/);
  });
});
