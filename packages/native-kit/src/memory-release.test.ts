import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryRelease } from './memory-release.ts';

const MB = 2 ** 20;

function stubProcess(residentMb: number[], platform = 'linux') {
  vi.spyOn(process, 'platform', 'get').mockReturnValue(platform as NodeJS.Platform);
  vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => (residentMb.shift() as number) * MB);
}

function fakeGlibc() {
  const functions = { mallopt: vi.fn(), malloc_trim: vi.fn() };
  return { ...functions, koffi: { load: () => ({ func: (name: string) => functions[name as keyof typeof functions] }) } };
}

afterEach(() => vi.restoreAllMocks());

describe('memory release', () => {
  it('trims when the process has grown by 128 MB since it was last trimmed', () => {
    const { koffi, malloc_trim, mallopt } = fakeGlibc();
    stubProcess([100, 227, 228, 150, 277, 278, 278, 405]);
    const release = createMemoryRelease(koffi);
    expect(mallopt).toHaveBeenCalledTimes(2);
    const trimmed = [1, 2, 3, 4, 5].map(() => {
      release();
      return malloc_trim.mock.calls.length;
    });
    expect(trimmed).toEqual([0, 1, 1, 2, 2]);
    expect(malloc_trim).toHaveBeenCalledWith(0);
  });

  it('does nothing where the C library has no such functions', () => {
    stubProcess([]);
    const load = () => ({
      func: () => {
        throw new Error('Cannot find function');
      },
    });
    expect(createMemoryRelease({ load })()).toBeUndefined();
  });

  it('does nothing on other systems', () => {
    const { koffi, malloc_trim, mallopt } = fakeGlibc();
    stubProcess([], 'darwin');
    createMemoryRelease(koffi)();
    expect([...mallopt.mock.calls, ...malloc_trim.mock.calls]).toEqual([]);
  });
});
