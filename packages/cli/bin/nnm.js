#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { isSupervised, supervise } from '@nnm/cli/supervise';

if (isSupervised()) {
  const { runProgram } = await import('@nnm/cli/run-program');
  await runProgram(import.meta.url);
} else await supervise(fileURLToPath(import.meta.url));
