import { open } from 'node:fs/promises';
import { DeviceUnavailableError, libraryPlatform } from '@nnm/core';

/** Android's names of what a program is for, by core's. */
const ABIS: Readonly<Record<string, readonly string[]>> = {
  'linux-arm': ['armeabi-v7a', 'armeabi'],
  'linux-arm64': ['arm64-v8a'],
  'linux-ia32': ['x86'],
  'linux-riscv64': ['riscv64'],
  'linux-x64': ['x86_64'],
};

const HEAD_BYTES = 4096;

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
  const head = await readHead(file).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall === undefined) throw error;
    return refuse(error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${error.code})`);
  });
  // A script says itself what runs it.
  if (head.toString('latin1', 0, 2) === '#!') return;
  const platform = libraryPlatform(head);
  if (platform === undefined || !platform.startsWith('linux-')) return refuse(`${file} is no program for Android`);
  const names = ABIS[platform] ?? ['another architecture'];
  if (abis.length > 0 && !names.some((name) => abis.includes(name)))
    refuse(`${file} is for ${names[0]}, and the phone runs ${abis.join(', ')}`);
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
