import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { kernelContract } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import kernelsTransformer from '@nnm/kernels-transformer';
import { describe, it } from 'vitest';

// The same lines as in anyone's plugin: every built-in kernel meets the contract, on both runtimes.
for (const kernel of [kernelsConv, kernelsMisc, kernelsTensor, kernelsTransformer].flatMap(({ kernels = [] }) => kernels)) {
  describe(kernel.type, () => {
    for (const { name, run } of kernelContract(kernel, { backends: [tfliteCpu, torchCpu] })) it(name, run);
  });
}
