import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { browserFolders, buildPages } from '../build-pages.mjs';
import { SetupError, root } from '../project.mjs';
import compiled from '../jest/compiled.cjs';

/** A copy of the sources and of dist that shares the installed packages. Faults are written into it only. */
export class TreeCopy {
  /** @type {string[]} */
  #files;

  /** @param {string} folder where it is made */
  constructor(folder) {
    this.folder = folder;
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    this.#files = listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
    for (const file of this.#files) cpSync(join(root, file), join(folder, file));
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, preserveTimestamps: true });
    linkPackages(join(root, 'node_modules'), join(folder, 'node_modules'));
  }

  /** @returns {string[]} paths of all specs */
  listSpecs() {
    return this.#files.filter((file) => file.endsWith('spec.ts'));
  }

  /**
   * Writes a fault into the sources and into dist.
   * @param {import('./faults.mjs').Fault} fault
   * @returns {{ buildPages: () => Promise<void>, undo: () => void }} buildPages: only needed by browsers
   */
  apply({ file, find, replace }) {
    const source = join(this.folder, file);
    const text = readFileSync(source, 'utf8');
    const changed = text.replace(find, () => replace);
    const undo = [() => writeFileSync(source, text)];
    const output = join(this.folder, 'dist', file.replace(/\.ts$/, '.js'));
    if (file.endsWith('.ts') && existsSync(output)) {
      const code = compile(changed, source);
      const before = readFileSync(output);
      undo.push(() => writeFileSync(output, before));
      writeFileSync(output, code);
    }
    writeFileSync(source, changed);
    return {
      buildPages: async () => {
        if (!/^apps\/(web|widget)\//.test(file)) return;
        for (const folder of browserFolders)
          undo.push(() => {
            rmSync(join(this.folder, folder), { recursive: true });
            cpSync(join(root, folder), join(this.folder, folder), { recursive: true, preserveTimestamps: true });
          });
        await buildPages({ folder: this.folder });
      },
      undo: () => undo.forEach((step) => step()),
    };
  }
}

/**
 * @param {string} text
 * @param {string} file
 */
function compile(text, file) {
  try {
    return transformSync(text, { ...compiled.options, sourceMaps: 'inline', filename: file }).code;
  } catch (error) {
    throw new SetupError(`${file} cannot be compiled with the fault: ${error.message}`);
  }
}

/**
 * Links each package. Packages that are folders of the project lead into the copy.
 * @param {string} from
 * @param {string} to
 */
function linkPackages(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    // Caches hold paths of the checkout.
    if (name === '.cache') continue;
    const path = join(from, name);
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(to, name));
    else if (name.startsWith('@')) linkPackages(path, join(to, name));
    else symlinkSync(path, join(to, name));
  }
}
