import { readFileSync } from 'node:fs';

/** Where the sensors are; other folders in tests. */
export interface SensorFolders {
  readonly sys: string;
  readonly proc: string;
}

/** Those of Linux. */
export const SENSOR_FOLDERS: SensorFolders = { sys: '/sys', proc: '/proc' };

/** The text of a file of theirs; undefined where this machine does not tell. */
export function readSensor(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined; // this machine does not tell
  }
}
