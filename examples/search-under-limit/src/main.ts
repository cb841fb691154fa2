// node dist/main.js <bundle> <limit in ms> [candidates]
import { readFileSync } from 'node:fs';
import { createRegistry, Rng } from '@nnm/core';
import kernelsConv from '@nnm/kernels-conv';
import kernelsMisc from '@nnm/kernels-misc';
import kernelsTensor from '@nnm/kernels-tensor';
import { modelPredictor, parseBundle } from '@nnm/model';
import { searchWidths } from './search.ts';

const [file = 'tflite.nnm.json', limit = '10', candidates = '2000'] = process.argv.slice(2);
const bundle = parseBundle(readFileSync(file, 'utf8'), { file });
const registry = createRegistry([kernelsConv, kernelsMisc, kernelsTensor]);
const started = performance.now();
const found = searchWidths(modelPredictor({ bundle, registry }), Number(limit), Number(candidates), new Rng(1));
console.log(found ?? 'No network is fast enough.');
console.log(`${Math.round(Number(candidates) / ((performance.now() - started) / 1000))} networks a second`);
