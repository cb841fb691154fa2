import { type LoadedModel, RuntimeFailureError } from '@nnm/core';
import { explainGuesses } from '@nnm/native-kit';
import koffi from 'koffi';
import { OK, type Pointer } from './bindings.ts';
import { checkInputs, describeTensor, fillTensor, readTensor, writeTensor } from './bound-tensor.ts';
import { createInterpreter } from './create-interpreter.ts';
import type { NativeSession } from './native-session.ts';

/**
 * Load a `.tflite` file into an interpreter and fill its inputs with noise.
 *
 * @throws {@link RuntimeFailureError} with the runtime's own words when it refuses the model
 */
export function loadNativeModel(session: NativeSession, file: Uint8Array): LoadedModel {
  const { api, backend, errors, values } = session;
  const cleanUp: (() => void)[] = [];
  const close = (): void => {
    while (cleanUp.length > 0) cleanUp.pop()!();
  };
  const isClosed = (): boolean => cleanUp.length === 0;
  const fail = (doing: string, otherwise: string, behind = ''): never => {
    throw new RuntimeFailureError({ backend, doing, reason: (errors.take() || otherwise).replace(/[\s.]+$/, '') + behind });
  };

  try {
    errors.take();
    // The interpreter reads weights from this memory for as long as it lives, so it must not be JavaScript's.
    const bytes = koffi.alloc('uint8_t', Math.max(1, file.length)) as Pointer;
    cleanUp.push(() => koffi.free(bytes));
    koffi.encode(bytes, 'uint8_t', file, file.length);
    const model = api.modelCreate(bytes, file.length) ?? fail('reading a model', 'the bytes are not a valid .tflite file');
    cleanUp.push(() => api.modelDelete(model));
    const interpreter = createInterpreter(session, model, cleanUp, fail);

    const inputs = Array.from({ length: api.inputCount(interpreter) }, (_, index) =>
      describeTensor(backend, api, api.input(interpreter, index)),
    );
    const outputs = Array.from({ length: api.outputCount(interpreter) }, (_, index) => api.output(interpreter, index));
    for (const output of outputs) describeTensor(backend, api, output);
    for (const input of inputs) fillTensor(backend, api, input, values);
    let filledForTiming = true;
    const run = (): void => {
      if (isClosed()) fail('running a model', 'the model was closed');
      if (api.invoke(interpreter) !== OK)
        fail('running a model', 'it gave no reason', filledForTiming ? explainGuesses(inputs, values) : '');
    };
    return {
      run,
      execute(tensors) {
        if (isClosed()) fail('running a model', 'the model was closed');
        checkInputs(inputs, tensors);
        inputs.forEach((input, index) => {
          writeTensor(backend, api, input, tensors[index]!.data, index);
        });
        filledForTiming = false;
        run();
        return outputs.map((output) => readTensor(backend, api, output));
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
