import { InvalidArgumentError, isPositiveInput, RuntimeFailureError, type Tensor, writeInputNoise } from '@nnm/core';
import type { TfjsSettings } from '../settings.ts';
import type { Tfjs, TfjsGraphModel, TfjsTensor } from './tfjs.ts';

/** An input of a loaded model, its shape closed. */
export interface ModelInput {
  readonly name: string;
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
}

/**
 * The inputs of a model in its order.
 *
 * @throws {@link RuntimeFailureError} for an input whose size is open or whose elements are of a type that nnm does not feed
 */
export function modelInputs(backend: string, model: TfjsGraphModel, sizes: TfjsSettings['DIMENSIONS'] = {}): readonly ModelInput[] {
  return model.inputs.map(({ name, dtype, shape }) => {
    const fail = (reason: string): never => {
      throw new RuntimeFailureError({ backend, doing: 'loading a model', reason });
    };
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
      return fail(`its input "${name}" holds ${dtype}, which nnm does not feed`);
    if (shape === undefined) return fail(`its input "${name}" leaves open how many axes it has`);
    const closed = shape.map((size, axis) => {
      const given = sizes[`${name}.${axis}`];
      if (given !== undefined) return given;
      if (size !== null && size >= 0) return size;
      return axis === 0
        ? 1
        : fail(`its input "${name}" leaves axis ${axis} open; DIMENSIONS: { ${name}.${axis}: <size> } says how large it is`);
    });
    return { name, dtype, shape: closed };
  });
}

/** A tensor for timing: the values that the settings give, else noise in floating point and ones in everything else. */
export function fillForTiming(tf: Tfjs, { name, dtype, shape }: ModelInput, values: TfjsSettings['INPUTS'] = {}): TfjsTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = dtype === 'float32' ? new Float32Array(count) : dtype === 'int32' ? new Int32Array(count) : new Uint8Array(count);
  if (Object.hasOwn(values, name)) {
    const given = [values[name] as number | readonly number[]].flat();
    for (let index = 0; index < count; index++) data[index] = given[index % given.length] as number;
  } else if (dtype === 'float32') writeInputNoise(count, (piece, offset) => data.set(piece, offset), isPositiveInput(name));
  else data.fill(1);
  return tf.tensor(data, [...shape], dtype);
}

/**
 * A tensor of given numbers.
 *
 * @throws {@link InvalidArgumentError} when there are too few or too many
 */
export function toTensor(tf: Tfjs, { name, dtype, shape }: ModelInput, { data }: Tensor): TfjsTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length !== count)
    throw new InvalidArgumentError({ name, expected: `${count} numbers, [${shape.join(', ')}]`, got: `${data.length}` });
  return tf.tensor(dtype === 'float32' ? data : Int32Array.from(data), [...shape], dtype);
}
