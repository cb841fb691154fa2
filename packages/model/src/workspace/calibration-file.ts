import { fileExists, readJsonFile, type Workspace } from '@nnm/builder';
import { InvalidFileError } from '@nnm/core';
import { calibrationShape } from '../bundle/bundle-shape.ts';
import type { Calibration } from '../calibrate/calibration.ts';
import { networkFiles } from './network-files.ts';

/** First key of the file. */
const FORMAT = 'nnm-calibration';
/** The version of the file that this version reads and writes. */
const SCHEMA_VERSION = 1;

/** Write a workspace's calibration. @returns the file */
export async function writeCalibration(workspace: Workspace, calibration: Calibration): Promise<string> {
  const file = networkFiles(workspace).calibration;
  await workspace.own.writeJson(file, { format: FORMAT, schemaVersion: SCHEMA_VERSION, calibration });
  return file;
}

/**
 * The calibration of a workspace; undefined when it has none.
 *
 * @throws {@link InvalidFileError} when it is damaged or of another version
 */
export async function readCalibration(workspace: Workspace): Promise<Calibration | undefined> {
  const file = networkFiles(workspace).calibration;
  if (!(await fileExists(file, workspace.files))) return undefined;
  const content = ((await readJsonFile(file, workspace.files)) ?? {}) as Readonly<Record<string, unknown>>;
  const fail = (key: string, message: string): never => {
    throw new InvalidFileError({
      file,
      problems: [{ key, message }],
      hint: 'Remove it and run `nnm build --networks`: what is measured is kept.',
    });
  };
  if (content.format !== FORMAT) fail('format', `must be "${FORMAT}"`);
  if (content.schemaVersion !== SCHEMA_VERSION)
    fail('schemaVersion', `is ${content.schemaVersion}; this nnm reads version ${SCHEMA_VERSION}`);
  const [problem] = calibrationShape(content.calibration, 'calibration');
  if (problem !== undefined) fail('calibration', problem);
  return content.calibration as Calibration;
}
