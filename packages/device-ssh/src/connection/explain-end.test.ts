import { describe, expect, it } from 'vitest';
import { parseSshSettings } from '../settings.ts';
import { explainEnd } from './explain-end.ts';

const settings = parseSshSettings({}, 'pi@board:2222');
const end = (said: string, exitCode: number | null = 255) => explainEnd({ exitCode, said, wasReady: false }, settings);

// What OpenSSH 9.2 says.
describe('the end of a connection', () => {
  it.each([
    [
      'ssh: connect to host board port 22: No route to host\n',
      'it cannot be reached (ssh: connect to host board port 22: No route to host)',
      true,
    ],
    ['ssh: Could not resolve hostname board: Name or service not known\n', 'no network knows its name board', true],
    ['Timeout, server board not responding.\n', 'it cannot be reached (Timeout, server board not responding)', true],
    ['client_loop: send disconnect: Broken pipe\n', 'it cannot be reached', true],
    [
      'pi@board: Permission denied (publickey,password).\n',
      'it does not let pi in (pi@board: Permission denied (publickey,password))',
      false,
    ],
    [
      'No ED25519 host key is known for board and you have requested strict checking.\nHost key verification failed.\n',
      'its host key is not known here yet',
      false,
    ],
    [
      '@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@\nHost key verification failed.\n',
      'its host key is not the one',
      false,
    ],
    ['/home/me/.ssh/config: line 3: Bad configuration option: hsot\n', 'ssh does not take its configuration', false],
  ])('%j', (said, reason, mayComeBack) => {
    const explained = end(said);
    expect(explained.reason).toContain(reason);
    expect(explained.mayComeBack).toBe(mayComeBack);
    expect(explained.hint).not.toBe('');
  });

  it('names what to type', () => {
    expect(end('Permission denied (publickey).\n').hint).toContain('`ssh-copy-id -p 2222 pi@board`');
    expect(end('REMOTE HOST IDENTIFICATION HAS CHANGED').hint).toContain('ssh-keygen -R "[board]:2222"');
  });

  it.each([
    ['bash: line 1: exec: node: not found\n', 127],
    ['sh: 1: exec: node: Permission denied\n', 126],
    ['fish: Unknown command: node\n', 127],
  ])('by a shell that finds no Node: %j', (said, exitCode) => {
    expect(end(said, exitCode).reason).toMatch(/^there is no program node for shells that ssh starts there/);
  });

  it('of a program that failed there is told with its last words', () => {
    expect(end('Welcome\nThis account is not available.\n', 1).reason).toBe(
      'what was started there ended with exit code 1, saying "This account is not available"',
    );
  });
});
