import { BuiltinOperator } from '@nnm/tflite-format';
import koffi from 'koffi';
import { loadTflite, OK, type Pointer } from '../native/bindings.ts';
import { chooseLibrary } from '../native/library.ts';

/** `kTfLiteBuiltinDelegate`: the node that a delegate put in the place of those it took. */
const DELEGATE = 51;
/** `kTfLiteDelegateFlagsAllowDynamicTensors`: lets another delegate be applied after this one. */
const ALLOW_DYNAMIC_TENSORS = 1n;

/** Offsets in the C structures of TensorFlow Lite 2.9, 64 bits. */
const CONTEXT = { getExecutionPlan: 8, getNodeAndRegistration: 56 };
const REGISTRATION = { builtinCode: 40 };
const DELEGATE_SIZE = 64;

const prepareType = koffi.proto('int nnmPrepare(void *context, void *delegate)');
const planType = koffi.proto('int nnmGetExecutionPlan(void *context, _Out_ void **plan)');
const nodeType = koffi.proto('int nnmGetNode(void *context, int index, _Out_ void **node, _Out_ void **registration)');

const NAMES = new Map<number, string>(Object.entries(BuiltinOperator).map(([name, code]) => [code, name]));

/**
 * The operators that TensorFlow Lite runs by itself after XNNPACK has taken what it takes, by name; `DELEGATE` for what it took.
 *
 * A delegate of our own, which takes nothing, is applied first and keeps the functions that list the nodes; they are called
 * once XNNPACK is done.
 */
export function executionPlan(file: Uint8Array): readonly string[] {
  const platform = `${process.platform}-${process.arch}`;
  const api = loadTflite('tflite_cpu', chooseLibrary({ backend: 'tflite_cpu', setting: undefined, platform }));
  let context: Pointer = 0n;
  let functions = { plan: 0n, node: 0n };
  const prepare = koffi.register((given: Pointer) => {
    context = given;
    functions = {
      plan: koffi.decode(given, CONTEXT.getExecutionPlan, 'uintptr_t') as bigint,
      node: koffi.decode(given, CONTEXT.getNodeAndRegistration, 'uintptr_t') as bigint,
    };
    return OK;
  }, koffi.pointer(prepareType));
  const delegate = koffi.alloc('uint8_t', DELEGATE_SIZE) as Pointer;
  const fields = new BigUint64Array(DELEGATE_SIZE / 8);
  fields[1] = BigInt(koffi.address(prepare));
  fields[5] = ALLOW_DYNAMIC_TENSORS;
  koffi.encode(delegate, 'uint64_t', fields, fields.length);

  const bytes = koffi.alloc('uint8_t', file.length) as Pointer;
  koffi.encode(bytes, 'uint8_t', file, file.length);
  const model = api.modelCreate(bytes, file.length) as Pointer;
  const options = api.optionsCreate();
  const xnnpack = api.xnnpack?.create(null) as Pointer;
  api.optionsAddDelegate(options, delegate);
  api.optionsAddDelegate(options, xnnpack);
  const interpreter = api.interpreterCreate(model, options) as Pointer;
  try {
    if (interpreter === null || api.allocateTensors(interpreter) !== OK) throw new Error('the model is refused');
    const plan: [Pointer | null] = [null];
    koffi.call(functions.plan, planType, context, plan);
    const count = koffi.decode(plan[0], 'int') as number;
    const nodes = koffi.decode(plan[0], 4, 'int', count) as ArrayLike<number>;
    return Array.from(nodes, (index) => {
      const [node, registration]: [[Pointer | null], [Pointer | null]] = [[null], [null]];
      koffi.call(functions.node, nodeType, context, index, node, registration);
      const code = koffi.decode(registration[0], REGISTRATION.builtinCode, 'int') as number;
      return code === DELEGATE ? 'DELEGATE' : (NAMES.get(code) ?? String(code));
    });
  } finally {
    if (interpreter !== null) api.interpreterDelete(interpreter);
    api.xnnpack?.remove(xnnpack);
    api.optionsDelete(options);
    api.modelDelete(model);
    koffi.free(bytes);
    koffi.free(delegate);
    koffi.unregister(prepare);
  }
}
