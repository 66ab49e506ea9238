import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface PlotLine {
  readonly label: string;
  /** One value for each time; `null` where there is none. */
  readonly values: readonly (number | null)[];
}

export interface PlotWish {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  readonly locale: string;
  /** Words of the value axis. */
  format(value: number): string;
  formatTime(seconds: number): string;
}

const heightPx = 150;
const dashes = [[], [6, 4]];

/**
 * Draws lines over time into an element, in the colours of the page's theme, as wide as the element is. Title and legend
 * are the page's own: uPlot would write them as HTML, which our pages forbid.
 */
export function drawPlot(element: HTMLElement, { times, lines, format, formatTime }: PlotWish): () => void {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: colour('--ink-soft'), font, ticks: { stroke: colour('--hairline') } };
  const strokes = [colour('--accent'), colour('--status-revised')];
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: heightPx,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
      axes: [
        { ...axis, grid: { show: false }, values: (_, splits) => splits.map(formatTime) },
        {
          ...axis,
          size: 72,
          grid: { stroke: colour('--hairline') },
          values: (_, splits) => splits.map(format),
        },
      ],
      series: [
        {},
        ...lines.map((_, index) => ({
          stroke: strokes[index] ?? colour('--ink'),
          width: 2,
          dash: dashes[index] ?? [],
          points: { show: true, size: 5 },
          spanGaps: false,
        })),
      ],
    },
    [[...times], ...lines.map(({ values }) => [...values])],
    element,
  );
  const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPx }));
  resize.observe(element);
  return () => {
    resize.disconnect();
    plot.destroy();
  };
}
