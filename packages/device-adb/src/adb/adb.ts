import { spawn } from 'node:child_process';

/** What a call of adb gave. */
export interface AdbResult {
  /** Exit status; null when it was killed. */
  readonly status: number | null;
  /** Both outputs, without carriage returns. */
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of adb that is running. */
export interface AdbCall {
  readonly result: Promise<AdbResult>;
  kill(): void;
}

/** The server that a call may have started can hold its output open: what is there by then is all. */
const REST_OF_OUTPUT_MS = 1000;

/** The program adb, for one phone or for none yet. */
export class Adb {
  constructor(
    readonly file: string,
    readonly serial?: string,
  ) {}

  /** The same program for a phone. */
  for(serial: string): Adb {
    return new Adb(this.file, serial);
  }

  /** @throws what `spawn` throws by `result`, such as ENOENT */
  call(args: readonly string[], onOutput: (text: string) => void = () => undefined): AdbCall {
    const chosen = this.serial === undefined ? args : ['-s', this.serial, ...args];
    const child = spawn(this.file, chosen, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const result = new Promise<AdbResult>((resolve, reject) => {
      const finish = (status: number | null): void =>
        resolve({ status, stdout: stdout.replaceAll('\r', ''), stderr: stderr.replaceAll('\r', '') });
      child.on('error', reject);
      child.on('close', (status) => finish(status));
      child.on('exit', (status) => void setTimeout(() => finish(status), REST_OF_OUTPUT_MS).unref());
    });
    return { result, kill: () => void child.kill('SIGKILL') };
  }

  run(...args: readonly string[]): Promise<AdbResult> {
    return this.call(args).result;
  }
}

/** What adb said of an error, in one line. */
export function saidBy({ stdout, stderr }: AdbResult): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !line.startsWith('*'));
  const reason = said.find((line) => /error|failed|cannot|denied|unable/i.test(line)) ?? said[0] ?? 'it said nothing';
  return reason
    .replace(/^adb: (error: )?|^error: /, '')
    .replace(/\.$/, '')
    .slice(0, 300);
}
