/**
 * The `#` aliases as dependency-cruiser must see them: package.json "imports" leads to compiled files, the
 * borders are about sources. In the shape of a webpack configuration, the only one through which it takes
 * aliases.
 */
const { join } = require('node:path');
const { imports } = require('../package.json');

const alias = Object.fromEntries(
  Object.entries(imports).map(([name, file]) => [
    name.includes('*') ? name : `${name}$`,
    join(__dirname, '..', file.replace('./dist/', '').replace(/\.js$/, '.ts')),
  ]),
);

module.exports = { resolve: { alias } };
