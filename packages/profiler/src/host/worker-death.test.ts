import { describe, expect, it } from 'vitest';
import { describeDeath } from './worker-death.ts';

describe('describeDeath', () => {
  it.each([
    [{ exitCode: null, signal: 'SIGSEGV', stderr: '' }, 'ERR_KERNEL_CRASHED', 'crashed with a segmentation fault (SIGSEGV)'],
    [{ exitCode: 3221225477, signal: null, stderr: '' }, 'ERR_KERNEL_CRASHED', 'crashed with an access violation (segmentation fault)'],
    [
      { exitCode: null, signal: 'SIGABRT', stderr: 'FATAL ERROR: JavaScript heap out of memory' },
      'ERR_KERNEL_OUT_OF_MEMORY',
      'ran out of memory',
    ],
    [
      { exitCode: null, signal: 'SIGABRT', stderr: "terminate called after throwing 'std::bad_alloc'" },
      'ERR_KERNEL_OUT_OF_MEMORY',
      'ran out of memory',
    ],
    [
      { exitCode: null, signal: 'SIGKILL', stderr: '' },
      'ERR_KERNEL_KILLED',
      'was killed (SIGKILL), by the system because memory ran out or by someone',
    ],
    [
      { exitCode: null, signal: 'SIGABRT', stderr: 'conv.cc:123 bias != nullptr was not true.\n' },
      'ERR_KERNEL_CRASHED',
      'crashed with an abort (SIGABRT), saying "conv.cc:123 bias != nullptr was not true."',
    ],
    [{ exitCode: 3, signal: null, stderr: '' }, 'ERR_KERNEL_CRASHED', 'ended by itself with exit code 3'],
  ])('%j', (end, code, reason) => {
    expect(describeDeath(end)).toEqual({ code, reason });
  });
});
