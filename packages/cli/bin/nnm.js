#!/usr/bin/env node
import { execute } from '@oclif/core';

// npm packages installed on the user's behalf must not download what the CPU runtime does not need.
process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';

await execute({ dir: import.meta.url });
