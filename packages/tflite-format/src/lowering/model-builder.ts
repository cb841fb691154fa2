import type { Shape, ValueId } from '@nnm/core';
import {
  BuiltinOperator,
  type BuiltinOperatorName,
  type Model,
  type ModelBuffer,
  type Operator,
  type OperatorCode,
  type OperatorOptions,
  SCHEMA_VERSION,
  TensorType,
  type TfliteTensor,
} from '../flatbuffer/schema.ts';
import type { LazyBytes } from '../flatbuffer/table.ts';

/** Operators whose first version does not cover what nnm writes: 5-D transposes came with version 4. */
const OPERATOR_VERSION: Partial<Record<BuiltinOperatorName, number>> = { TRANSPOSE: 4 };

/** Index of a tensor in the model. */
export type TensorIndex = number;

/** Collects the tensors, constants and operators of a {@link Model}. */
export class ModelBuilder {
  private readonly tensors: TfliteTensor[] = [];
  private readonly buffers: ModelBuffer<Uint8Array | LazyBytes>[] = [{}];
  private readonly operators: Operator[] = [];
  private readonly operatorCodes: OperatorCode[] = [];
  private readonly byValue = new Map<ValueId, TensorIndex>();
  private readonly byConstant = new Map<string, TensorIndex>();

  /** The tensor of a value; made when it is first asked for. */
  value(id: ValueId, shape: Shape): TensorIndex {
    const known = this.byValue.get(id);
    if (known !== undefined) return known;
    const index = this.addTensor({ shape, type: TensorType.FLOAT32, buffer: 0, name: id });
    this.byValue.set(id, index);
    return index;
  }

  /** A float32 constant. */
  weights(name: string, shape: Shape, data: Float32Array | LazyBytes): TensorIndex {
    return this.addTensor({ shape, type: TensorType.FLOAT32, buffer: this.addBuffer(data), name });
  }

  /** A small float32 constant that operators share. */
  scalar(value: number): TensorIndex {
    return this.shared(`float/${value}`, () => this.weights(`float/${value}`, [], Float32Array.of(value)));
  }

  /** An int32 constant that operators share: shapes, axes, paddings. */
  integers(shape: Shape, values: readonly number[]): TensorIndex {
    const name = `int[${shape.join()}]/${values.join()}`;
    return this.shared(name, () => {
      return this.addTensor({ shape, type: TensorType.INT32, buffer: this.addBuffer(Int32Array.from(values)), name });
    });
  }

  /** @param version - of the operator, when it needs a later one than usual */
  operator(
    code: BuiltinOperatorName,
    inputs: readonly TensorIndex[],
    outputs: readonly TensorIndex[],
    options?: OperatorOptions,
    version: number = OPERATOR_VERSION[code] ?? 1,
  ): void {
    this.operators.push({ opcodeIndex: this.codeIndex(code, version), inputs, outputs, ...(options && { options }) });
  }

  /** An int32 value that is computed. */
  integerValue(id: string, shape: Shape): TensorIndex {
    return this.addTensor({ shape, type: TensorType.INT32, buffer: 0, name: id });
  }

  /** Let a value be a constant; before it is asked for. */
  defineValue(id: ValueId, tensor: TensorIndex): void {
    this.byValue.set(id, tensor);
  }

  /** The finished model. */
  build(name: string, inputs: readonly TensorIndex[], outputs: readonly TensorIndex[]): Model<Uint8Array | LazyBytes> {
    return {
      version: SCHEMA_VERSION,
      operatorCodes: this.operatorCodes,
      subgraphs: [{ tensors: this.tensors, inputs, outputs, operators: this.operators, name: 'main' }],
      description: name,
      buffers: this.buffers,
    };
  }

  private addTensor(tensor: TfliteTensor): TensorIndex {
    return this.tensors.push(tensor) - 1;
  }

  private addBuffer(data: Float32Array | Int32Array | LazyBytes): number {
    const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
    return this.buffers.push({ data: bytes }) - 1;
  }

  private shared(key: string, make: () => TensorIndex): TensorIndex {
    const index = this.byConstant.get(key) ?? make();
    this.byConstant.set(key, index);
    return index;
  }

  private codeIndex(name: BuiltinOperatorName, version: number): number {
    const builtinCode = BuiltinOperator[name];
    const known = this.operatorCodes.findIndex((code) => code.builtinCode === builtinCode && code.version === version);
    if (known >= 0) return known;
    return this.operatorCodes.push({ deprecatedBuiltinCode: Math.min(builtinCode, 127), version, builtinCode }) - 1;
  }
}
