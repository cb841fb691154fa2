import { backendContract } from '@nnm/core/testing';
import { it } from 'vitest';
import startRuntime from './runtime.ts';
import { templateName } from './template-name-backend.ts';

// What every backend must do. Operators that yours cannot express go into `mayRefuse`; `convert` throws a ConversionError for them.
for (const { name, run } of backendContract(templateName, { factory: startRuntime, mayRefuse: [] })) it(name, run);
