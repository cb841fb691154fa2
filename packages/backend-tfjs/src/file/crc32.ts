const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum that zip files have. Node has one of its own from 22.2 on, browsers have none. */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) sum = TABLE[(sum ^ (bytes[index] as number)) & 255]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
