import { GraphBuilder, writeInputNoise } from '@nnm/core';
import koffi from 'koffi';
import { expect, it } from 'vitest';
import { bundledLibrary, describeNative } from '../__fixtures__/native-runtime.ts';
import { tfliteCpu } from '../tflite-backend.ts';
import { loadTflite, type TfliteApi } from './bindings.ts';
import { createErrorLog } from './error-log.ts';
import { loadNativeModel } from './native-model.ts';

describeNative('loadNativeModel', () => {
  const g = new GraphBuilder('concat');
  const file = tfliteCpu.convert(g.build(g.concat([g.input([1, 30, 30, 3]), g.input([1, 30, 30, 40])])));

  function load(change: (api: TfliteApi) => Partial<TfliteApi>) {
    const api = loadTflite('tflite_cpu', { path: bundledLibrary!, label: 'test', hint: 'none' });
    const session = { backend: 'tflite_cpu', errors: createErrorLog(), threads: 1, delegate: 'none' } as const;
    return loadNativeModel({ ...session, api: { ...api, ...change(api) } }, file);
  }

  it('fills every input with noise', () => {
    const addresses: bigint[] = [];
    const model = load((api) => ({
      tensorData(tensor) {
        const address = api.tensorData(tensor);
        addresses.push(address!);
        return address;
      },
    }));
    const contents = [2700, 36_000].map((length, index) => new Float32Array(koffi.view(addresses[index]!, 4 * length).slice(0)));
    model.close();
    for (const content of contents) {
      const expected = new Float32Array(content.length);
      writeInputNoise(content.length, (piece, offset) => expected.set(piece, offset));
      expect(content).toEqual(expected);
    }
  });

  it('says so when an inference fails', () => {
    let status = 0;
    const model = load((api) => ({ invoke: (interpreter) => status || api.invoke(interpreter) }));
    model.run();
    status = 1;
    expect(() => model.run()).toThrow('tflite_cpu failed while running a model: it gave no reason.');
    model.close();
  });

  it('frees what it made when a model is refused half-way', () => {
    const freed: string[] = [];
    const spy = (api: TfliteApi) => ({
      allocateTensors: () => 1,
      interpreterDelete(interpreter: bigint) {
        freed.push('interpreter');
        api.interpreterDelete(interpreter);
      },
      modelDelete(model: bigint) {
        freed.push('model');
        api.modelDelete(model);
      },
    });
    expect(() => load(spy)).toThrow('tflite_cpu failed while preparing a model');
    expect(freed).toEqual(['interpreter', 'model']);
  });
});
