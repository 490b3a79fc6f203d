import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Fonts of the DejaVu Sans Condensed family: Latin with all accents, Cyrillic and currency signs. */
export type FontName = 'regular' | 'bold' | 'mono';

const FILES: Record<FontName, string> = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
  mono: 'DejaVuSansMono-Bold.ttf',
};

const require = createRequire(import.meta.url);
const loaded = new Map<FontName, Buffer>();

/** The bytes of a font, read once. */
export function loadFont(name: FontName): Buffer {
  let bytes = loaded.get(name);
  if (!bytes) loaded.set(name, (bytes = readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${FILES[name]}`))));
  return bytes;
}
