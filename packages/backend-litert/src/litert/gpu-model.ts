/// <reference types="@webgpu/types" />
import { type LoadedModel, RuntimeFailureError, type Tensor } from '@nnm/core';
import { fillInput } from '@nnm/native-kit/tensors';
import { checkInputs, decodeOutput, encodeInput } from './boundary.ts';
import type { TensorBuffer, TensorType } from './litert-api.ts';
import { failed, openModel, type Port } from './open-model.ts';
import type { Session } from './session.ts';

/** A session on a GPU. */
export interface GpuSession extends Session {
  readonly device: GPUDevice;
}

/** An input on the GPU: what LiteRT calls it, and what it is to the page. */
interface GpuInput {
  readonly buffer: GPUBuffer;
  readonly tensor: TensorBuffer;
}

const aligned = (bytes: number): number => Math.max(4, (bytes + 3) & ~3);

/**
 * Load a `.tflite` file to be run on a GPU, its inputs and outputs there. A run ends when the GPU has the result.
 *
 * @throws {@link RuntimeFailureError} with LiteRT's own words when it refuses the model, or leaves a part of it to the CPU
 */
export async function loadGpuModel(session: GpuSession, file: Uint8Array): Promise<LoadedModel> {
  const { backend, device, values } = session;
  const fail = (doing: string, reason: string): never => {
    throw new RuntimeFailureError({ backend, doing, reason });
  };
  const model = await openModel(session, file, 'webgpu');
  const inputs: GpuInput[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const { buffer, tensor } of inputs) {
      tensor.delete();
      buffer.destroy();
    }
    model.close();
  };
  try {
    if (!model.compiled.isFullyAccelerated()) {
      fail('loading a model', 'its GPU delegate does not take every operator of it, and would leave the rest to the CPU');
    }
    for (const [index, port] of model.inputs.entries()) inputs.push(createInput(session, model.inputType(index), port));
    for (const [index, port] of model.inputs.entries()) {
      const { buffer } = inputs[index] as GpuInput;
      const bytes = new Uint8Array(aligned(port.type.bytes * port.elements));
      fillInput(port, port.elements, values, (piece, offset) => bytes.set(piece, offset));
      device.queue.writeBuffer(buffer, 0, bytes);
    }
    checkOutputs(session, await model.compiled.run(0, tensorsOf(inputs)));
    await device.queue.onSubmittedWorkDone();
  } catch (cause) {
    close();
    throw failed(session, 'loading a model', cause);
  }
  const invoke = async (): Promise<readonly TensorBuffer[]> => {
    if (!open) fail('running a model', 'the model was closed');
    try {
      return await model.compiled.run(0, tensorsOf(inputs));
    } catch (cause) {
      throw failed(session, 'running a model', cause);
    }
  };
  return {
    async run() {
      const outputs = await invoke();
      await device.queue.onSubmittedWorkDone();
      for (const output of outputs) output.delete();
    },
    async execute(tensors) {
      if (open) {
        checkInputs(model.inputs, tensors);
        const encoded = model.inputs.map((port, index) => encodeInput(port, tensors[index] as Tensor, index));
        for (const [index, bytes] of encoded.entries()) device.queue.writeBuffer((inputs[index] as GpuInput).buffer, 0, padded(bytes));
      }
      const outputs = await invoke();
      try {
        return await Promise.all(outputs.map((output, index) => readOutput(session, output, model.outputs[index] as Port)));
      } finally {
        for (const output of outputs) output.delete();
      }
    },
    close,
  };
}

const tensorsOf = (inputs: readonly GpuInput[]): readonly TensorBuffer[] => inputs.map(({ tensor }) => tensor);

/** It says that it takes a model whole, and leaves some results in the memory of the CPU all the same. */
function checkOutputs({ backend }: GpuSession, outputs: readonly TensorBuffer[]): void {
  try {
    for (const output of outputs) output.getWebGpuBuffer();
  } catch (cause) {
    const reason = 'its GPU delegate leaves a result in the memory of the CPU, so a part of it does not run on the GPU';
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason }, { cause });
  } finally {
    for (const output of outputs) output.delete();
  }
}

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(aligned(bytes.length));
  copy.set(bytes);
  return copy;
}

function createInput({ module, environment, device }: GpuSession, type: TensorType, { type: element, elements }: Port): GpuInput {
  const { wasm } = module;
  const size = aligned(element.bytes * elements);
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | GPUBufferUsage.STORAGE;
  const buffer = device.createBuffer({ size, usage });
  const imported = wasm.WebGPU.importJsBuffer(buffer);
  const kind = wasm.LiteRtTensorBufferType.WEB_GPU_BUFFER_PACKED;
  const tensor = wasm.LiteRtTensorBuffer.createFromWebGpuBuffer(environment, type, kind, imported, size);
  type.delete();
  return {
    buffer,
    tensor,
  };
}

async function readOutput({ module: { wasm }, device }: GpuSession, output: TensorBuffer, port: Port): Promise<Tensor> {
  const source = wasm.WebGPU.getJsObject(output.getWebGpuBuffer());
  const bytes = port.type.bytes * port.elements;
  const target = device.createBuffer({ size: aligned(bytes), usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, output.offset(), target, 0, aligned(bytes));
  device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  const tensor = decodeOutput(port, new Uint8Array(target.getMappedRange(), 0, bytes));
  target.destroy();
  return tensor;
}
