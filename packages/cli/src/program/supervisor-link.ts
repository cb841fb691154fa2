import { type ForeignStep, type ProgramMessage, type SilenceWatch, SUPERVISED_VARIABLE, type SupervisorMessage } from './messages.ts';

/** The way from the process that runs a command to the one that watches over it. */
export interface SupervisorLink {
  /** Told at every Ctrl-C or SIGTERM that reaches the program. */
  onInterrupt: () => void;
  announceCommand(id: string): void;
  /** Resolves when the message is on its way: what begins next may never come back. */
  announceStep(step: ForeignStep): Promise<void>;
  endStep(step: ForeignStep): void;
  /** Be ended when this process falls silent, until the function that this resolves with is called. */
  watch(watch: SilenceWatch): Promise<() => void>;
  /** The first document counts. */
  sendDocument(text: string, exitCode: number): void;
  /** The first end counts. Resolves when everything sent is on its way. */
  finish(exitCode: number): Promise<void>;
}

let link: SupervisorLink | undefined;

/** The link of this process; undefined when nobody watches over it, as in tests. A process has one supervisor at most. */
export function supervisorLink(): SupervisorLink | undefined {
  return link;
}

/** Open the link; done once, when the program begins. */
export function connectToSupervisor(): SupervisorLink {
  delete process.env[SUPERVISED_VARIABLE];
  let pending: Promise<unknown> = Promise.resolve();
  let watches = 0;
  const tell = (message: ProgramMessage): Promise<void> => {
    // A supervisor that is gone, or a plugin that has closed the channel, leaves nobody to tell.
    const sent = new Promise<void>((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    });
    pending = Promise.all([pending, sent]);
    return sent;
  };
  const opened: SupervisorLink = {
    onInterrupt: () => process.exit(130),
    announceCommand: (id) => void tell({ type: 'command', id }),
    announceStep: (step) => tell({ type: 'step', step }),
    endStep: (step) => void tell({ type: 'step-done', step }),
    async watch(watch) {
      const id = watches++;
      await tell({ type: 'watch', id, watch });
      return () => void tell({ type: 'watch-done', id });
    },
    sendDocument: (text, exitCode) => void tell({ type: 'document', text, exitCode }),
    async finish(exitCode) {
      void tell({ type: 'finished', exitCode });
      await pending;
    },
  };
  process.on('message', (message: SupervisorMessage) => {
    void tell({ type: 'alive' });
    if (message?.type === 'interrupt') opened.onInterrupt();
  });
  // The program has been killed: nobody reads what would come, and a measurement is safe in its journal.
  process.on('disconnect', () => process.exit(1));
  // A terminal interrupts all processes of the group; the supervisor's word is the one that counts.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => opened.onInterrupt());
  process.channel?.unref();
  link = opened;
  return opened;
}
