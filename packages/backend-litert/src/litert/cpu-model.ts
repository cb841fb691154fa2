import { type LoadedModel, RuntimeFailureError, type Tensor } from '@nnm/core';
import { explainGuesses, fillInput } from '@nnm/native-kit/tensors';
import { checkInputs, decodeOutput, encodeInput } from './boundary.ts';
import type { TensorBuffer } from './litert-api.ts';
import { failed, type OpenModel, openModelNow, type Port } from './open-model.ts';
import type { Session } from './session.ts';

/**
 * Load a `.tflite` file to be run by XNNPACK in WebAssembly, and fill its inputs with noise. LiteRT makes the tensors of its outputs anew
 * on every run; they are deleted within it.
 *
 * @throws {@link RuntimeFailureError} with LiteRT's own words when it refuses the model
 */
export function loadCpuModel(session: Session, file: Uint8Array): LoadedModel {
  const { backend, values } = session;
  const model = openModelNow(session, file);
  const buffers: TensorBuffer[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const buffer of buffers) buffer.delete();
    model.close();
  };
  const invoke = (): readonly TensorBuffer[] => {
    if (!open) throw new RuntimeFailureError({ backend, doing: 'running a model', reason: 'the model was closed' });
    try {
      return model.compiled.run(0, buffers) as TensorBuffer[];
    } catch (cause) {
      throw failed(session, 'running a model', cause, filledForTiming ? explainGuesses(model.inputs, values) : '');
    }
  };
  let filledForTiming = true;
  try {
    for (const [index, input] of model.inputs.entries()) buffers.push(createInput(session, model, input, index));
  } catch (cause) {
    close();
    throw failed(session, 'loading a model', cause);
  }
  return {
    run() {
      for (const output of invoke()) output.delete();
    },
    execute(tensors) {
      if (open) {
        checkInputs(model.inputs, tensors);
        const encoded = model.inputs.map((input, index) => encodeInput(input, tensors[index] as Tensor, index));
        for (const [index, bytes] of encoded.entries()) write(session, buffers[index] as TensorBuffer, (memory) => memory.set(bytes));
        filledForTiming = false;
      }
      const outputs = invoke();
      try {
        return outputs.map((output, index) => read(session, output, model.outputs[index] as Port));
      } finally {
        for (const output of outputs) output.delete();
      }
    },
    close,
  };
}

function createInput(session: Session, model: OpenModel, input: Port, index: number): TensorBuffer {
  const { module, environment, values } = session;
  const { wasm } = module;
  const type = model.inputType(index);
  const buffer = wasm.LiteRtTensorBuffer.createManaged(environment, wasm.LiteRtTensorBufferType.HOST_MEMORY, type, type.bytes());
  type.delete();
  write(session, buffer, (memory) => fillInput(input, input.elements, values, (piece, offset) => memory.set(piece, offset)));
  return buffer;
}

function write({ module: { wasm } }: Session, buffer: TensorBuffer, fill: (memory: Uint8Array) => void): void {
  const address = buffer.lock(wasm.LiteRtTensorBufferLockMode.WRITE);
  try {
    fill(wasm.HEAPU8.subarray(address, address + buffer.size()));
  } finally {
    buffer.unlock();
  }
}

function read({ module: { wasm } }: Session, buffer: TensorBuffer, output: Port): Tensor {
  const address = buffer.lock(wasm.LiteRtTensorBufferLockMode.READ);
  try {
    return decodeOutput(output, wasm.HEAPU8.subarray(address, address + output.type.bytes * output.elements));
  } finally {
    buffer.unlock();
  }
}
