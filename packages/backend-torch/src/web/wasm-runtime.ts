import { type LoadedModel, NnmError, type Runtime, RuntimeFailureError, type RuntimeInfo } from '@nnm/core';
import { closeDimensions, explainGuesses, fillInput, OpenModels } from '@nnm/native-kit/tensors';
import { readNotes } from '../lowering/model-metadata.ts';
import { countElements, readOutputs, writeInputs } from '../native/ports.ts';
import { lastError, type OrtWasm, POINTER, putText } from './ort-wasm.ts';
import { createTensor, describePort, type NamedPort, readTensor, type WasmTensor } from './wasm-ports.ts';
import type { WebSettings } from './web-settings.ts';

const LEVEL = { disabled: 0, basic: 1, extended: 2, all: 99 } as const;
const LOG_FATAL = 4;
const SEQUENTIAL = 0;

/** ONNX Runtime in WebAssembly on the CPU, called synchronously, inputs and outputs in its own memory. */
export function createWasmRuntime(backend: string, wasm: OrtWasm, settings: WebSettings, info: RuntimeInfo): Runtime {
  const models = new OpenModels(backend);
  return {
    info,
    load(bytes) {
      models.assertOpen();
      return models.keep(loadModel(backend, wasm, settings, bytes));
    },
    close() {
      for (const model of models.end()) void model.close();
    },
  };
}

function loadModel(backend: string, wasm: OrtWasm, settings: WebSettings, bytes: Uint8Array): LoadedModel {
  const fail = (doing: string, reason: string): never => {
    throw new RuntimeFailureError({ backend, doing, reason });
  };
  const cleanUp: (() => void)[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    while (cleanUp.length > 0) cleanUp.pop()?.();
  };
  try {
    const session = createSession(wasm, settings, bytes) || fail('loading a model', lastError(wasm));
    cleanUp.push(() => wasm._OrtReleaseSession(session));
    const [inputs, outputs] = listPorts(backend, wasm, session, readNotes(bytes).channelsLast);
    cleanUp.push(() => {
      for (const { nameAddress } of [...inputs, ...outputs]) wasm._OrtFree(nameAddress);
    });
    const bind = (port: NamedPort, shape: readonly number[]): WasmTensor => {
      const tensor = createTensor(wasm, port, shape);
      cleanUp.push(tensor.release);
      return tensor;
    };
    const shapes = closeDimensions(backend, inputs, settings.DIMENSIONS);
    const fed = inputs.map((port, index) => bind(port, shapes[index] as readonly number[]));
    for (const tensor of fed) {
      fillInput(tensor, countElements(tensor.shape), settings.INPUTS, (piece, offset) => tensor.bytes.set(piece, offset));
    }
    // Where an output's sizes are open the runtime makes its tensor, on every run.
    const bound = outputs.map((port) => (port.shape.every((size) => size >= 0) ? bind(port, port.shape) : undefined));
    const call = listCall(wasm, inputs, fed, outputs, bound, cleanUp);
    const runOptions = wasm._OrtCreateRunOptions(LOG_FATAL, 0, false, 0);
    cleanUp.push(() => wasm._OrtReleaseRunOptions(runOptions));
    let filledForTiming = true;
    const invoke = (): void => {
      if (!open) fail('running a model', 'the model was closed');
      call.reset();
      const code = wasm._OrtRun(
        session,
        call.inputNames,
        call.inputs,
        fed.length,
        call.outputNames,
        outputs.length,
        call.outputs,
        runOptions,
      );
      if (code !== 0) fail('running a model', lastError(wasm) + (filledForTiming ? explainGuesses(fed, settings.INPUTS) : ''));
    };
    return {
      run() {
        invoke();
        call.releaseMade();
      },
      execute(tensors) {
        if (open) {
          writeInputs(fed, tensors);
          filledForTiming = false;
        }
        invoke();
        const read = readOutputs(outputs.map((port, index) => bound[index] ?? readTensor(wasm, port, call.output(index))));
        call.releaseMade();
        return read;
      },
      close,
    };
  } catch (cause) {
    close();
    if (NnmError.isInstance(cause)) throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/[\s.]+$/, '');
    throw new RuntimeFailureError({ backend, doing: 'loading a model', reason }, { cause });
  }
}

/** @returns 0 when the runtime refuses the model */
function createSession(wasm: OrtWasm, { GRAPH_OPTIMIZATION, DIMENSIONS = {} }: WebSettings, bytes: Uint8Array): number {
  const options = wasm._OrtCreateSessionOptions(LEVEL[GRAPH_OPTIMIZATION], true, true, SEQUENTIAL, false, 0, 0, LOG_FATAL, 0, 0);
  const names = Object.entries(DIMENSIONS).map(([name, size]) => {
    const address = putText(wasm, name);
    wasm._OrtAddFreeDimensionOverride(options, address, size);
    return address;
  });
  const memory = wasm._malloc(Math.max(1, bytes.length));
  try {
    if (memory === 0) throw new Error(`WebAssembly has no memory left for ${bytes.length} bytes`);
    wasm.HEAPU8.set(bytes, memory);
    return wasm._OrtCreateSession(memory, bytes.length, options) as number;
  } finally {
    for (const address of [memory, ...names]) wasm._free(address);
    wasm._OrtReleaseSessionOptions(options);
  }
}

function listPorts(
  backend: string,
  wasm: OrtWasm,
  session: number,
  channelsLast: ReadonlySet<string>,
): readonly [readonly NamedPort[], readonly NamedPort[]] {
  const place = wasm._malloc(2 * POINTER);
  wasm._OrtGetInputOutputCount(session, place, place + POINTER);
  const [inputs, outputs] = [...wasm.HEAPU32.subarray(place / POINTER, place / POINTER + 2)] as [number, number];
  wasm._free(place);
  const ports = Array.from({ length: inputs + outputs }, (_, index) => describePort(backend, wasm, session, index, channelsLast));
  return [ports.slice(0, inputs), ports.slice(inputs)];
}

/** The arguments of a run, in the module's memory. */
interface Call {
  readonly inputNames: number;
  readonly inputs: number;
  readonly outputNames: number;
  readonly outputs: number;
  /** Put the outputs' handles in their places, 0 for those that the runtime makes. */
  reset(): void;
  /** The handle of an output after a run. */
  output(index: number): number;
  /** Release the tensors that the runtime has made. */
  releaseMade(): void;
}

function listCall(
  wasm: OrtWasm,
  inputs: readonly NamedPort[],
  fed: readonly WasmTensor[],
  outputs: readonly NamedPort[],
  bound: readonly (WasmTensor | undefined)[],
  cleanUp: (() => void)[],
): Call {
  const list = (values: readonly number[]): number => {
    const address = wasm._malloc(Math.max(1, POINTER * values.length));
    wasm.HEAPU32.set(values, address / POINTER);
    cleanUp.push(() => wasm._free(address));
    return address;
  };
  const handles = bound.map((tensor) => tensor?.handle ?? 0);
  const made = handles.flatMap((handle, index) => (handle === 0 ? [index] : []));
  const place = list(handles);
  return {
    inputNames: list(inputs.map(({ nameAddress }) => nameAddress)),
    inputs: list(fed.map(({ handle }) => handle)),
    outputNames: list(outputs.map(({ nameAddress }) => nameAddress)),
    outputs: place,
    reset: () => wasm.HEAPU32.set(handles, place / POINTER),
    output: (index) => wasm.HEAPU32[place / POINTER + index] as number,
    releaseMade() {
      for (const index of made) wasm._OrtReleaseTensor(wasm.HEAPU32[place / POINTER + index] as number);
    },
  };
}
