import { InvalidArgumentError, RuntimeFailureError, type Tensor } from '@nnm/core';
import { decodeElements, ELEMENT_TYPES, type ElementType, encodeElements } from '@nnm/native-kit/tensors';
import { toChannelsFirst, toChannelsLast } from '../lowering/weight-layout.ts';

/** An input or output as a model describes it. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  /** In the model's own order of axes; less than 0 where a size is open. */
  readonly shape: readonly number[];
  /** Names of open sizes by axis, where the model gives them. */
  readonly dimensionNames: readonly (string | undefined)[];
  /** True for four axes that are not `[n, c, h, w]` but in the graph's order. */
  readonly channelsLast: boolean;
}

/** A tensor of the runtime's own at the boundary of a model. */
export interface BoundPort extends Pick<Port, 'name' | 'type' | 'channelsLast'> {
  /** All sizes known. */
  readonly shape: readonly number[];
  /** The runtime's memory. */
  readonly bytes: Uint8Array;
}

/** Number of elements of a shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The type of a port's elements.
 *
 * @param name - of the type, as ONNX calls it; undefined for what is no tensor
 * @throws {@link RuntimeFailureError} naming the port, for strings and whatever numbers cannot stand for
 */
export function elementType(backend: string, port: string, name: string | undefined): ElementType {
  if (name !== undefined && Object.hasOwn(ELEMENT_TYPES, name)) return ELEMENT_TYPES[name as keyof typeof ELEMENT_TYPES];
  const holds = name === undefined ? 'is no tensor' : `holds elements of type ${name}`;
  const reason = `"${port}" ${holds}; inputs and outputs must be tensors of numbers or booleans`;
  throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
}

/**
 * Copy tensors in the graph's layout into the buffers of a model's inputs.
 *
 * @throws {@link InvalidArgumentError} when their number or a shape is not the model's, or a number is none its type holds
 */
export function writeInputs(ports: readonly BoundPort[], inputs: readonly Tensor[]): void {
  if (inputs.length !== ports.length) {
    throw new InvalidArgumentError({ name: 'inputs', expected: `${ports.length} tensors`, got: inputs.length });
  }
  ports.forEach((port, index) => {
    const { shape, data } = inputs[index] as Tensor;
    const expected = toGraphShape(port);
    if (shape.join() !== expected.join() || data.length !== countElements(port.shape)) {
      throw new InvalidArgumentError({
        name: `inputs[${index}]`,
        expected: `of shape [${expected.join(', ')}]`,
        got: `[${shape.join(', ')}] with ${data.length} elements`,
      });
    }
    const { bytes } = port;
    const isFloat = port.type === ELEMENT_TYPES.float32;
    const floats = isFloat ? new Float32Array(bytes.buffer, bytes.byteOffset, data.length) : new Float32Array(data.length);
    if (isImage(port)) toChannelsFirst(data, shape, floats);
    else floats.set(data);
    if (!isFloat) encodeElements(port.type, floats, viewOf(bytes), `inputs[${index}]`);
  });
}

/** Copies of a model's outputs in the graph's layout. */
export function readOutputs(ports: readonly BoundPort[]): readonly Tensor[] {
  return ports.map((port) => {
    const { shape, type, bytes } = port;
    const data = decodeElements(type, viewOf(bytes), countElements(shape));
    if (!isImage(port)) return { shape, data };
    const copy = new Float32Array(data.length);
    toChannelsLast(data, shape, copy);
    return { shape: toGraphShape(port), data: copy };
  });
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

/** True for `[n, c, h, w]`, which is `[n, h, w, c]` in the graph. */
const isImage = ({ shape, channelsLast }: Pick<BoundPort, 'shape' | 'channelsLast'>): boolean => shape.length === 4 && !channelsLast;

function toGraphShape(port: BoundPort): readonly number[] {
  const [n, c, h, w] = port.shape as readonly [number, number, number, number];
  return isImage(port) ? [n, h, w, c] : port.shape;
}
