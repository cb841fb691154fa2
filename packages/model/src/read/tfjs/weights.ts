import { countElements } from '@nnm/core';
import type { ElementType, ModelTensor } from '../../graph/model-graph.ts';
import { InvalidModelError } from '../errors.ts';
import type { ReadContext } from '../read-options.ts';
import type { ModelJson, WeightEntry } from './model-json.ts';

/** Elements of a constant that are read: enough for shapes, axes and scales. */
const MOST_ELEMENTS = 64;

const TYPES: Readonly<Record<string, readonly [type: ElementType, bytes: number]>> = {
  float32: ['float32', 4],
  float16: ['float16', 2],
  int32: ['int32', 4],
  uint8: ['uint8', 1],
  uint16: ['uint16', 2],
  bool: ['bool', 1],
  string: ['string', 0],
  complex64: ['other', 8],
};

/** The constants of a model. */
export interface TfjsWeights {
  readonly tensors: readonly ModelTensor[];
  /** As the files store them. */
  readonly weightBytes: number;
  readonly notes: readonly string[];
}

/**
 * Constants by the manifest. Small integers are shapes and axes; they lie in the files of weights, which are asked for only when there are
 * any, and may be missing.
 */
export function readWeights({ weightsManifest = [] }: ModelJson, context: ReadContext): TfjsWeights {
  const tensors: ModelTensor[] = [];
  const missing = new Set<string>();
  let weightBytes = 0;
  for (const { paths, weights } of weightsManifest) {
    let bytes: Uint8Array | undefined;
    let start = 0;
    for (const entry of weights) {
      const length = storedBytes(entry, context.name);
      const count = countElements(entry.shape);
      const isPlain = entry.quantization === undefined;
      // A number may be a limit or a value of padding: read where the files are there, not missed where they are not.
      const isNumber = isPlain && entry.dtype === 'float32' && count === 1 && paths.every((path) => context.hasFile?.(path) === true);
      const isSmall = isNumber || (isPlain && entry.dtype === 'int32' && count <= MOST_ELEMENTS);
      if (isSmall) bytes ??= readParts(paths, context, missing);
      const end = start + length;
      const values = isSmall && bytes !== undefined && end <= bytes.length ? numbers(bytes.subarray(start, end), entry.dtype) : undefined;
      tensors.push({ name: entry.name, shape: entry.shape, dtype: TYPES[entry.dtype]![0], constant: true, ...(values && { values }) });
      weightBytes += length;
      start = end;
    }
  }
  const notes = missing.size === 0 ? [] : [`The shapes that "${[...missing].join('", "')}" holds are not known, as it is not there.`];
  return { tensors, weightBytes, notes };
}

/** What is stored may be narrower than what it stands for. */
function storedBytes({ name, shape, dtype, quantization }: WeightEntry, file: string): number {
  const [, bytes] = TYPES[quantization?.dtype ?? dtype] ?? [];
  if (bytes === undefined || TYPES[dtype] === undefined) {
    throw new InvalidModelError({
      file,
      problem: `has the weight "${name}" of the type "${quantization?.dtype ?? dtype}", which it cannot have`,
    });
  }
  return countElements(shape) * bytes;
}

/** The files of a group, one behind the other; nothing when one of them is not there. */
function readParts(paths: readonly string[], { hasFile, readFile }: ReadContext, missing: Set<string>): Uint8Array {
  const absent = paths.filter((path) => hasFile?.(path) !== true);
  for (const path of absent) missing.add(path);
  if (absent.length > 0 || readFile === undefined) return new Uint8Array(0);
  const parts = paths.map((path) => readFile(path));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function numbers(bytes: Uint8Array, dtype: string): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) =>
    dtype === 'int32' ? view.getInt32(4 * index, true) : view.getFloat32(4 * index, true),
  );
}
