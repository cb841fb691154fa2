import { backendContract } from '@nnm/core/testing';
import { it } from 'vitest';
import { describeNative } from './__fixtures__/native-runtime.ts';
import { tfliteCpu } from './index.ts';

describeNative('contract with XNNPACK', () => {
  for (const { name, run } of backendContract(tfliteCpu)) it(name, run);
});

describeNative('contract without delegate, on two threads', () => {
  for (const { name, run } of backendContract(tfliteCpu, { settings: { DELEGATE: 'none', THREADS: 2 } })) it(name, run);
});
