import { Drawing } from './drawing.tsx';

/** What a chart is made of. */
export interface ChartProps {
  readonly title: string;
  /** What one should know to read it; one or two sentences. */
  readonly caption: string;
  /** What the chart says, in words, for those who do not see it. */
  readonly summary: string;
  /** Draws it for a width in pixels. */
  readonly draw: (width: number) => Element;
  readonly wide?: boolean;
  /** What stands between caption and drawing, such as a legend. */
  readonly children?: preact.ComponentChildren;
}

/** A chart with its title and caption. */
export function Chart({ title, caption, summary, draw, wide = false, children }: ChartProps) {
  return (
    <figure class={wide ? 'chart wide' : 'chart'}>
      <figcaption>
        <h3>{title}</h3>
        <p>{caption}</p>
      </figcaption>
      {children}
      <Drawing label={`${title}. ${summary}`} draw={draw} />
    </figure>
  );
}
