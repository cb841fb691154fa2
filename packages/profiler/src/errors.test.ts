import { describe, expect, it } from 'vitest';
import { JournalWriteError, WorkerDeathError } from './errors.ts';

describe('JournalWriteError', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission is denied'],
    ['EIO', 'EIO'],
  ])('says what %s means', (systemCode, words) => {
    expect(new JournalWriteError({ file: 'results/a.jsonl', systemCode }).message).toBe(
      `The journal results/a.jsonl cannot be written: ${words}.`,
    );
  });
});

describe('WorkerDeathError', () => {
  it('is worth another try unless the kernel never ends', () => {
    const of = (code: 'ERR_KERNEL_TIMEOUT' | 'ERR_KERNEL_KILLED', started = true) =>
      new WorkerDeathError({ death: { code, reason: 'ended' }, doing: 'testing', started });
    expect(of('ERR_KERNEL_KILLED').retryable).toBe(true);
    expect(of('ERR_KERNEL_TIMEOUT').retryable).toBe(false);
    expect(of('ERR_KERNEL_KILLED').message).toBe('The profiling process ended while testing.');
    expect(of('ERR_KERNEL_KILLED', false).message).toBe('The profiling process ended before testing.');
  });
});
