import { Drawing } from './drawing.tsx';

/** One of several small charts that stand side by side. */
export function Panel({
  title,
  summary,
  draw,
}: {
  readonly title: string;
  readonly summary: string;
  readonly draw: (width: number) => Element;
}) {
  return (
    <div class="panel">
      <h4>{title}</h4>
      <Drawing label={summary} draw={draw} />
    </div>
  );
}
