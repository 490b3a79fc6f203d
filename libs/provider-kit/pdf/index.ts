export { PdfDocument, points } from './pdf-document.js';
export type { Box, PdfOptions, TextStyle } from './pdf-document.js';
export type { FontName } from './fonts.js';
export { code128, qrCode } from './symbols.js';
export type { BarSymbol, SymbolBar } from './symbols.js';
export { drawTable } from './table.js';
export type { TableColumn, TableOptions } from './table.js';
