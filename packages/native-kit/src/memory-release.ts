const MB = 2 ** 20;

/** Options of glibc's `mallopt`, and at least what the adjustment that setting them ends could arrive at. */
const TRIM_THRESHOLD = { option: -1, bytes: 256 * MB };
const MMAP_THRESHOLD = { option: -3, bytes: 32 * MB };

/** Growth of the process that is worth looking for memory to give back. */
const GROWTH_BYTES = 128 * MB;

/** What is used of the module `koffi`, which calls native functions; `load(null)` finds those of the process itself. */
interface NativeCalls {
  load(path: null): { func(name: string, result: string, parameters: string[]): (...args: number[]) => unknown };
}

/**
 * Let models reuse the memory that closed ones have freed, and make a function that gives it back to the system once there
 * is too much of it: to be called after closing a model.
 *
 * Most of what loading a model takes is the system making memory for it. So glibc is told to keep what is freed, up to 256 MB.
 * But it cannot always reuse the aligned blocks in which runtimes pack weights: one process of three that loads and closes a
 * convolution of 4 MB a thousand times with ONNX Runtime then holds gigabytes of free memory (glibc 2.36).
 * `malloc_trim` gives back all of it. It takes 10 ms, so it is only called once the process has grown by 128 MB.
 * docs/measurements/profiling.md compares this with what glibc does by itself and with mapping every large block.
 *
 * Other C libraries are left alone, and the function does nothing.
 *
 * @param koffi - the module `koffi` of the backend that loads the runtime
 */
export function createMemoryRelease(koffi: NativeCalls): () => void {
  const glibc = findGlibc(koffi);
  if (glibc === undefined) return () => undefined;
  glibc.mallopt(TRIM_THRESHOLD.option, TRIM_THRESHOLD.bytes);
  glibc.mallopt(MMAP_THRESHOLD.option, MMAP_THRESHOLD.bytes);
  let limit = process.memoryUsage.rss() + GROWTH_BYTES;
  return () => {
    if (process.memoryUsage.rss() < limit) return;
    glibc.trim(0);
    // What is left is in use, by models that are open for instance.
    limit = process.memoryUsage.rss() + GROWTH_BYTES;
  };
}

function findGlibc(koffi: NativeCalls) {
  if (process.platform !== 'linux') return undefined;
  try {
    const library = koffi.load(null);
    return { mallopt: library.func('mallopt', 'int', ['int', 'int']), trim: library.func('malloc_trim', 'int', ['size_t']) };
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
