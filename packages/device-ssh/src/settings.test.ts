import { InvalidSettingsError } from '@nnm/core';
import { describe, expect, it } from 'vitest';
import { parseSshSettings } from './settings.ts';

describe('the address of a board', () => {
  it.each([
    ['board', { host: 'board', address: 'ssh://board' }],
    ['pi@board', { host: 'board', user: 'pi' }],
    ['pi@192.168.0.7:2222', { host: '192.168.0.7', user: 'pi', port: 2222 }],
    ['pi@[fe80::1%eth0]:22', { host: 'fe80::1%eth0', user: 'pi', port: 22 }],
    ['board.local/', { host: 'board.local', address: 'ssh://board.local' }],
  ])('%s', (address, expected) => {
    expect(parseSshSettings({}, address)).toMatchObject({ node: 'node', folder: '~/.cache/nnm', waitMs: 120_000, ...expected });
  });

  it.each([
    '',
    'pi:secret@board',
    '-oProxyCommand=x',
    'pi@-x',
    'board:0',
    'board:99999',
    'board/home/pi',
    'a b',
    'board;reboot',
    'a@b@c',
    '$(x)',
    undefined,
  ])('is not %s', (address) => {
    expect(() => parseSshSettings({}, address)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ key: 'DEVICE' })] }),
    );
  });
});

describe('the settings of a board', () => {
  it('are told with all that is wrong', () => {
    const raw = { SSH_NODE: 'node; reboot', SSH_FOLDER: 'nnm', SSH_AGENT: './x', SSH_WAIT_S: -1, SSH_CONFIG: '' };
    let problems: InvalidSettingsError['problems'] = [];
    try {
      parseSshSettings(raw, undefined);
    } catch (error) {
      if (!(error instanceof InvalidSettingsError)) throw error;
      problems = error.problems;
    }
    expect(problems.map(({ key }) => key).sort()).toEqual(['DEVICE', 'SSH_AGENT', 'SSH_CONFIG', 'SSH_FOLDER', 'SSH_NODE', 'SSH_WAIT_S']);
    expect(problems.every(({ message }) => /must be|names no board/.test(message))).toBe(true);
  });

  it('may name programs and folders with spaces there', () => {
    expect(parseSshSettings({ SSH_NODE: '~/my node/bin/node', SSH_FOLDER: '/mnt/my disk' }, 'board')).toMatchObject({
      node: '~/my node/bin/node',
      folder: '/mnt/my disk',
    });
  });
});
