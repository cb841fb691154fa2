import { InvalidArgumentError } from '@nnm/core';
import type { ProfileJob } from '../types.ts';

/** @throws {@link InvalidArgumentError} */
export function assertDistinctIds(jobs: readonly Pick<ProfileJob, 'id'>[]): void {
  const seen = new Set<string>();
  for (const { id } of jobs) {
    if (seen.has(id)) throw new InvalidArgumentError({ name: 'jobs', expected: 'jobs with distinct ids', got: `two of ${id}` });
    seen.add(id);
  }
}
