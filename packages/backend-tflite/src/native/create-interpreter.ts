import { closeDimensions } from '@nnm/native-kit';
import koffi from 'koffi';
import { OK, type Pointer } from './bindings.ts';
import type { NativeSession } from './native-session.ts';

/** Fails with the runtime's own words, or with these where it has none. */
export type Fail = (doing: string, otherwise: string) => never;

/** Bytes of a `TfLiteRegistration`, with room for what later versions add. All zero: an operator that prepares nothing and cannot run. */
const REGISTRATION_BYTES = 256;
const MAX_CUSTOM_OPERATORS = 100;

/**
 * An interpreter with its own delegate, which does no more than packing this model's weights, and with its tensors in place.
 *
 * A custom operator that the library does not know is announced as one that cannot run, and the delegate may take it, as XNNPACK takes
 * some of MediaPipe's; whether it did shows when the model is run once.
 */
export function createInterpreter(session: NativeSession, model: Pointer, cleanUp: (() => void)[], fail: Fail): Pointer {
  const { api, errors } = session;
  const unknown: string[] = [];
  for (;;) {
    const before = cleanUp.length;
    const { interpreter, doing } = tryInterpreter(session, model, unknown, cleanUp, fail);
    if (interpreter !== undefined) {
      if (unknown.length > 0 && api.invoke(interpreter) !== OK) {
        const said = errors.take();
        if (!unknown.some((name) => said.includes(name))) return fail('running a model', explain(said));
        const which = unknown.map((name) => `"${name}"`).join(' and ');
        const taker = session.delegate === 'xnnpack' ? ', and XNNPACK does not take over what it stands for' : '';
        return fail('loading a model', `the library has no custom operator ${which}${taker}`);
      }
      return interpreter;
    }
    const said = errors.take();
    const name = /unresolved custom op: (.+?)\.?\s*(?:See instructions|Node number|$)/s.exec(said)?.[1];
    while (cleanUp.length > before) cleanUp.pop()?.();
    if (name === undefined || unknown.includes(name) || unknown.length >= MAX_CUSTOM_OPERATORS) {
      // The library says of dynamic tensors that XNNPACK refuses them, but to stderr.
      const takenWithout = said === '' && session.delegate === 'xnnpack' && runsWithout(session, model, unknown, cleanUp, fail);
      return fail(doing, takenWithout ? DYNAMIC_TENSORS : explain(said));
    }
    unknown.push(name);
  }
}

/** True when the library takes a model that it refuses with its delegate. */
function runsWithout(
  session: NativeSession,
  model: Pointer,
  customOperators: readonly string[],
  cleanUp: (() => void)[],
  fail: Fail,
): boolean {
  return tryInterpreter({ ...session, delegate: 'none' }, model, customOperators, cleanUp, fail).interpreter !== undefined;
}

/** An interpreter, or what the library was doing when it refused the model; its words are in the error log then. */
interface Attempt {
  readonly interpreter?: Pointer;
  readonly doing: string;
}

function tryInterpreter(
  session: NativeSession,
  model: Pointer,
  customOperators: readonly string[],
  cleanUp: (() => void)[],
  fail: Fail,
): Attempt {
  const { api, delegate, errors, threads, sizes } = session;
  const options = api.optionsCreate();
  try {
    api.optionsSetNumThreads(options, threads);
    api.optionsSetErrorReporter(options, errors.reporter, null);
    for (const name of customOperators) announce(session, options, name, cleanUp);
    const xnnpack =
      delegate === 'xnnpack' ? (api.xnnpack?.create(xnnpackOptions(threads)) ?? fail('starting XNNPACK', 'it gave no reason')) : null;
    if (xnnpack !== null) cleanUp.push(() => api.xnnpack?.remove(xnnpack));
    // Once a delegate has taken a graph over, the sizes of its inputs are fixed: they change before, where any do.
    const resizes = sizes !== undefined && Object.keys(sizes).length > 0;
    if (xnnpack !== null && !resizes) api.optionsAddDelegate(options, xnnpack);
    const interpreter = api.interpreterCreate(model, options);
    if (interpreter === null) return { doing: 'loading a model' };
    cleanUp.push(() => api.interpreterDelete(interpreter));
    if (resizes) {
      resizeInputs(session, interpreter, fail);
      if (xnnpack !== null && api.modifyGraph(interpreter, xnnpack) !== OK) return { doing: 'loading a model' };
    }
    const doing = 'preparing a model';
    return api.allocateTensors(interpreter) === OK ? { interpreter, doing } : { doing };
  } finally {
    api.optionsDelete(options);
  }
}

/** Announce a custom operator. The library keeps pointers to its name and description. */
function announce({ api }: NativeSession, options: Pointer, name: string, cleanUp: (() => void)[]): void {
  const text = Buffer.from(`${name}\0`, 'utf8');
  const [nameMemory, registration] = [text.length, REGISTRATION_BYTES].map((bytes) => koffi.alloc('uint8_t', bytes) as Pointer) as [
    Pointer,
    Pointer,
  ];
  koffi.encode(nameMemory, 'uint8_t', text, text.length);
  koffi.encode(registration, 'uint8_t', new Uint8Array(REGISTRATION_BYTES), REGISTRATION_BYTES);
  cleanUp.push(() => {
    koffi.free(nameMemory);
    koffi.free(registration);
  });
  api.optionsAddCustomOp(options, nameMemory, registration, 1, 1000);
}

/** Give inputs the sizes that the settings ask for. */
function resizeInputs({ api, backend, sizes }: NativeSession, interpreter: Pointer, fail: Fail): void {
  const inputs = Array.from({ length: api.inputCount(interpreter) }, (_, index) => {
    const pointer = api.input(interpreter, index);
    const shape = Array.from({ length: api.tensorNumDims(pointer) }, (_, axis) => api.tensorDim(pointer, axis));
    return { name: api.tensorName(pointer), shape };
  });
  closeDimensions(backend, inputs, sizes).forEach((shape, index) => {
    const { name, shape: before } = inputs[index] as (typeof inputs)[number];
    if (shape.join() === before.join()) return;
    const said = api.resizeInput(interpreter, index, Int32Array.from(shape), shape.length);
    if (said !== OK) fail('resizing an input', `"${name}" cannot have the shape [${shape.join(', ')}]`);
  });
}

const DYNAMIC_TENSORS =
  'XNNPACK refused dynamic tensors: sizes in this model are known only while it runs, and XNNPACK takes fixed ones alone; set DELEGATE ' +
  'to none in configs/backend_config.yaml';

const TOO_SMALL =
  'an input, with its sizes as the file has them, is smaller than a window of the model; DIMENSIONS in configs/backend_config.yaml sets others, ' +
  'by the name of the input and the axis, as in "input.1: 16000"';

/** The library's words, or what they mean where they do not say it. */
function explain(said: string): string {
  // The size of what such a window makes is negative.
  if (/number of elements overflowed/.test(said)) return `${TOO_SMALL} (${said.replace(/[\s.]+$/, '')})`;
  return /static-sized tensors|dynamic-sized tensors/.test(said) ? DYNAMIC_TENSORS : said || 'it gave no reason';
}

/**
 * `TfLiteXNNPackDelegateOptions`: the number of threads comes first in every version; what follows differs and is left zero,
 * with room to spare. Null, the library's own defaults, is the same for one thread.
 */
const xnnpackOptions = (threads: number): Int32Array | null => (threads === 1 ? null : Int32Array.of(threads, ...new Array(63).fill(0)));
