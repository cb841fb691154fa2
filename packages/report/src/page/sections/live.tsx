import type { LiveState } from '../../data/live-message.ts';
import { shareText } from '../../data/texts.ts';

const MINUTE = 60_000;

/** How far a running build is. */
export function LiveSection({ live }: { readonly live: LiveState }) {
  const { kernel, mark, stage, done, jobs, leftMs, quietShare, messages, ended } = live;
  const remarks = [
    ...(done !== undefined && jobs !== undefined ? [`${done} of ${jobs} measured`] : []),
    ...(quietShare !== undefined ? [`quiet ${shareText(quietShare, 0)} of the time`] : []),
    ...(leftMs !== undefined ? [`about ${Math.max(1, Math.round(leftMs / MINUTE))} min left`] : []),
  ];
  return (
    <section class="live card" aria-label="Progress of the build">
      <p role="status">
        <span class={ended ? 'pulse still' : 'pulse'} aria-hidden="true" />
        <strong>{ended ? 'The build has ended' : `${stage ?? 'building'} ${kernel ?? ''} ${mark ?? ''}`}</strong>
        {!ended && remarks.length > 0 && <span class="note"> {remarks.join(' · ')}</span>}
      </p>
      {!ended && jobs !== undefined && <progress max={jobs} value={done ?? 0} aria-label="Configurations measured" />}
      <ol class="messages">
        {messages.slice(-4).map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ol>
    </section>
  );
}
