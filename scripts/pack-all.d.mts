/** A packed package. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** The tarball. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

export function npm(args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string }>;
export function publishedFolders(): Promise<readonly string[]>;
export function buildAll(): Promise<void>;
export function packFolders(folders: readonly string[], target: string): Promise<readonly PackedPackage[]>;
