import { open } from 'node:fs/promises';
import { explainFileError, textDecoder } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import { displayName, isStandardInput } from './standard-input.ts';

/** A longer line is no row of anything. */
const LONGEST_LINE = 1 << 24;

/** A line of a text file, without its end. */
export interface TextLine {
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** A stream of bytes that counts them. */
type ByteSource = NodeJS.ReadableStream & { readonly bytesRead?: number; destroy(): unknown };

/**
 * The lines of a text file, or of standard input (`-`), in flat memory, whatever its line ends and byte order mark are.
 *
 * @param onBytes - told how much of the file has been read so far
 * @throws `FileAccessError`, core's `InvalidFileError` for a line that no memory should hold
 */
export async function* readLines(file: string, onBytes: (read: number) => void): AsyncGenerator<TextLine> {
  const source = await openSource(file);
  let decoder: TextDecoder | undefined;
  let rest = '';
  let line = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      decoder ??= textDecoder(chunk);
      const text = rest + decoder.decode(chunk, { stream: true });
      // The other half of a line end may be in the next chunk
      const end = text.endsWith('\r') ? text.length - 1 : text.length;
      const lines = text.slice(0, end).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? '') + text.slice(end);
      if (rest.length > LONGEST_LINE)
        throw new InvalidFileError({
          file: displayName(file),
          problems: [{ line: line + 1, message: 'it has a line of more than 16 MB' }],
        });
      onBytes(source.bytesRead ?? 0);
      for (const one of lines) yield { text: one, line: ++line };
    }
    rest = `${rest}${decoder?.decode() ?? ''}`.replace(/\r$/, '');
    if (rest !== '') yield { text: rest, line: ++line };
  } catch (error) {
    throw explainFileError(error, displayName(file), 'read');
  } finally {
    source.destroy();
  }
}

async function openSource(file: string): Promise<ByteSource> {
  if (isStandardInput(file)) return process.stdin as ByteSource;
  try {
    const handle = await open(file);
    // Pipes are read as files are, so that `<(...)` of a shell works
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream({ highWaterMark: 1 << 18 });
    await handle.close();
    throw Object.assign(new Error(`${file} is no file`), { code: 'EISDIR' });
  } catch (error) {
    throw explainFileError(error, file, 'read');
  }
}
