/** Growth of the process that is worth looking for memory to give back. */
const GROWTH_BYTES = 128 * 2 ** 20;

/** What is used of the module `koffi`, which calls native functions; `load(null)` finds those of the process itself. */
interface NativeCalls {
  load(path: null): { func(name: string, result: string, parameters: string[]): (bytes: number) => unknown };
}

/**
 * Make a function that gives memory which closed models have freed back to the system, to be called after closing one.
 *
 * glibc cannot always reuse the aligned blocks in which runtimes pack weights: in one process of three, one that loads and
 * closes a convolution of 4 MB a thousand times with ONNX Runtime then holds one to eight gigabytes of free memory (glibc
 * 2.36). `malloc_trim` gives back all of it. It takes 10 ms, so it is only called once the process has grown by 128 MB;
 * mapping large blocks one by one instead (`M_MMAP_THRESHOLD`) makes loading this model take 15 ms instead of 5.
 *
 * Other C libraries have neither the trait nor `malloc_trim`; there the function does nothing.
 *
 * @param koffi - the module `koffi` of the backend that loads the runtime
 */
export function createMemoryRelease(koffi: NativeCalls): () => void {
  const trim = findTrim(koffi);
  if (trim === undefined) return () => undefined;
  let limit = process.memoryUsage.rss() + GROWTH_BYTES;
  return () => {
    if (process.memoryUsage.rss() < limit) return;
    trim(0);
    // What is left is in use, by models that are open for instance.
    limit = process.memoryUsage.rss() + GROWTH_BYTES;
  };
}

function findTrim(koffi: NativeCalls): ((bytes: number) => unknown) | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return koffi.load(null).func('malloc_trim', 'int', ['size_t']);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
