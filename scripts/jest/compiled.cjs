/** Compiled TypeScript sources of specs, kept by the hash of their text. */
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { fileURLToPath } = require('node:url');
const { version } = require('@swc/core/package.json');

const folder = join(__dirname, '../../node_modules/.cache/specs', version);
/** @type {import('@swc/core').Options} */
const options = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    target: 'es2023',
    keepClassNames: true,
    // Node loads JSON only with `with { type: 'json' }`.
    experimental: { keepImportAttributes: true },
  },
  module: { type: 'es6' },
  sourceMaps: true,
  swcrc: false,
  configFile: false,
};
exports.options = options;

const keep = (/** @type {string} */ file, /** @type {string} */ text) => {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
};

const nameOf = (/** @type {string} */ file, /** @type {string} */ text) =>
  join(folder, `${createHash('sha1').update(`${file}\0${text}`).digest('hex')}.mjs`);

/** @param {string} file of TypeScript. Returns its JavaScript */
exports.compile = (file) => {
  const text = readFileSync(file, 'utf8');
  const kept = nameOf(file, text);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    mkdirSync(folder, { recursive: true });
    const { code, map } = require('@swc/core').transformSync(text, { ...options, filename: file });
    keep(`${kept}.map`, map ?? '');
    keep(kept, code);
    return code;
  }
};

/** Source maps by the path or address of a compiled file. They are looked up when a stack is formatted. */
exports.maps = new (class extends Map {
  /**
   * @override
   * @param {string} source
   */
  get(source) {
    const file = source.startsWith('file:') ? fileURLToPath(source.replace(/\?.*/, '')) : source;
    if (!file.endsWith('.ts') || !existsSync(file)) return undefined;
    const map = `${nameOf(file, readFileSync(file, 'utf8'))}.map`;
    return existsSync(map) ? map : undefined;
  }
})();
