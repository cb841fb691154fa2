import { countElements } from '@nnm/core';
import { entryOf } from '../../graph/entry-of.ts';
import type { ElementType, ModelTensor } from '../../graph/model-graph.ts';
import type { ByteSource } from '../byte-source.ts';
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
    let parts: readonly ByteSource[] | undefined;
    let start = 0;
    for (const entry of weights) {
      const length = storedBytes(entry, context.name);
      const count = countElements(entry.shape);
      const isPlain = entry.quantization === undefined;
      // A number may be a limit or a value of padding: read where the files are there, not missed where they are not.
      const isNumber = isPlain && entry.dtype === 'float32' && count === 1 && paths.every((path) => context.hasFile?.(path) === true);
      const isSmall = isNumber || (isPlain && entry.dtype === 'int32' && count <= MOST_ELEMENTS);
      if (isSmall) parts ??= openParts(paths, context, missing);
      const bytes = isSmall && parts !== undefined ? bytesAt(parts, start, length) : undefined;
      const values = bytes && numbers(bytes, entry.dtype);
      tensors.push({ name: entry.name, shape: entry.shape, dtype: TYPES[entry.dtype]![0], constant: true, ...(values && { values }) });
      weightBytes += length;
      start += length;
    }
  }
  const notes = missing.size === 0 ? [] : [`The shapes that "${[...missing].join('", "')}" holds are not known, as it is not there.`];
  return { tensors, weightBytes, notes };
}

/** What is stored may be narrower than what it stands for. */
function storedBytes({ name, shape, dtype, quantization }: WeightEntry, file: string): number {
  const [, bytes] = entryOf(TYPES, quantization?.dtype ?? dtype) ?? [];
  if (bytes === undefined || entryOf(TYPES, dtype) === undefined) {
    throw new InvalidModelError({
      file,
      problem: `has the weight "${name}" of the type "${quantization?.dtype ?? dtype}", which it cannot have`,
    });
  }
  return countElements(shape) * bytes;
}

/** The files of a group; none when one of them is not there. */
function openParts(paths: readonly string[], { hasFile, openFile }: ReadContext, missing: Set<string>): readonly ByteSource[] {
  const absent = paths.filter((path) => hasFile?.(path) !== true);
  for (const path of absent) missing.add(path);
  return absent.length > 0 || openFile === undefined ? [] : paths.map((path) => openFile(path));
}

/** Bytes of files that lie one behind the other; undefined beyond their end. */
function bytesAt(parts: readonly ByteSource[], start: number, length: number): Uint8Array | undefined {
  const bytes = new Uint8Array(length);
  let [position, filled] = [start, 0];
  for (const part of parts) {
    if (position < part.size && filled < length) {
      filled += part.read(position, bytes.subarray(filled));
      position = 0;
    } else position = Math.max(0, position - part.size);
  }
  return parts.length > 0 && filled === length ? bytes : undefined;
}

function numbers(bytes: Uint8Array, dtype: string): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) =>
    dtype === 'int32' ? view.getInt32(4 * index, true) : view.getFloat32(4 * index, true),
  );
}
