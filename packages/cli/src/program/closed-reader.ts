/** What shells report for a program that ends because nobody reads its output any more: 128 + SIGPIPE, also where there are no signals. */
export const CLOSED_READER_EXIT_CODE = 141;

const CLOSED_READER_CODES = new Set(['EPIPE', 'ECONNRESET', 'EOF']);

/** True when output could not be written because its reader, such as `head`, has gone away: no failure of anybody. */
export function isClosedReader(error: unknown): boolean {
  return CLOSED_READER_CODES.has((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/**
 * From now on what cannot be written to stderr is lost, and the program goes on: there is no other place where it could be told, and an
 * error that is thrown for it would be written there too, and fail again, for ever.
 */
export function surviveClosedStderr(): void {
  process.stderr.on('error', () => undefined);
}
