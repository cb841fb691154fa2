/** Bytes that are read where they are wanted, so that the weights of a model stay in its file. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /**
   * Read into the whole of `target` from `position` on.
   *
   * @returns the bytes that were read: fewer than asked for only at the end
   */
  read(position: number, target: Uint8Array): number;
}

/** Bytes that are in memory already. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(position, target) {
      const part = bytes.subarray(position, position + target.length);
      target.set(part);
      return part.length;
    },
  };
}
