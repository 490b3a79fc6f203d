/** A rectangle of a symbol, in modules from its upper left corner. */
export interface SymbolBar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A bar code as rectangles, without the quiet zone. */
export interface BarSymbol {
  /** Modules. */
  width: number;
  height: number;
  bars: SymbolBar[];
}

/** Code 128 of printable ASCII, one module high: it is stretched when drawn. Throws for any other text. */
export async function encodeCode128(text: string): Promise<BarSymbol> {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error('Code 128 can only encode printable ASCII');
  const { default: bwip } = await import('bwip-js');
  const [symbol] = bwip.raw('code128', text, {});
  if (!symbol || !('sbs' in symbol)) throw new Error('bwip-js returned no Code 128 symbol');
  const bars: SymbolBar[] = [];
  let x = 0;
  symbol.sbs.forEach((width, index) => {
    if (index % 2 === 0) bars.push({ x, y: 0, width, height: 1 });
    x += width;
  });
  return { width: x, height: 1, bars };
}

/** QR code with 15 % of damage forgiven (level M). Throws for text longer than a QR code holds. */
export async function encodeQrCode(text: string): Promise<BarSymbol> {
  const { default: bwip } = await import('bwip-js');
  const [symbol] = bwip.raw('qrcode', text, 'eclevel=M');
  if (!symbol || !('pixs' in symbol)) throw new Error('no QR code was made');
  const { pixs, pixx, pixy } = symbol;
  const bars: SymbolBar[] = [];
  for (let y = 0; y < pixy; y++) {
    // Neighbours of a row make one rectangle: no hairlines between them, and fewer bytes.
    for (let x = 0; x < pixx; x++) {
      if (!pixs[y * pixx + x]) continue;
      const from = x;
      while (x + 1 < pixx && pixs[y * pixx + x + 1]) x++;
      bars.push({ x: from, y, width: x + 1 - from, height: 1 });
    }
  }
  return { width: pixx, height: pixy, bars };
}
