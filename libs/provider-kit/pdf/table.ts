import type { Box, PdfDocument, TextStyle } from './pdf-document.js';

/** A column. Widths are millimetres. */
export interface TableColumn {
  title: string;
  width: number;
  align?: 'left' | 'center' | 'right';
}

/** The place of a table and its surroundings. Millimetres. */
export interface TableOptions {
  x: number;
  /** Top of the table on the page it begins on. */
  y: number;
  /** Lowest place a row may reach. */
  bottom: number;
  /** Points. */
  size: number;
  /** Maximum number of lines of one cell. More is cut with an ellipsis. */
  maxLines: number;
  /** Begins the next page and returns the top of the table there. */
  nextPage: () => number;
}

const PADDING = 0.9;
/** A line of text in millimetres for each point of its size, with a little air. */
const LINE_MM = (1.18 * 25.4) / 72 + 0.002;

/** Draws whole rows under a heading repeated on each page. Returns the position below the last row. */
export function drawTable(
  document: PdfDocument,
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): number {
  const { x, bottom, size, maxLines } = options;
  const placeCell = (column: TableColumn, left: number, top: number, height: number): Box => ({
    x: left + PADDING,
    y: top + PADDING,
    width: column.width - 2 * PADDING,
    height: height - 2 * PADDING,
  });
  const measureRow = (texts: readonly string[], style: TextStyle, most: number): number => {
    const lines = texts.map((text, index) => {
      const { width = 0 } = columns[index] ?? {};
      return Math.min(most * size * LINE_MM, document.measureHeight(text, width - 2 * PADDING, style, most));
    });
    return Math.max(size * LINE_MM, ...lines) + 2 * PADDING + 0.05;
  };
  const drawRow = (texts: readonly string[], top: number, height: number, style: TextStyle): void => {
    let left = x;
    columns.forEach((column, index) => {
      const align = column.align ?? 'left';
      document.drawText(texts[index] ?? '', placeCell(column, left, top, height), { ...style, align });
      document.drawFrame({ x: left, y: top, width: column.width, height }, 0.4);
      left += column.width;
    });
  };

  const plain: TextStyle = { size };
  const heading: TextStyle = { size, font: 'bold' };
  const titles = columns.map((column) => column.title);
  const headingHeight = measureRow(titles, heading, 3);
  const drawHeading = (top: number): number => {
    document.fillBox({ x, y: top, width: columns.reduce((sum, column) => sum + column.width, 0), height: headingHeight }, '#e6e6e6');
    drawRow(titles, top, headingHeight, heading);
    return top + headingHeight;
  };

  let top = options.y;
  if (top + headingHeight + size * LINE_MM * 2 > bottom) top = options.nextPage();
  top = drawHeading(top);
  for (const texts of rows) {
    const height = measureRow(texts, plain, maxLines);
    if (top + height > bottom) top = drawHeading(options.nextPage());
    drawRow(texts, top, height, plain);
    top += height;
  }
  return top;
}
