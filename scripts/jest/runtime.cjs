/** Jest's runtime of specs that Node itself loads: only the loading of modules differs from Jest's own. */
const { register } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { default: Runtime } = require('jest-runtime');
const { maps } = require('./compiled.cjs');

/** @typedef {ConstructorParameters<typeof Runtime>} Given */

/** Holds the state that circus and the globals keep in the process. */
const shared = /** @type {Record<symbol, unknown>} */ (globalThis);
let files = 0;

module.exports = class NativeRuntime extends Runtime {
  /** @param {Given} given */
  constructor(...given) {
    super(...given);
    const [{ moduleNameMapper: mapped }] = given;
    this.number = files++;
    if (this.number === 0) register(pathToFileURL(join(__dirname, 'loader.mjs')), { data: { mapped } });
  }

  /**
   * Loads a module of circus, which keeps the state of a spec file in it: each file gets a new one.
   * @override
   * @template T
   * @param {string} file
   * @returns {T}
   */
  requireInternalModule(file) {
    for (const name of ['EVENT_HANDLERS', 'RETRY_TIMES', 'TEST_TIMEOUT_SYMBOL']) delete shared[Symbol.for(name)];
    delete require.cache[file];
    return require(file);
  }

  /** @override */
  unstable_shouldLoadAsEsm() {
    return true;
  }

  /**
   * Imports the spec or a setup file, each time it is run. Imports packages once.
   * @override
   * @param {string} file
   */
  async unstable_importModule(file) {
    shared[Symbol.for('jest globals')] = this.requireModuleOrMock(file, '@jest/globals');
    return import(`${pathToFileURL(file).href}${file.includes('/node_modules/') ? '' : `?${this.number}`}`);
  }

  /** @override */
  getSourceMaps() {
    return maps;
  }
};
