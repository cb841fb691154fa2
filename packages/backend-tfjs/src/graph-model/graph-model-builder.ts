import type { Shape, ValueId } from '@nnm/core';
import { writeZip, type ZipEntry } from '../file/write-zip.ts';
import { type Attrs, type DataType, type NodeDef, tensorShape, type } from './graph-def.ts';
import type { Endpoint, ModelJson, WeightSpec } from './model-json.ts';
import { NodeNames } from './node-names.ts';

/** Reference to a result of a node: `name`, or `name:1` for the second. */
export type NodeRef = string;

/** Elements of a constant that are made when the file is written. */
export interface LazyElements {
  /** Fills all of `target`. */
  write(target: Float32Array): void;
}

const PRODUCER = 1482;
const WEIGHTS_FILE = 'group1-shard1of1.bin';

/** Collects the nodes and constants of a graph model and writes its file. */
export class GraphModelBuilder {
  private readonly names = new NodeNames();
  private readonly nodes: NodeDef[] = [];
  private readonly specs: WeightSpec[] = [];
  private readonly elements: ((bytes: Uint8Array) => void)[] = [];
  private readonly values = new Map<ValueId, NodeRef>();
  private readonly shared = new Map<string, NodeRef>();
  private readonly constants = new Set<NodeRef>();

  /** @param version - of nnm, which stands in the file */
  constructor(private readonly version: string) {}

  /** An input of the model. */
  input(id: ValueId, shape: Shape): NodeRef {
    const name = this.names.free(id);
    this.nodes.push({ name, op: 'Placeholder', attr: { dtype: type('DT_FLOAT'), shape: { shape: tensorShape(shape) } } });
    this.values.set(id, name);
    return name;
  }

  /** Where a value is, after the node that makes it was written. */
  value(id: ValueId): NodeRef {
    return this.values.get(id)!;
  }

  /** Say where a value is. */
  define(id: ValueId, ref: NodeRef): void {
    this.values.set(id, ref);
  }

  /** Write a node. @param wanted - its name, if that is free */
  node(op: string, wanted: string, input: readonly NodeRef[], attr: Attrs = {}): NodeRef {
    const name = this.names.free(wanted);
    this.nodes.push({ name, op, input, attr: { T: type('DT_FLOAT'), ...attr } });
    return name;
  }

  /** A float32 constant. */
  weights(wanted: string, shape: Shape, data: Float32Array | LazyElements): NodeRef {
    return this.constant(wanted, { shape, dtype: 'float32' }, 'DT_FLOAT', (bytes) => {
      const target = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      if (data instanceof Float32Array) target.set(data);
      else data.write(target);
    });
  }

  /** A small float32 constant that nodes share. */
  scalar(value: number): NodeRef {
    return this.once(`float/${value}`, () => this.weights(`float/${value}`, [], Float32Array.of(value)));
  }

  /** An int32 constant that nodes share: shapes, axes, paddings. */
  integers(shape: Shape, values: readonly number[]): NodeRef {
    return this.once(`int_${shape.join('x')}/${values.join('_')}`, () =>
      this.constant(`int/${values.slice(0, 16).join('_')}`, { shape, dtype: 'int32' }, 'DT_INT32', (bytes) => {
        new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).set(values);
      }),
    );
  }

  /**
   * The bytes of the file: a zip of `model.json` and its weights.
   *
   * @throws RangeError when the model is too large for one
   */
  build(inputs: readonly (readonly [ValueId, Shape])[], outputs: readonly (readonly [ValueId, Shape])[]): Uint8Array {
    const endpoint = (name: NodeRef, shape: Shape): Endpoint => ({
      name: name.includes(':') ? name : `${name}:0`,
      dtype: 'DT_FLOAT',
      tensorShape: tensorShape(shape),
    });
    const ends = this.ends(outputs);
    const json: ModelJson = {
      format: 'graph-model',
      generatedBy: `nnm ${this.version}`,
      convertedBy: `nnm ${this.version}`,
      modelTopology: { node: this.nodes, versions: { producer: PRODUCER } },
      weightsManifest: [{ paths: [WEIGHTS_FILE], weights: this.specs }],
      signature: {
        inputs: Object.fromEntries(inputs.map(([id, shape]) => [this.value(id), endpoint(this.value(id), shape)])),
        outputs: Object.fromEntries(ends.map(([name, shape], index) => [`output_${index}`, endpoint(name, shape)])),
      },
    };
    return writeZip([this.jsonEntry(json), this.weightsEntry()]);
  }

  /** An output has a node of its own: inputs, constants and what is given out twice get an `Identity`, as in converted models. */
  private ends(outputs: readonly (readonly [ValueId, Shape])[]): readonly (readonly [NodeRef, Shape])[] {
    const taken = new Set<NodeRef>();
    return outputs.map(([id, shape]) => {
      const ref = this.value(id);
      const isOwn = !this.constants.has(ref) && !taken.has(ref) && this.nodes.some(({ name, op }) => name === ref && op !== 'Placeholder');
      const end = isOwn ? ref : this.node('Identity', `${id}/output`, [ref]);
      taken.add(end);
      return [end, shape];
    });
  }

  private jsonEntry(json: ModelJson): ZipEntry {
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    return { name: 'model.json', length: bytes.length, write: (target) => target.set(bytes) };
  }

  private weightsEntry(): ZipEntry {
    const sizes = this.specs.map(({ shape }) => 4 * shape.reduce((product, size) => product * size, 1));
    return {
      name: WEIGHTS_FILE,
      length: sizes.reduce((sum, size) => sum + size, 0),
      write: (target) => {
        let at = 0;
        this.elements.forEach((write, index) => {
          write(target.subarray(at, at + sizes[index]!));
          at += sizes[index]!;
        });
      },
    };
  }

  private constant(wanted: string, spec: Omit<WeightSpec, 'name'>, dtype: DataType, write: (bytes: Uint8Array) => void): NodeRef {
    const name = this.names.free(wanted);
    this.nodes.push({
      name,
      op: 'Const',
      attr: { dtype: type(dtype), value: { tensor: { dtype, tensorShape: tensorShape(spec.shape) } } },
    });
    this.specs.push({ name, ...spec });
    this.elements.push(write);
    this.constants.add(name);
    return name;
  }

  private once(key: string, make: () => NodeRef): NodeRef {
    const ref = this.shared.get(key) ?? make();
    this.shared.set(key, ref);
    return ref;
  }
}
