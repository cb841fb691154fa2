import { RuntimeUnavailableError } from '@nnm/core';
import { ReferenceBackend } from '@nnm/core/testing';
import { Ansis } from 'ansis';
import { expect, it } from 'vitest';
import { checkPlugin } from './check-plugin.ts';
import { renderChecks } from './render-check.ts';

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
  const lines = renderChecks([backend!], new Ansis(0)).split('\n');
  expect(lines.length, 'the one reason is said once').toBeLessThan(20);
  expect(lines.filter((line) => line.includes('no library'))).toHaveLength(1);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}✗ and \d+ more, for the same reason:$/));
});
