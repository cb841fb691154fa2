import { RuntimeUnavailableError } from '@nnm/core';
import { ReferenceBackend } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { checkPlugin } from './check-plugin.ts';

class AbsentBackend extends ReferenceBackend {
  override readonly id = 'absent';
  override readonly runtime = () => {
    throw new RuntimeUnavailableError({ backend: this.id, reason: 'no library', hint: 'Install it.' });
  };
}

it('does not blame a kernel for a runtime that this machine lacks, but does blame the backend', async () => {
  const { templateName: kernel } = await import('../../templates/kernel/src/template-name.ts');
  const [report] = await checkPlugin({ name: 'nnm-x', apiVersion: 1, kernels: [kernel] }, { backends: [new AbsentBackend()] });
  expect(report?.failures).toEqual([]);
  expect(report?.notes).toEqual([
    expect.stringContaining(
      'skipped: gives finite, right outputs on absent (tensorflow) (The runtime of absent cannot be started: no library.)',
    ),
    expect.stringContaining('absent (torch)'),
  ]);
  const [backend] = await checkPlugin({ name: 'nnm-y', apiVersion: 1, backends: [new AbsentBackend()] });
  expect(backend?.failures.length).toBeGreaterThan(10);
});
