import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * What a runtime saves of a model, which it does to a file only.
 *
 * @param save - is given the path of a file to write, in a folder that is gone afterwards
 */
export function savedModel(save: (file: string) => void): Uint8Array {
  const { file, read, remove } = temporaryFile();
  try {
    save(file);
    return read();
  } finally {
    remove();
  }
}

/** {@link savedModel} for a runtime that takes its time. */
export async function savedModelOf(save: (file: string) => Promise<void>): Promise<Uint8Array> {
  const { file, read, remove } = temporaryFile();
  try {
    await save(file);
    return read();
  } finally {
    remove();
  }
}

function temporaryFile() {
  const folder = mkdtempSync(path.join(tmpdir(), 'nnm-optimised-'));
  const file = path.join(folder, 'model.onnx');
  return { file, read: (): Uint8Array => readFileSync(file), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
