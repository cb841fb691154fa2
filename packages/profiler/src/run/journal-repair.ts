import { type FileSystem, nodeFileSystem, WholeFileWriter } from '../files/index.ts';
import { checkJournalLine } from './journal-schema.ts';

const LINE_END = 0x0a;

/** Where {@link setDamagedLinesAside} keeps what it takes out of a journal. */
export function damagedLinesFile(journalFile: string): string {
  return `${journalFile}.damaged`;
}

/**
 * Move the lines of a journal that cannot be read into a file beside it, after those moved there before. Both files are written whole, the
 * copies first, so that no line is ever lost; lines that can be read stay byte for byte. Nobody else may write to the journal meanwhile.
 *
 * @returns how many lines were moved
 * @throws {@link FileAccessError}
 */
export function setDamagedLinesAside(file: string, files: FileSystem = nodeFileSystem): number {
  const lines = splitLines(files.readFile(file));
  // The first line, before which a byte order mark may stand, says that this is a journal: it stays.
  const damaged = lines.slice(1).filter((line) => !isBlank(line) && 'problem' in checkJournalLine(withoutEnd(line)));
  if (damaged.length === 0) return 0;
  const aside = damagedLinesFile(file);
  const before = files.stat(aside) === undefined ? [] : splitLines(files.readFile(aside));
  writeLines(aside, [...before, ...damaged], files);
  const moved = new Set(damaged);
  const kept = lines.filter((line) => !moved.has(line));
  writeLines(file, kept, files);
  return damaged.length;
}

/** With their line ends; the last may lack it. */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LINE_END, from);
    const next = end === -1 ? bytes.length : end + 1;
    lines.push(bytes.subarray(from, next));
    from = next;
  }
  return lines;
}

function withoutEnd(line: Uint8Array): Uint8Array {
  return line.at(-1) === LINE_END ? line.subarray(0, -1) : line;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_END);
}

function writeLines(file: string, lines: readonly Uint8Array[], files: FileSystem): void {
  const writer = new WholeFileWriter(file, { files });
  for (const line of lines) {
    writer.write(line);
    if (line.at(-1) !== LINE_END) writer.write('\n');
  }
  writer.finish();
}
