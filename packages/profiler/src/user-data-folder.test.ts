import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultLevelsFile } from './gate/levels-file.ts';
import { userDataFile, userDataFolder } from './user-data-folder.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the folder of what nnm keeps for its user', () => {
  it('is NNM_HOME, for everything', () => {
    vi.stubEnv('NNM_HOME', join('/somewhere', 'else'));
    expect(userDataFile('registered.json')).toBe(join('/somewhere', 'else', 'registered.json'));
    expect(defaultLevelsFile()).toBe(join('/somewhere', 'else', 'quiet-levels.json'));
  });

  it("is the platform's own otherwise", () => {
    vi.stubEnv('NNM_HOME', '');
    vi.stubEnv('XDG_DATA_HOME', join('/data'));
    vi.stubEnv('LOCALAPPDATA', join('/data'));
    const expected = process.platform === 'darwin' ? join(homedir(), 'Library', 'Application Support', 'nnm') : join('/data', 'nnm');
    expect(userDataFolder()).toBe(expected);
  });
});
