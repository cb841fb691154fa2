import { canRedraw, type ProgressStream } from './progress.ts';
import { countOf } from './quantities.ts';

/** Lines of a plain log are at least this far apart. */
const LINE_INTERVAL_MS = 5000;

/** Shows how far a long computation is: a moving bar on a terminal, sparse lines elsewhere. */
export interface ShareProgress {
  /** @param share - of the whole, 0 to 1 */
  show(rows: number, share: number): void;
  stop(): void;
}

/** @param title - what is being done */
export async function openShareProgress(
  stream: ProgressStream,
  title: string,
  now: () => number = () => performance.now(),
): Promise<ShareProgress> {
  if (!canRedraw(stream)) {
    let lastMs = now();
    return {
      show(rows, share) {
        if (now() - lastMs < LINE_INTERVAL_MS) return;
        lastMs = now();
        stream.write(`${title}: ${countOf(rows, 'row')}, ${Math.floor(share * 100)} %\n`);
      },
      stop: () => undefined,
    };
  }
  const { default: cliProgress } = await import('cli-progress');
  const format = '{title} {bar} {percentage} %  {rows}';
  const bar = new cliProgress.SingleBar({ stream, format, barsize: 24, hideCursor: true, clearOnComplete: true, linewrap: false });
  bar.start(1, 0, { title, rows: '' });
  return { show: (rows, share) => bar.update(share, { rows: countOf(rows, 'row') }), stop: () => bar.stop() };
}
