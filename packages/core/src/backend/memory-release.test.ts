import { describe, expect, it, vi } from 'vitest';
import { createMemoryRelease } from './memory-release.ts';

const MB = 2 ** 20;

function stubProcess(residentMb: number[], platform = 'linux') {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as NodeJS.Platform);
  vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => (residentMb.shift() as number) * MB);
}

function fakeCalls() {
  const trim = vi.fn();
  return { trim, koffi: { load: () => ({ func: () => trim }) } };
}

describe('memory release', () => {
  it('trims when the process has grown by 128 MB since it was last trimmed', () => {
    const { trim, koffi } = fakeCalls();
    stubProcess([100, 227, 228, 150, 277, 278, 278, 405]);
    const release = createMemoryRelease(koffi);
    const trimmed = [1, 2, 3, 4, 5].map(() => {
      release();
      return trim.mock.calls.length;
    });
    expect(trimmed).toEqual([0, 1, 1, 2, 2]);
    expect(trim).toHaveBeenCalledWith(0);
  });

  it('does nothing where the C library has no malloc_trim', () => {
    stubProcess([]);
    const load = () => ({
      func: () => {
        throw new Error('Cannot find function');
      },
    });
    expect(createMemoryRelease({ load })()).toBeUndefined();
  });

  it('does nothing where the C library is not glibc', () => {
    const { trim, koffi } = fakeCalls();
    stubProcess([], 'darwin');
    createMemoryRelease(koffi)();
    expect(trim).not.toHaveBeenCalled();
  });
});
