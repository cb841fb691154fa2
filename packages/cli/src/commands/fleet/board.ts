import { once } from 'node:events';
import { Flags } from '@oclif/core';
import { NnmCommand } from '../../base-command.ts';
import { importFleet } from '../../fleet/import-fleet.ts';
import { queueFlag, requireQueue } from '../../fleet/queue-flags.ts';
import { openInBrowser } from '../../open-in-browser.ts';

/** `nnm fleet board` */
export default class FleetBoard extends NnmCommand {
  static override summary = 'Serve Bull Board over the queues of a fleet to the browsers of this machine, until stopped.';
  static override description = 'For looking only. Nobody else reaches it: it listens on the loopback address, under a secret path.';
  static override examples = ['<%= config.bin %> <%= command.id %> --queue redis://build-host:6379 --open'];
  static override flags = {
    queue: queueFlag,
    port: Flags.integer({ min: 0, max: 65_535, default: 0, description: 'Port to listen on; 0 is any that is free.', helpValue: '<n>' }),
    open: Flags.boolean({ description: 'Open it in the browser.' }),
  };

  async run(): Promise<{ readonly url: string; readonly queues: readonly string[] }> {
    const { flags } = await this.parse(FleetBoard);
    const { openBoard } = await importFleet();
    const board = await openBoard(requireQueue(flags), flags.port);
    try {
      // Told at once, with --json too: whoever waits for the end would never see it.
      process.stderr.write(`Bull Board: ${board.url} (Ctrl-C ends it)\n`);
      if (flags.open) await openInBrowser(board.url);
      const { signal } = this;
      if (!signal.aborted) await once(signal, 'abort');
      return { url: board.url, queues: board.queues };
    } finally {
      await board.close();
    }
  }
}
