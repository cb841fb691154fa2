import koffi from 'koffi';

/** Options of glibc's `mallopt`, and the values its own adjustment ends at once large blocks were freed. */
const TRIM_THRESHOLD = { option: -1, bytes: 64 * 1024 * 1024 };
const MMAP_THRESHOLD = { option: -3, smallBytes: 128 * 1024, largeBytes: 32 * 1024 * 1024 };

/** Runs a function whose large allocations go back to the system as soon as they are freed. */
export type MappedAllocation = <T>(allocate: () => T) => T;

/**
 * Keep glibc from holding on to the memory of models that were closed.
 *
 * By default it raises its threshold for mapping blocks of their own after the first large one was freed, and then cannot
 * reuse the aligned blocks in which XNNPACK packs weights: a process that loads a convolution a thousand times holds a
 * gigabyte of free memory (seen with glibc 2.36). So large blocks are mapped while a model loads, and only then: what a
 * runtime allocates during an inference must not cost a system call.
 */
export function createMappedAllocation(): MappedAllocation {
  const mallopt = findMallopt();
  if (mallopt === undefined) return (allocate) => allocate();
  mallopt(TRIM_THRESHOLD.option, TRIM_THRESHOLD.bytes);
  return (allocate) => {
    mallopt(MMAP_THRESHOLD.option, MMAP_THRESHOLD.smallBytes);
    try {
      return allocate();
    } finally {
      mallopt(MMAP_THRESHOLD.option, MMAP_THRESHOLD.largeBytes);
    }
  };
}

function findMallopt(): ((option: number, value: number) => number) | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return koffi.load(null).func('mallopt', 'int', ['int', 'int']);
  } catch (error) {
    // Other C libraries have no mallopt, nor this trait.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
