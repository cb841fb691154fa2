import path from 'node:path';

/** Absolute paths inside a workspace. */
export interface WorkspacePaths {
  readonly buildConfig: string;
  readonly backendConfig: string;
  readonly manifest: string;
  readonly kernels: string;
  readonly results: string;
  readonly collection: string;
  readonly predictors: string;
  /** Kernel data that was measured elsewhere, a file per kernel. */
  readonly imported: string;
  /** What is known of whole networks: their measurements, and how they follow from their kernels. */
  readonly networks: string;
  /** The list of files that nnm has written here, see {@link OwnFiles}. */
  readonly written: string;
  /** The folder of the locks, see `lockWorkspace`. */
  readonly locks: string;
  /** The lock of earlier versions of nnm. */
  readonly lock: string;
}

/** The paths of a workspace in `folder`, whether it exists or not. */
export function workspacePaths(folder: string): WorkspacePaths {
  const build = path.join(folder, 'predictor_build');
  const results = path.join(build, 'results');
  return {
    buildConfig: path.join(folder, 'configs', 'predictorbuild_config.yaml'),
    backendConfig: path.join(folder, 'configs', 'backend_config.yaml'),
    manifest: path.join(build, 'manifest.json'),
    kernels: path.join(build, 'kernels'),
    results,
    collection: path.join(results, 'collection'),
    predictors: path.join(results, 'predictors'),
    imported: path.join(build, 'imported'),
    networks: path.join(build, 'networks'),
    written: path.join(build, 'written.jsonl'),
    locks: path.join(build, 'locks'),
    lock: path.join(build, 'lock.json'),
  };
}
