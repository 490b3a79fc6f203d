import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SearchSource } from '@jest/core';
import { readConfig } from 'jest-config';
import runtime from 'jest-runtime';
import { run } from '../processes.mjs';
import { say } from '../project.mjs';

/** The longest run of specs, milliseconds: a fault may make them hang. */
const RUN_MS = 10 * 60_000;
/** Variables of the terminal that specs may see. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LANG'];

/** @typedef {{ file: string, test?: string }} Seen of one spec file; `test` failed */

/**
 * Makes the object that Jest finds related specs with. One for all files: Jest itself takes seconds to begin.
 * @param {string} folder of the project
 */
async function makeSource(folder) {
  const { projectConfig } = await readConfig({ _: [], $0: '', config: join(folder, 'jest.config.mjs') }, folder);
  // Its types describe the CommonJS module, not the imported one.
  const Runtime = /** @type {typeof runtime.default} */ (/** @type {unknown} */ (runtime));
  return new SearchSource(await Runtime.createContext(projectConfig, { console, maxWorkers: 2, watch: false, watchman: false }));
}

/** Runs specs in a copy of the project. */
export class SpecRuns {
  /** Related specs by file. @type {Map<string, string[]>} */
  #related = new Map();
  /** Spec files that passed without a fault, or with a fault elsewhere. */
  #passing = new Set();
  /** Spec files that fail without any fault: they prove nothing. */
  #failing = new Set();
  /** @type {Promise<SearchSource> | undefined} */
  #source;
  #results;

  /**
   * @param {import('./tree-copy.mjs').TreeCopy} copy
   * @param {{ env: Record<string, string>, workers: number, isShown: boolean, signal: AbortSignal, endLeftovers: () => Promise<void> }} options
   */
  constructor(copy, options) {
    this.copy = copy;
    this.options = options;
    this.#results = join(copy.folder, '../seen.jsonl');
  }

  /**
   * @param {string} file
   * @returns {Promise<string[]>} specs that import it, also by others
   */
  async listRelated(file) {
    let related = this.#related.get(file);
    if (!related) {
      this.#source ??= makeSource(this.copy.folder);
      const { tests } = await (await this.#source).findRelatedTests(new Set([join(this.copy.folder, file)]), false);
      related = tests.map(({ path }) => relative(this.copy.folder, path));
      this.#related.set(file, related);
    }
    return related;
  }

  /**
   * Runs specs with a fault until one fails that passes without it.
   * @param {string[]} specs
   * @param {import('./faults.mjs').Fault} fault
   * @returns {Promise<string | undefined>} its file
   */
  async findFailing(specs, fault) {
    for (;;) {
      const left = specs.filter((spec) => !this.#failing.has(spec));
      if (left.length === 0) return undefined;
      const applied = this.copy.apply(fault);
      let seen;
      try {
        if (left.some((spec) => spec.endsWith('.e2e-spec.ts'))) await applied.buildPages();
        seen = await this.#run(left);
      } finally {
        applied.undo();
      }
      for (const { file, test } of seen) if (test === undefined) this.#passing.add(file);
      const suspects = seen.filter(({ test }) => test !== undefined);
      if (suspects.length === 0) return undefined;
      for (const { file, test } of suspects) {
        if (await this.#passes(file)) return file;
        say(`${file} fails without a fault too (${test}); it is left out`);
        this.#failing.add(file);
      }
    }
  }

  /** @param {string} file */
  async #passes(file) {
    if (this.#passing.has(file)) return true;
    const [seen] = await this.#run([file]);
    if (!seen || seen.test !== undefined) return false;
    this.#passing.add(file);
    return true;
  }

  /**
   * @param {string[]} specs
   * @returns {Promise<Seen[]>}
   */
  async #run(specs) {
    rmSync(this.#results, { force: true });
    const { env, signal, isShown, workers } = this.options;
    const timeout = AbortSignal.timeout(RUN_MS);
    const jest = join(this.copy.folder, 'node_modules/jest/bin/jest.js');
    const config = join(this.copy.folder, 'scripts/mutations/jest.config.mjs');
    const parallel = specs.length > 1 ? ['-w', String(workers)] : ['--runInBand'];
    const passed = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
    await run(process.execPath, [jest, '--config', config, '--forceExit', ...parallel, '--runTestsByPath', ...specs], {
      cwd: this.copy.folder,
      env: { ...passed, ...env, MUTATION_RESULTS: this.#results },
      signal: AbortSignal.any([signal, timeout]),
      onLine: (line) => isShown && process.stdout.write(`${line}\n`),
    });
    signal.throwIfAborted();
    await this.options.endLeftovers();
    const lines = existsSync(this.#results) ? readFileSync(this.#results, 'utf8').trim().split('\n') : [];
    const seen = lines.map((line) => /** @type {Seen} */ (JSON.parse(line)));
    for (const one of seen) one.file = relative(this.copy.folder, one.file);
    const hangs = timeout.aborted && specs.find((spec) => !seen.some(({ file }) => file === spec));
    return hangs ? [...seen, { file: hangs, test: 'it does not end' }] : seen;
  }
}
