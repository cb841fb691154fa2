import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RuntimeUnavailableError } from '@nnm/core';

/** Environment variable with the path of another ONNX Runtime library. */
export const LIBRARY_VARIABLE = 'NNM_ORT_LIBRARY';

/** Where the ONNX Runtime library is, and how to name it in facts about a measurement. */
export interface LibraryLocation {
  readonly file: string;
  /** `onnxruntime-node@1.30.0` for the one inside that package, else the path: equal labels mean equal libraries. */
  readonly label: string;
  /** What to do when it does not work. */
  readonly hint: string;
}

const FILE_NAME: Readonly<Record<string, RegExp>> = {
  linux: /^libonnxruntime\.so(\.\d+)*$/,
  darwin: /^libonnxruntime(\.\d+)*\.dylib$/,
  win32: /^onnxruntime\.dll$/,
};

/** What to do where onnxruntime-node is missing or not whole. */
export const INSTALL_HINT =
  `Run \`npm install --ignore-scripts onnxruntime-node\` in ${installationFolder()} (its install script would download GPU libraries, ` +
  `which are not needed), or set LIBRARY in configs/backend_config.yaml or the environment variable ${LIBRARY_VARIABLE} to the path of ` +
  `an ONNX Runtime library for ${process.platform} ${process.arch}.`;

/** The folder in whose \`node_modules\` this package lies. */
function installationFolder(): string {
  const [before, ...rest] = fileURLToPath(import.meta.url).split(/[\\/]node_modules[\\/]/);
  return rest.length === 0 || before === undefined ? 'your project' : before;
}

/**
 * Find the ONNX Runtime library: the chosen one, else the one inside the npm package onnxruntime-node.
 *
 * @throws {@link RuntimeUnavailableError} when the package or its library for this platform is missing
 */
export function findLibrary(backend: string, choice: { readonly file: string; readonly hint: string } | undefined): LibraryLocation {
  if (choice !== undefined) {
    const file = path.resolve(choice.file);
    return { file, label: file, hint: choice.hint };
  }
  const root = packageRoot(backend);
  const { version } = createRequire(import.meta.url)(path.join(root, 'package.json')) as { version: string };
  const pattern = FILE_NAME[process.platform];
  const [file] = pattern === undefined ? [] : listNativeFiles(root).filter((name) => pattern.test(path.basename(name)));
  if (file === undefined) {
    const reason = `onnxruntime-node ${version} holds no library for ${process.platform} ${process.arch} in ${root}`;
    throw new RuntimeUnavailableError({ backend, reason, hint: INSTALL_HINT });
  }
  return { file, label: `onnxruntime-node@${version}`, hint: INSTALL_HINT };
}

function packageRoot(backend: string): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch (cause) {
    throw new RuntimeUnavailableError(
      { backend, reason: 'the npm package onnxruntime-node is not installed', hint: INSTALL_HINT },
      { cause },
    );
  }
}

/** Files in `bin/napi-v*` for this platform and processor. */
function listNativeFiles(root: string): readonly string[] {
  const list = (folder: string): readonly string[] => {
    try {
      return readdirSync(folder).map((name) => path.join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  return list(path.join(root, 'bin'))
    .filter((folder) => path.basename(folder).startsWith('napi-'))
    .flatMap((folder) => list(path.join(folder, process.platform, process.arch)));
}
