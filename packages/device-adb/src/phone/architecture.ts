import { open } from 'node:fs/promises';
import { DeviceUnavailableError } from '@nnm/core';

/** Android's names of what an ELF file is for, by the number in it. */
const MACHINES: Readonly<Record<number, readonly string[]>> = {
  3: ['x86'],
  40: ['armeabi-v7a', 'armeabi'],
  62: ['x86_64'],
  183: ['arm64-v8a'],
  243: ['riscv64'],
};

const HEADER_BYTES = 20;

/**
 * Refuse a file of this machine that a phone cannot run: one that is missing, no program, or for another architecture.
 *
 * @param abis - of the phone; empty where it does not tell
 * @throws {@link DeviceUnavailableError}
 */
export async function assertRunsOn(file: string, abis: readonly string[]): Promise<void> {
  const refuse = (reason: string): never => {
    throw new DeviceUnavailableError({
      device: 'adb',
      reason,
      hint: `Set BENCHMARK_MODEL_FILE in configs/backend_config.yaml to TensorFlow Lite's benchmark_model for ${abis[0] ?? 'the phone'}.`,
    });
  };
  const header = await readHeader(file).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall === undefined) throw error;
    return refuse(error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${error.code})`);
  });
  // A script says itself what runs it.
  if (header.toString('latin1', 0, 2) === '#!') return;
  if (header.toString('latin1', 0, 4) !== '\x7fELF' || header.length < HEADER_BYTES) refuse(`${file} is no program for Android`);
  const names = MACHINES[header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18)] ?? ['another architecture'];
  if (abis.length > 0 && !names.some((name) => abis.includes(name)))
    refuse(`${file} is for ${names[0]}, and the phone runs ${abis.join(', ')}`);
}

async function readHeader(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
