import protobuf from 'protobufjs/light.js';

/** One field of a protobuf message, as it lies in the file. */
export interface Field {
  readonly number: number;
  /** Tag and all. */
  readonly bytes: Uint8Array;
  /** What a length-delimited field holds; empty for numbers. */
  readonly content: Uint8Array;
}

const DELIMITED = 2;

/** Split a message into its fields without decoding them, so that whatever a runtime wrote is kept as it is. */
export function fieldsOf(message: Uint8Array): readonly Field[] {
  const reader = protobuf.Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const content = (tag & 7) === DELIMITED ? reader.bytes() : new Uint8Array(0);
    if ((tag & 7) !== DELIMITED) reader.skipType(tag & 7);
    fields.push({ number: tag >>> 3, bytes: message.subarray(start, reader.pos), content });
  }
  return fields;
}

/** A length-delimited field. */
export function field(number: number, content: Uint8Array): Field {
  const writer = protobuf.Writer.create().uint32((number << 3) | DELIMITED);
  const head = writer.uint32(content.length).finish();
  return { number, content, bytes: joinBytes([head, content]) };
}

/** A message of these fields. */
export const messageOf = (fields: readonly Field[]): Uint8Array => joinBytes(fields.map(({ bytes }) => bytes));

/** The texts that a message has under a field number. */
export const textsOf = (fields: readonly Field[], number: number): readonly string[] =>
  fields.filter((one) => one.number === number).map(({ content }) => new TextDecoder().decode(content));

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
