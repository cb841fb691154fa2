import { useCallback, useMemo, useState } from 'preact/hooks';
import type { AxisReport, KernelReport, SliceReport } from '../../data/report-document.ts';
import { latencyText } from '../../data/texts.ts';
import { axisText, drawLandscape, drawStaircase, type SlicePoint } from '../charts/landscape.ts';
import { Chart } from '../parts/chart.tsx';
import { Legend } from '../parts/legend.tsx';

/** The latency over two keys, and one line of it as a staircase. */
export function LandscapeCharts({ report }: { readonly report: KernelReport }) {
  const [place, setPlace] = useState(0);
  const [chosenLine, setLine] = useState<number>();
  const slice = report.landscape[Math.min(place, report.landscape.length - 1)];
  const points = useMemo(() => (slice === undefined ? [] : pointsIn(slice, report)), [slice, report]);
  const lines = slice?.y?.values.length ?? 1;
  const line = Math.min(chosenLine ?? (slice === undefined ? 0 : busiestLine(slice, points)), lines - 1);
  const near = useMemo(() => (slice === undefined ? [] : pointsNear(slice, points, line)), [slice, points, line]);
  const drawMap = useCallback(
    (width: number) => drawLandscape(slice as SliceReport & { readonly y: AxisReport }, points, line, width),
    [slice, points, line],
  );
  const drawLine = useCallback((width: number) => drawStaircase(slice as SliceReport, near, line, width), [slice, near, line]);
  if (slice === undefined) return null;
  const { x, y } = slice;
  const [low, high] = rangeOf(slice);
  const at = y === undefined ? '' : ` at ${axisText(y)} ${y.values[line]}`;
  const chooser = report.landscape.length > 1 && (
    <label class="slice">
      Slice
      <select
        value={String(place)}
        onChange={(event) => {
          setPlace(Number(event.currentTarget.value));
          setLine(undefined);
        }}
      >
        {report.landscape.map((one, index) => (
          <option key={index} value={String(index)}>
            {sliceText(one)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      {y !== undefined && (
        <Chart
          title="Latency landscape"
          caption="What the predictor answers between and beside the configurations that were measured."
          summary={`Predicted latency from ${latencyText(low)} to ${latencyText(high)} over ${axisText(x)} and ${axisText(y)}; ${points.length} measured configurations.`}
          draw={drawMap}
        >
          {chooser}
          <p class="ramp">
            {latencyText(low)} <span class="ramp-bar" aria-hidden="true" /> {latencyText(high)} predicted
          </p>
          <Legend entries={[{ mark: 'white-dot', text: 'measured' }]} />
        </Chart>
      )}
      <Chart
        title="Staircase"
        caption={`The latency along ${axisText(x)}${at}. Runtimes work in blocks of channels: where they show, it climbs in steps.`}
        summary={`Predicted latency from ${latencyText(low)} to ${latencyText(high)} along ${axisText(x)}${at}.`}
        draw={drawLine}
      >
        {y === undefined ? (
          chooser
        ) : (
          <label class="slice">
            {axisText(y)} {y.values[line]}
            <input type="range" min={0} max={lines - 1} value={line} onInput={(event) => setLine(Number(event.currentTarget.value))} />
          </label>
        )}
        <Legend
          entries={[
            { mark: 'line', text: 'predicted' },
            { mark: 'ring-ink', text: y === undefined ? 'measured' : 'measured near it' },
          ]}
        />
      </Chart>
    </>
  );
}

function sliceText({ x, y, fixed }: SliceReport): string {
  const axes = [x, ...(y ? [y] : [])].map(axisText).join(' × ');
  const rest = Object.entries(fixed).map(([key, value]) => `${key} ${value}`);
  return [axes, ...rest].join(', ');
}

/** What was measured with the slice's fixed values. */
function pointsIn({ x, y, fixed }: SliceReport, { rows, columns }: KernelReport): readonly SlicePoint[] {
  const place = (key: string | undefined): number => columns.indexOf(key ?? '');
  const [across, down] = [place(x.keys[0]), place(y?.keys[0])];
  const wanted = Object.entries(fixed).map(([key, value]) => [place(key), value] as const);
  return rows.flatMap(({ values, measuredMs, flags }): readonly SlicePoint[] => {
    const [atX, atY] = [values[across] as number, y === undefined ? 0 : (values[down] as number)];
    const isInside = wanted.every(([index, value]) => values[index] === value) && isOn(x, atX) && (y === undefined || isOn(y, atY));
    return isInside ? [{ x: atX, y: atY, measuredMs, flagged: flags.length > 0 }] : [];
  });
}

function isOn({ values }: AxisReport, value: number): boolean {
  return value >= (values[0] as number) && value <= (values.at(-1) as number);
}

/** Those of some points that lie on a line of the slice, or close to it. */
function pointsNear({ y }: SliceReport, points: readonly SlicePoint[], line: number): readonly SlicePoint[] {
  if (y === undefined) return points;
  const at = y.values[line] as number;
  const [before, after] = [y.values[line - 1] ?? at, y.values[line + 1] ?? at];
  return points.filter(({ y: value }) => value === at || (value > (before + at) / 2 && value < (after + at) / 2));
}

/** The line with the most measured points near it, so that the first staircase shows some. */
function busiestLine(slice: SliceReport, points: readonly SlicePoint[]): number {
  const counts = (slice.y?.values ?? [0]).map((_, line) => new Set(pointsNear(slice, points, line).map(({ x }) => x)).size);
  const most = Math.max(...counts);
  return most === 0 ? Math.floor(counts.length / 2) : counts.lastIndexOf(most);
}

function rangeOf({ latencyMs }: SliceReport): readonly [number, number] {
  const known = latencyMs.filter((one) => one !== null);
  return [Math.min(...known), Math.max(...known)];
}
