import type { HostDeath, HostListener, HostTransport } from '@nnm/core';
import { ChildProgram } from './child-program.ts';
import type { OwnProgram } from './own-program.ts';

/** A measuring host in a child process: requests by its IPC channel, models by its standard input. */
export class ChildTransport implements HostTransport {
  private readonly child: ChildProgram;
  private death: HostDeath | undefined;

  constructor(program: OwnProgram, listener: HostListener) {
    this.child = new ChildProgram(
      program,
      { message: (message) => listener.message(message), end: (death) => listener.end(this.death ?? death) },
      { serialization: 'advanced', takesBytes: true },
    );
  }

  get pid(): number {
    return this.child.pid;
  }

  get hasEnded(): boolean {
    return this.child.hasEnded;
  }

  get ended(): Promise<void> {
    return this.child.ended;
  }

  send(message: object, model?: Uint8Array): void {
    this.child.send(message, model);
  }

  kill(death?: HostDeath): void {
    this.death ??= death;
    this.child.kill();
  }
}
