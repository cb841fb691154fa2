import { useEffect, useRef } from 'preact/hooks';

/** Where a chart is drawn: anew when its place becomes wider or narrower, or when it shows something else. */
export function Drawing({ label, draw }: { readonly label: string; readonly draw: (width: number) => Element }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let width = 0;
    const redraw = (): void => {
      const now = Math.floor(element.clientWidth);
      if (now === width || now === 0) return;
      width = now;
      const drawing = draw(width);
      // The label says what it shows; a reader of screens need not walk through hundreds of marks.
      drawing.setAttribute('aria-hidden', 'true');
      element.replaceChildren(drawing);
    };
    const observer = new ResizeObserver(redraw);
    observer.observe(element);
    redraw();
    return () => observer.disconnect();
  }, [draw]);
  return <div class="plot" role="img" aria-label={label} ref={place} />;
}
