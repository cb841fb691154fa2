import path from 'node:path';
import type { Workspace } from '@nnm/builder';

/** Where a workspace keeps what it knows of whole networks. */
export interface NetworkFiles {
  /** How networks follow from their kernels. */
  readonly calibration: string;
  /** Rules of what the runtime runs as one, where the workspace has its own. */
  readonly rules: string;
  /** Journal of the networks that were measured together with their kernels. */
  readonly networks: string;
  /** Journal of parts of models that were measured on their own. */
  readonly parts: string;
}

/** The files of a workspace that whole networks need, whether they are there or not. */
export function networkFiles({ paths }: Pick<Workspace, 'paths'>): NetworkFiles {
  const inFolder = (name: string): string => path.join(paths.networks, name);
  return {
    calibration: inFolder('calibration.json'),
    rules: inFolder('fusion-rules.json'),
    networks: inFolder('networks.jsonl'),
    parts: inFolder('parts.jsonl'),
  };
}
