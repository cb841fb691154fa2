import { backendContract } from '@nnm/core/testing';
import { describe, it } from 'vitest';
import { tfliteCpu } from './index.ts';

describe('contract', () => {
  for (const { name, run } of backendContract(tfliteCpu)) it(name, run);
});
