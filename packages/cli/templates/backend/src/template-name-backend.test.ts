import { backendContract } from '@nnm/core/testing';
import { it } from 'vitest';
import startRuntime from './runtime.ts';
import { templateName } from './template-name-backend.ts';

// What every backend must do. For an operator that yours does not have, `convert` throws an UnsupportedOperatorError that names it; one
// of the basic operators also goes into `mayRefuse`.
for (const { name, run } of backendContract(templateName, { factory: startRuntime, mayRefuse: [] })) it(name, run);
