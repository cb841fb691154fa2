// Copies the TensorFlow Lite libraries, and nothing else, out of the npm package that holds them, so that whoever installs this package
// gets them as plain files: that package itself would be compiled on installation, for bindings that are not needed here.
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = [
  'linux_amd64/libtensorflowlite_c.so',
  'linux_arm64/libtensorflowlite_c.so',
  'darwin_arm64/libtensorflowlite_c.dylib',
  'windows_amd64/tensorflowlite_c.dll',
];

const require = createRequire(import.meta.url);
const source = dirname(require.resolve('tfjs-tflite-node/package.json'));
const licence = join(dirname(require.resolve('flatbuffers/package.json')), 'LICENSE');
const target = fileURLToPath(new URL('../native', import.meta.url));
const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));

for (const file of FILES) {
  const [from, to] = [join(source, 'cc_deps', file), join(target, file)];
  // A library that some process has loaded must never be written to: what is there stays, or a new file takes its place.
  const there = await readFile(to).catch(() => undefined);
  if (there?.equals(await readFile(from))) continue;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, `${to}.new`);
  await rename(`${to}.new`, to);
}
// The Apache License 2.0, the same text for both.
await copyFile(licence, join(target, 'LICENSE'));
await writeFile(
  join(target, 'NOTICE'),
  `TensorFlow Lite 2.9.0, C API. Copyright 2022 The TensorFlow Authors. All Rights Reserved. Apache License 2.0.
Unchanged files of the folder cc_deps of the npm package tfjs-tflite-node ${version} (https://github.com/tensorflow/tfjs).
`,
);
