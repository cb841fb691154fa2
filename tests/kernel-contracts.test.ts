import { tfliteCpu } from '@nnm/backend-tflite';
import { torchCpu } from '@nnm/backend-torch';
import { kernelContract } from '@nnm/core/testing';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import { describe, it } from 'vitest';

// The same lines as in anyone's plugin: every built-in kernel meets the contract, on both runtimes.
for (const kernel of [...(kernelsConv.kernels ?? []), ...(kernelsMisc.kernels ?? [])]) {
  describe(kernel.type, () => {
    for (const { name, run } of kernelContract(kernel, { backends: [tfliteCpu, torchCpu] })) it(name, run);
  });
}
