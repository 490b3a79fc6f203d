import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { listLone } from './lone-values.js';

/** One line of a chart. */
export interface Series {
  readonly title: string;
  readonly values: readonly (number | null)[];
  readonly tone: 'blue' | 'good' | 'warn' | 'bad' | 'soft';
}

/** Height in pixels of the lines and their axes. The legend is below. */
const HEIGHT = 166;
const DAY_S = 86_400;
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Formats a moment on the axis: the time, or the date for steps of a day. */
function formatTick(seconds: number, step: number): string {
  return (step >= DAY_S ? DATE : TIME).format(seconds * 1000);
}

/** Draws a chart as wide as its element. The caller must destroy it. */
export function drawChart(
  element: HTMLElement,
  {
    times,
    series,
    format = String,
    isUnfinished = false,
  }: {
    times: readonly number[];
    series: readonly Series[];
    format?: ((value: number) => string) | undefined;
    isUnfinished?: boolean;
  },
): UPlot {
  const colour = (name: string): string => resolveColour(element, name);
  const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  return new UPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      series: [
        { value: (_: UPlot, time: number | null) => (time === null ? '–' : `${DATE.format(time * 1000)}, ${TIME.format(time * 1000)}`) },
        ...series.map(({ title, tone, values }) => ({
          label: title,
          stroke: colour(tone),
          width: 2,
          // A line needs two points. A single point is drawn as a dot.
          points: { show: false, filter: () => listLone(values) },
          value: (_: UPlot, value: number | null) => (value === null ? '–' : format(value)),
        })),
      ],
      axes: [
        { ...axis, values: (_, ticks, __, ___, step) => ticks.map((tick) => formatTick(tick, step)) },
        { ...axis, size: 56, values: (_, ticks) => ticks.map(format) },
      ],
      hooks: isUnfinished ? { draw: [(chart) => fadeEnd(chart, colour('card'))] } : {},
      scales: { y: { range: (_, __, max) => [0, Math.max(max, 1)] } },
    },
    [[...times], ...series.map(({ values }) => [...values])] as UPlot.AlignedData,
    element,
  );
}

/** Makes the lines pale between the last two points. */
function fadeEnd(chart: UPlot, background: string): void {
  const { ctx, bbox } = chart;
  const [from, to] = chart.data[0].slice(-2).map((time) => chart.valToPos(time, 'x', true));
  if (from === undefined || to === undefined) return;
  ctx.save();
  ctx.globalAlpha = 0.65;
  ctx.fillStyle = background;
  // Lines and dots extend half of their width beyond their points.
  ctx.fillRect(from, bbox.top - 6, to - from + 8, bbox.height + 12);
  ctx.restore();
}

/** Resolves a custom property by the element's style, because a canvas cannot read it. */
function resolveColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
