/** A message of the protocol between adb's server and a phone (AOSP, `packages/modules/adb/protocol.txt`). */
export interface AdbMessage {
  readonly command: string;
  readonly arg0: number;
  readonly arg1: number;
  readonly data: Buffer;
}

const HEADER_BYTES = 24;

/** The bytes of a message: six 32-bit words, little endian, then the data. */
export function encodeAdbMessage(command: string, arg0: number, arg1: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(command, 0, 'latin1');
  header.writeUInt32LE(arg0, 4);
  header.writeUInt32LE(arg1, 8);
  header.writeUInt32LE(data.length, 12);
  header.writeUInt32LE(
    data.reduce((sum, byte) => (sum + byte) >>> 0, 0),
    16,
  );
  header.writeUInt32LE((header.readUInt32LE(0) ^ 0xffffffff) >>> 0, 20);
  return Buffer.concat([header, data]);
}

/** Takes bytes as they come, gives messages. */
export class AdbMessageReader {
  private rest = Buffer.alloc(0);

  /** @throws RangeError for bytes that are no message */
  read(bytes: Buffer): readonly AdbMessage[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: AdbMessage[] = [];
    while (this.rest.length >= HEADER_BYTES) {
      const word = this.rest.readUInt32LE(0);
      if (this.rest.readUInt32LE(20) !== (word ^ 0xffffffff) >>> 0) throw new RangeError('A message has the wrong magic number.');
      const end = HEADER_BYTES + this.rest.readUInt32LE(12);
      if (this.rest.length < end) break;
      messages.push({
        command: this.rest.toString('latin1', 0, 4),
        arg0: this.rest.readUInt32LE(4),
        arg1: this.rest.readUInt32LE(8),
        data: Buffer.from(this.rest.subarray(HEADER_BYTES, end)),
      });
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}
