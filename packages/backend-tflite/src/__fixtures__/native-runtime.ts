import type { Runtime } from '@nnm/core';
import { describe } from 'vitest';
import { chooseLibrary } from '../native/library.ts';
import createRuntime from '../runtime.ts';
import { parseTfliteSettings } from '../settings.ts';

const platform = `${process.platform}-${process.arch}`;

/** The bundled library for this machine; undefined where there is none. */
export const bundledLibrary: string | undefined = findBundled();

/** `describe` for what needs the native library: skipped, with the reason in its name, where there is none. */
export function describeNative(name: string, cases: () => void): void {
  if (bundledLibrary === undefined) describe.skip(`${name} (no TensorFlow Lite library for ${platform})`, cases);
  else describe(name, cases);
}

/** Start the native runtime with these settings. */
export async function startNative(settings: Record<string, unknown> = {}): Promise<Runtime> {
  return createRuntime(parseTfliteSettings(settings, 'tflite_cpu'));
}

function findBundled(): string | undefined {
  try {
    return chooseLibrary({ backend: 'tflite_cpu', setting: undefined, platform }).path;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
