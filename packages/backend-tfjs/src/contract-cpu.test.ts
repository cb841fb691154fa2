import { backendContract } from '@nnm/core/testing';
import { it } from 'vitest';
import { tfjsCpu } from './index.ts';
import startCpu from './runtime-cpu.ts';

for (const { name, run } of backendContract(tfjsCpu, { factory: startCpu })) it(name, run);
