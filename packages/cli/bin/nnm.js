#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { superviseForeignCode } from '@nnm/cli/supervise';

if (!(await superviseForeignCode(fileURLToPath(import.meta.url)))) {
  const { runProgram } = await import('@nnm/cli/run-program');
  await runProgram(import.meta.url);
}
