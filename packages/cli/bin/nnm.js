#!/usr/bin/env node
import { execute } from '@oclif/core';

// npm packages installed on the user's behalf must not download what the CPU runtime does not need.
process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';
// Neither end is a terminal: no colours from oclif either, which takes CI=true for a terminal.
if (!process.stdout.isTTY && !process.stderr.isTTY && !process.env.FORCE_COLOR) process.env.NO_COLOR ??= '1';

await execute({ dir: import.meta.url });
