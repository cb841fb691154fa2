import koffi, { type LibraryHandle } from 'koffi';
import type { Pointer } from './bindings.ts';

const MAX_MESSAGE_BYTES = 2048;
const MAX_MESSAGES = 16;

/** Collects what TensorFlow Lite reports instead of letting it print to stderr. */
export interface ErrorLog {
  /** C function to hand to the library; valid until {@link ErrorLog.close}, which may be called again. */
  readonly reporter: Pointer;
  /** The messages since the last call, joined; empty when there were none. */
  take(): string;
  close(): void;
}

/**
 * Make a reporter, a C function `(userData, format, va_list)`.
 *
 * On every platform the library is made for, a `va_list` argument arrives as one pointer (to a struct, a copy of one, or the
 * arguments), so it can be handed on to the C library's `vsnprintf`. Where that is not found, the bare format is kept.
 */
export function createErrorLog(): ErrorLog {
  const messages: string[] = [];
  const format = findFormatter();
  const prototype = koffi.proto('void', ['void *', 'void *', 'void *']);
  const reporter = koffi.register((_userData: unknown, template: Pointer, args: Pointer) => {
    if (messages.length < MAX_MESSAGES) messages.push(format(template, args).trim());
  }, koffi.pointer(prototype));
  let open = true;
  return {
    reporter,
    take: () => messages.splice(0).join(' '),
    close() {
      if (open) koffi.unregister(reporter);
      open = false;
    },
  };
}

type Formatter = (template: Pointer, args: Pointer) => string;

function findFormatter(): Formatter {
  const bare: Formatter = (template) => koffi.decode.string(template);
  try {
    const library: LibraryHandle = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
    const name = process.platform === 'win32' ? '_vsnprintf' : 'vsnprintf';
    const vsnprintf = library.func(name, 'int', ['void *', 'size_t', 'void *', 'void *']);
    return (template, args) => {
      const text = Buffer.alloc(MAX_MESSAGE_BYTES);
      vsnprintf(text, MAX_MESSAGE_BYTES - 1, template, args);
      const end = text.indexOf(0);
      return text.toString('utf8', 0, end);
    };
  } catch (error) {
    // A C library under another name costs the details of messages, not the run.
    if (error instanceof Error) return bare;
    throw error;
  }
}
