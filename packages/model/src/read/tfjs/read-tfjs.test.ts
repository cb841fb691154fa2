import { NnmError } from '@nnm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liftTfjs } from '../../lift/tfjs/lift-tfjs.ts';
import { bytesSource } from '../byte-source.ts';
import type { ReadContext } from '../read-options.ts';
import { readTfjs } from './read-tfjs.ts';

const base64 = (text: string) => btoa(text);
const ints = (...values: readonly number[]) => ({ list: { i: values.map(String) } });
const words = (...values: readonly string[]) => ({ list: { s: values.map(base64) } });
const float = { T: { type: 'DT_FLOAT' } };

type Context = Partial<ReadContext>;
const readText = (text: string, context: Context = {}) =>
  readTfjs(bytesSource(new TextEncoder().encode(text)), { name: 'model.json', ...context });
const read = (json: unknown, context?: Context) => readText(JSON.stringify(json), context);

/** Convolution, bias and relu6 fused; a pooling; a flattening whose shape is in the weights; a layer of four units. */
const graphModel = {
  format: 'graph-model',
  convertedBy: 'TensorFlow.js Converter v4.22.0',
  signature: { outputs: { scores: { name: 'Identity:0' } } },
  modelTopology: {
    node: [
      { name: 'dense', op: '_FusedMatMul', input: ['flat', 'matrix', 'offset'], attr: { ...float, fused_ops: words('BiasAdd') } },
      {
        name: 'x',
        op: 'Placeholder',
        attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '-1' }, { size: '8' }, { size: 8 }, { size: '3' }] } } },
      },
      { name: 'kernel', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'bias', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
      {
        name: 'conv',
        op: '_FusedConv2D',
        input: ['x', 'kernel', 'bias'],
        attr: {
          ...float,
          strides: ints(1, 2, 2, 1),
          dilations: ints(1, 1, 1, 1),
          padding: { s: base64('SAME') },
          data_format: { s: base64('NHWC') },
          fused_ops: words('BiasAdd', 'Relu6'),
        },
      },
      {
        name: 'pool',
        op: 'MaxPool',
        input: ['conv:0'],
        attr: { ...float, ksize: ints(1, 2, 2, 1), strides: ints(1, 2, 2, 1), padding: { s: base64('VALID') } },
      },
      { name: 'to', op: 'Const', attr: { dtype: { type: 'DT_INT32' } } },
      { name: 'flat', op: 'Reshape', input: ['pool', 'to', '^kernel'], attr: float },
      { name: 'matrix', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'offset', op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } },
      { name: 'Identity', op: 'Identity', input: ['dense'], attr: float },
    ],
  },
  weightsManifest: [
    {
      paths: ['group1-shard1of1.bin'],
      weights: [
        { name: 'kernel', shape: [3, 3, 3, 5], dtype: 'float32', quantization: { dtype: 'float16', original_dtype: 'float32' } },
        { name: 'bias', shape: [5], dtype: 'float32' },
        { name: 'to', shape: [2], dtype: 'int32' },
        { name: 'matrix', shape: [20, 4], dtype: 'float32' },
        { name: 'offset', shape: [4], dtype: 'float32' },
      ],
    },
  ],
};

const weightBytes = 2 * 135 + 4 * 5 + 8 + 4 * 84;

/** The file of weights, with [-1, 20] where the shape is. */
const weightFile = (() => {
  const bytes = new Uint8Array(weightBytes);
  const view = new DataView(bytes.buffer);
  view.setInt32(290, -1, true);
  view.setInt32(294, 20, true);
  return bytes;
})();
const withWeights = { hasFile: () => true, openFile: () => bytesSource(weightFile) };

describe('a graph model of TensorFlow.js', () => {
  it('says its nodes in order, its attributes in words, and its shapes', () => {
    const model = read(graphModel, withWeights);
    expect(model).toMatchObject({
      format: 'tfjs',
      producer: 'TensorFlow.js Converter v4.22.0',
      inputs: ['x'],
      outputs: ['dense'],
      weightBytes,
    });
    expect(model.nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([
      ['conv', 'x', 'kernel', 'bias'],
      ['pool', 'conv'],
      ['flat', 'pool', 'to'],
      ['dense', 'flat', 'matrix', 'offset'],
    ]);
    expect(model.nodes[0]!.attributes).toMatchObject({ padding: 'SAME', strides: [1, 2, 2, 1], fused_ops: ['BiasAdd', 'Relu6'] });
    const shapes = ['x', 'conv', 'pool', 'flat', 'dense'].map((name) => model.tensors.get(name)!.shape);
    expect(shapes).toEqual([
      [1, 8, 8, 3],
      [1, 4, 4, 5],
      [1, 2, 2, 5],
      [1, 20],
      [1, 4],
    ]);
    expect(model.tensors.get('kernel')).toEqual({ name: 'kernel', shape: [3, 3, 3, 5], dtype: 'float32', constant: true });
    expect(model.notes).toEqual(['The batch of "x" is open: taken as 1.']);
  });

  it("is said in core's words", () => {
    const lifted = liftTfjs(read(graphModel, { ...withWeights, shapes: { x: [2, 8, 8, 3] } }));
    expect(lifted).toMatchObject({ implement: 'tensorflow', batchSize: 2 });
    expect(lifted.ops.map((part) => part.gap ?? [part.op.op, part.outputShapes[0]])).toEqual([
      ['conv2d', [2, 4, 4, 5]],
      ['activation', [2, 4, 4, 5]],
      ['maxPool', [2, 2, 2, 5]],
      ['reshape', [2, 20]],
      ['dense', [2, 4]],
    ]);
    expect(lifted.ops[0]).toMatchObject({
      op: { filters: 5, kernelSize: [3, 3], strides: [2, 2], padding: 'same', groups: 1, useBias: true },
    });
  });

  it('is read without its weights, as far as shapes do not lie in them', () => {
    const model = read(graphModel);
    expect(model.notes).toContain('The shapes that "group1-shard1of1.bin" holds are not known, as it is not there.');
    expect(liftTfjs(model).ops.map((part) => part.gap ?? part.op.op)).toEqual([
      'conv2d',
      'activation',
      'maxPool',
      'Reshape has a shape that is computed at run time',
      '_FusedMatMul has an input whose shape depends on what is computed at run time',
    ]);
  });

  it('leaves out what computes shapes from shapes', () => {
    const node = (name: string, op: string, input: readonly string[], attr = {}) => ({ name, op, input, attr: { ...float, ...attr } });
    const model = read({
      modelTopology: {
        node: [
          {
            name: 'x',
            op: 'Placeholder',
            attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: [{ size: '3' }, { size: '6' }] } } },
          },
          node('shape', 'Shape', ['x'], { out_type: { type: 'DT_INT32' } }),
          node('relu', 'Relu', ['x']),
          node('again', 'Reshape', ['relu', 'shape']),
        ],
      },
    });
    expect(model.nodes.map(({ name }) => name)).toEqual(['relu', 'again']);
    expect(model.tensors.get('shape')).toMatchObject({ constant: true, values: [3, 6] });
    expect(model.outputs).toEqual(['again']);
  });
});

const layer = (class_name: string, name: string, config: object, inbound: readonly string[] = []) => ({
  class_name,
  name,
  config: { name, ...config },
  inbound_nodes: inbound.length > 0 ? [inbound.map((from) => [from, 0, 0, {}])] : [],
});

const layersModel = (layers: readonly object[], rest = {}) => ({
  format: 'layers-model',
  generatedBy: 'keras v2.15.0',
  modelTopology: { model_config: { class_name: 'Functional', config: { name: 'net', layers, ...rest } } },
  weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'a/kernel', shape: [3, 3, 3, 8], dtype: 'float32' }] }],
});

describe('a layers model of TensorFlow.js', () => {
  const layers = [
    layer('InputLayer', 'image', { batch_input_shape: [null, 16, 16, 3] }),
    layer('Conv2D', 'a', { filters: 8, kernel_size: [3, 3], strides: [2, 2], padding: 'same', use_bias: false, activation: 'linear' }, [
      'image',
    ]),
    layer('BatchNormalization', 'bn', { epsilon: 0.001, axis: [3] }, ['a']),
    layer('ReLU', 'relu', { max_value: 6, negative_slope: 0, threshold: 0 }, ['bn']),
    layer('DepthwiseConv2D', 'b', { kernel_size: [3, 3], strides: [1, 1], padding: 'same', use_bias: true, activation: 'relu' }, ['relu']),
    layer('Add', 'sum', {}, ['relu', 'b']),
    layer('GlobalAveragePooling2D', 'pool', {}, ['sum']),
    layer('Dropout', 'drop', { rate: 0.2 }, ['pool']),
    layer('Dense', 'scores', { units: 10, activation: 'softmax' }, ['drop']),
  ];

  it("is said in core's words, layer by layer", () => {
    const model = read(layersModel(layers, { input_layers: [['image', 0, 0]], output_layers: [['scores', 0, 0]] }));
    expect(model).toMatchObject({ producer: 'keras v2.15.0', inputs: ['image'], outputs: ['scores'], weightBytes: 4 * 216 });
    const lifted = liftTfjs(model);
    expect(lifted.ops.map((part) => part.gap ?? [part.op.op, ...part.outputShapes[0]!])).toEqual([
      ['conv2d', 1, 8, 8, 8],
      ['batchNorm', 1, 8, 8, 8],
      ['activation', 1, 8, 8, 8],
      ['depthwiseConv2d', 1, 8, 8, 8],
      ['activation', 1, 8, 8, 8],
      ['add', 1, 8, 8, 8],
      ['globalAvgPool', 1, 8],
      ['dense', 1, 10],
      ['softmax', 1, 10],
    ]);
  });

  it('may be a list of layers', () => {
    const sequence = [
      { class_name: 'Dense', config: { name: 'one', units: 4, batch_input_shape: [null, 3], activation: 'relu' } },
      { class_name: 'Dense', config: { name: 'two', units: 2, activation: 'linear' } },
    ];
    for (const config of [sequence, { name: 'net', layers: sequence }]) {
      const model = read({ modelTopology: { model_config: { class_name: 'Sequential', config } } });
      expect(model).toMatchObject({ inputs: ['one_input'], outputs: ['two'] });
      expect(liftTfjs(model).ops.map((part) => part.gap ?? part.op.op)).toEqual(['dense', 'activation', 'dense']);
    }
  });

  it('may say what a layer is called on as Keras 3 does', () => {
    const [input, conv] = layers;
    const tensor = { class_name: '__keras_tensor__', config: { shape: [null, 16, 16, 3], keras_history: ['image', 0, 0] } };
    const model = read(layersModel([input!, { ...conv, inbound_nodes: [{ args: [tensor], kwargs: {} }] }]));
    expect(model.nodes).toMatchObject([{ operator: 'layer::Conv2D', inputs: ['image'], outputs: ['a'] }]);
  });

  it('has gaps for layers that nnm has no word for', () => {
    const model = read(layersModel([layers[0]!, layer('ConvLSTM2D', 'rnn', {}, ['image'])]));
    expect(liftTfjs(model).ops).toEqual([
      { nodes: [0], gap: 'layer::ConvLSTM2D has no equivalent in nnm', inputs: ['image'], outputs: ['rnn'] },
    ]);
  });

  it.each([
    [
      'a layer that is called twice',
      [layers[0]!, { ...layers[1]!, inbound_nodes: [[['image', 0, 0, {}]], [['image', 0, 0, {}]]] }],
      'calls its layer "a" more than once',
    ],
    ['a loop', [layers[0]!, layer('ReLU', 'a', {}, ['b']), layer('ReLU', 'b', {}, ['a'])], 'is damaged: its layer "a" waits for itself'],
    ['a model inside', [layers[0]!, layer('Functional', 'inner', { layers: [] }, ['image'])], 'has the model "inner" inside it'],
    ['no layers', [layers[0]!], 'has no layers that compute anything'],
  ])('is refused with %s', (_, given, message) => {
    expect(() => read(layersModel(given))).toThrow(`model.json ${message}`);
  });
});

describe('what is no model of TensorFlow.js', () => {
  const { node } = graphModel.modelTopology;
  const withNodes = (nodes: readonly object[]) => ({ ...graphModel, signature: undefined, modelTopology: { node: nodes } });

  it.each([
    ['no JSON', '{"modelTopology": ', 'is not a TensorFlow.js model: it is not JSON, or not all of it'],
    ['other JSON', '{"name": "package"}', 'is not a TensorFlow.js model: modelTopology:'],
    ['nothing in it', '{"modelTopology": {}}', 'is not a TensorFlow.js model: it has neither nodes nor layers'],
    ['two nodes of one name', JSON.stringify(withNodes([...node, node[4]!])), 'is damaged: it has two nodes of one name'],
    ['a name that is not there', JSON.stringify(withNodes(node.slice(0, 8))), 'is damaged: it refers to "matrix", which is not there'],
    [
      'a loop',
      JSON.stringify(
        withNodes([
          { name: 'a', op: 'Relu', input: ['b'] },
          { name: 'b', op: 'Relu', input: ['a'] },
        ]),
      ),
      'has a loop: "a" waits for itself',
    ],
    [
      'a loop of nothing',
      JSON.stringify(
        withNodes([
          { name: 'a', op: 'Identity', input: ['a'] },
          { name: 'b', op: 'Relu', input: ['a'] },
        ]),
      ),
      'is damaged: "a" leads to itself',
    ],
    [
      'weights that are missing',
      JSON.stringify({ ...graphModel, weightsManifest: [] }),
      'is damaged: its manifest lacks the weight "kernel"',
    ],
    [
      'weights of an unknown type',
      JSON.stringify({ ...graphModel, weightsManifest: [{ paths: [], weights: [{ name: 'w', shape: [1], dtype: 'int128' }] }] }),
      'has the weight "w" of the type "int128"',
    ],
  ])('%s', (_, text, message) => {
    expect(() => readText(text)).toThrow(`model.json ${message}`);
  });

  it('is a model or one clear error, whatever is changed in it', () => {
    const text = JSON.stringify(graphModel);
    const change = fc.record({
      at: fc.nat(text.length - 1),
      length: fc.nat(6),
      by: fc.constantFrom('', '0', '-1', '"', '[', '}', 'null', '1e99', 'x'),
    });
    fc.assert(
      fc.property(change, ({ at, length, by }) => {
        try {
          liftTfjs(readText(text.slice(0, at) + by + text.slice(at + length), withWeights));
        } catch (error) {
          expect(NnmError.isInstance(error), String((error as Error).stack)).toBe(true);
        }
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});
