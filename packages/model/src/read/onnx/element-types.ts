import type { ElementType } from '../../graph/model-graph.ts';

/** `TensorProto.DataType` by number, with the bits of one element. */
const ELEMENT_TYPES: readonly (readonly [name: ElementType, bits: number])[] = [
  ['other', 0],
  ['float32', 32],
  ['uint8', 8],
  ['int8', 8],
  ['uint16', 16],
  ['int16', 16],
  ['int32', 32],
  ['int64', 64],
  ['string', 0],
  ['bool', 8],
  ['float16', 16],
  ['float64', 64],
  ['uint32', 32],
  ['uint64', 64],
  ['other', 64],
  ['other', 128],
  ['bfloat16', 16],
  ['other', 8],
  ['other', 8],
  ['other', 8],
  ['other', 8],
  ['other', 4],
  ['int4', 4],
];

/** The element type of a number of `TensorProto.DataType`; `other` for one that has no name in nnm. */
export const elementType = (number: number): ElementType => ELEMENT_TYPES[number]?.[0] ?? 'other';

/** Bits of an element of this number of `TensorProto.DataType`; 0 when unknown. */
export const elementBits = (number: number): number => ELEMENT_TYPES[number]?.[1] ?? 0;
