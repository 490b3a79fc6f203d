/** Returns a `User-Agent`'s browser and system in words: `Chrome 131`, `Windows`. Undefined if unknown. */
export function readDevice(userAgent: string | undefined): { browser?: string; os?: string } {
  const text = (userAgent ?? '').slice(0, 1000);
  const browser = BROWSERS.map(([name, pattern]) => [name, pattern.exec(text)?.[1]] as const).find(([, version]) => version !== undefined);
  const os = SYSTEMS.find(([, pattern]) => pattern.test(text))?.[0];
  return { ...(browser && { browser: `${browser[0]} ${browser[1]}` }), ...(os && { os }) };
}

/** The specific ones first, because most browsers also claim to be Chrome and Safari. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Yandex Browser', /YaBrowser\/(\d+)/],
  ['Edge', /Edg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /(?:OPR|OPT)\/(\d+)/],
  ['Samsung Internet', /SamsungBrowser\/(\d+)/],
  ['Vivaldi', /Vivaldi\/(\d+)/],
  ['UC Browser', /UCBrowser\/(\d+)/],
  ['MIUI Browser', /MiuiBrowser\/(\d+)/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /Version\/(\d+(?:\.\d+)?)[\d.]* (?:Mobile\/\S+ )?Safari\//],
  ['Internet Explorer', /(?:MSIE |Trident\/.*rv:)(\d+)/],
];

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad|iPod/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['macOS', /Macintosh|Mac OS X/],
  ['Linux', /Linux|X11/],
];
