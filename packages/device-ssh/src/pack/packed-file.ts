import { createHash } from 'node:crypto';
import type { PlannedFile } from '../install/on-board.ts';

/** A file of an agent, with its bytes. */
export interface PackedFile extends PlannedFile {
  readonly content: Uint8Array;
}

/** Everything that one agent is. */
export interface PackedAgent {
  /** A hash of its files, which names its folder on the board. */
  readonly id: string;
  readonly files: readonly PackedFile[];
}

/** A file by its path below the agent's folder, with `/`. */
export function packFile(path: string, content: Uint8Array): PackedFile {
  return { path, content, sizeBytes: content.byteLength, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Files as one agent. */
export function packAgent(files: readonly PackedFile[]): PackedAgent {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  for (const { path, sha256 } of sorted) hash.update(`${sha256} ${path}\n`);
  return { id: hash.digest('hex').slice(0, 32), files: sorted };
}
