import { DELIMITED, VARINT, type WireField, type WireReader } from './wire-reader.ts';

/** Longest name and text that is read. */
const MOST_TEXT_BYTES = 65_536;

const utf8 = new TextDecoder();

/** A text such as a name. */
export function readText(reader: WireReader, field: WireField): string {
  expectType(reader, field, DELIMITED);
  if (field.length > MOST_TEXT_BYTES) reader.fail(`has a name of ${field.length} bytes; at most ${MOST_TEXT_BYTES} are read`);
  return utf8.decode(reader.bytes(field.length));
}

/** An integer with a sign. */
export function readInt(reader: WireReader, field: WireField): number {
  expectType(reader, field, VARINT);
  return reader.int64();
}

/** A 32-bit float. */
export function readFloat(reader: WireReader, { length }: WireField): number {
  if (length !== 4) reader.fail('is not an ONNX model: it has a float that is not of four bytes');
  const bytes = reader.bytes(4);
  return shortestFloat(new DataView(bytes.buffer).getFloat32(0, true));
}

/** Digits that tell every 32-bit float from its neighbours, and those that most need. */
const FLOAT_DIGITS = [6, 7, 8, 9];

/** A 32-bit float as the shortest decimal that is it: 0.1, which files mean, rather than 0.10000000149011612. */
export function shortestFloat(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const decimals = FLOAT_DIGITS.map((digits) => Number(value.toPrecision(digits)));
  return decimals.find((decimal) => Math.fround(decimal) === value) ?? value;
}

/** Visit the fields of a message in a field. */
export function readMessage(reader: WireReader, field: WireField, visit: (inner: WireField) => void): void {
  expectType(reader, field, DELIMITED);
  reader.message(field.length, visit);
}

function expectType(reader: WireReader, { number, wireType }: WireField, expected: number): void {
  if (wireType !== expected) reader.fail(`is not an ONNX model: its field ${number} has the wire type ${wireType}, not ${expected}`);
}

/**
 * Collects a repeated field, packed or one by one, up to a number of elements; of a longer one the values are left out and
 * packed bytes are not read.
 */
export class NumberList {
  private readonly values: number[] = [];
  private isTooLong = false;

  constructor(
    private readonly kind: 'integer' | 'float' | 'double',
    private readonly most: number,
  ) {}

  /** The elements; undefined when there are more than are kept. */
  get read(): readonly number[] | undefined {
    return this.isTooLong ? undefined : this.values;
  }

  add(reader: WireReader, field: WireField): void {
    if (this.kind === 'integer') this.addIntegers(reader, field);
    else this.addFloats(reader, field, this.kind === 'float' ? 4 : 8);
  }

  private addIntegers(reader: WireReader, field: WireField): void {
    if (field.wireType === VARINT) {
      this.push(reader.int64());
      return;
    }
    expectType(reader, field, DELIMITED);
    // Every element takes a byte at least and ten at most.
    if (field.length > this.most * 10) {
      this.isTooLong = true;
      return;
    }
    reader.varints(field.length, (value) => this.push(value));
  }

  private addFloats(reader: WireReader, field: WireField, size: number): void {
    if (field.wireType !== DELIMITED && field.length !== size) reader.fail('is not an ONNX model: it has a float of another size');
    if (field.length % size !== 0) reader.fail('is not an ONNX model: it has a list of floats that ends in the middle of one');
    if (field.length > this.most * size) {
      this.isTooLong = true;
      return;
    }
    const view = new DataView(reader.bytes(field.length).buffer);
    for (let at = 0; at < field.length; at += size)
      this.push(size === 4 ? shortestFloat(view.getFloat32(at, true)) : view.getFloat64(at, true));
  }

  private push(value: number): void {
    if (this.values.length >= this.most) this.isTooLong = true;
    else this.values.push(value);
  }
}
