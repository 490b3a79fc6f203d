import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** One line of a chart. */
export interface Series {
  readonly title: string;
  readonly values: readonly (number | null)[];
  readonly tone: 'blue' | 'good' | 'warn' | 'bad' | 'soft';
}

const HEIGHT = 200;
/** Of the legend below the lines. */
const LEGEND = 34;

/** Draws a chart as wide as its element; the caller destroys it. */
export function drawChart(
  element: HTMLElement,
  {
    times,
    series,
    format = String,
  }: { times: readonly number[]; series: readonly Series[]; format?: ((value: number) => string) | undefined },
): UPlot {
  const colour = (name: string): string => resolveColour(element, name);
  const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  return new UPlot(
    {
      width: element.clientWidth,
      height: HEIGHT - LEGEND,
      cursor: { drag: { x: false, y: false } },
      series: [
        { value: '{YYYY}-{MM}-{DD} {HH}:{mm}' },
        ...series.map(({ title, tone }) => ({
          label: title,
          stroke: colour(tone),
          width: 2,
          points: { show: false },
          value: (_: UPlot, value: number | null) => (value === null ? '–' : format(value)),
        })),
      ],
      axes: [axis, { ...axis, size: 56, values: (_, ticks) => ticks.map(format) }],
      scales: { y: { range: (_, __, max) => [0, Math.max(max, 1)] } },
    },
    [[...times], ...series.map(({ values }) => [...values])] as UPlot.AlignedData,
    element,
  );
}

/** A canvas knows no custom properties: the browser resolves them for an element. */
function resolveColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
