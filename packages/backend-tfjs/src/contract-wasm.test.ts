import { backendContract } from '@nnm/core/testing';
import { it } from 'vitest';
import { tfjsWasm } from './index.ts';
import startWasm from './runtime-wasm.ts';

for (const { name, run } of backendContract(tfjsWasm, { factory: startWasm })) it(name, run);
