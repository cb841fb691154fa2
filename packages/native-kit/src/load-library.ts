import { RuntimeUnavailableError } from '@nnm/core';
import { describeForeignLibrary } from './library-platform.ts';

/** What is loaded, and how to name it in messages. */
export interface LibraryFile {
  readonly file: string;
  /** What it should be: `a TensorFlow Lite C library`. */
  readonly what: string;
  /** What to do when it is not. */
  readonly hint: string;
}

/** What is used of the module `koffi`. */
interface Loader<Library> {
  load(path: string): Library;
}

/**
 * Load a native library and bind its functions.
 *
 * @param bind - looks its functions up; what it throws means that the library is another one
 * @throws {@link RuntimeUnavailableError} when it does not load or is not what it should be
 */
export function loadLibrary<Library extends { unload(): void }, Api>(
  koffi: Loader<Library>,
  backend: string,
  { file, what, hint }: LibraryFile,
  bind: (library: Library) => Api,
): Api {
  let library: Library;
  try {
    library = koffi.load(file);
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    const reason = `${file} does not load on ${platform} (${describeForeignLibrary(file, platform) ?? messageOf(cause)})`;
    throw new RuntimeUnavailableError({ backend, reason, hint }, { cause });
  }
  try {
    return bind(library);
  } catch (cause) {
    library.unload();
    if (cause instanceof RuntimeUnavailableError) throw cause;
    throw new RuntimeUnavailableError({ backend, reason: `${file} is not ${what} (${messageOf(cause)})`, hint }, { cause });
  }
}

/**
 * The error of a koffi that cannot be imported: it has a binary of its own for every platform.
 *
 * @param otherwise - what else can be done, in a sentence
 */
export function koffiUnavailable(backend: string, cause: unknown, otherwise = ''): RuntimeUnavailableError {
  const reason = `koffi, which calls the native library, does not load on ${process.platform}-${process.arch} (${messageOf(cause)})`;
  const hint = `Install the dependencies again, optional ones included: \`npm install --include=optional\`. ${otherwise}`.trim();
  return new RuntimeUnavailableError({ backend, reason, hint }, { cause });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/[\s.]+$/, '');
