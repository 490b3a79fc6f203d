import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from './install.mjs';

describe('isInstalled', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const b = { version: '2.0.0', integrity: 'sha512-b', dev: true };
  const other = { version: '3.0.0', integrity: 'sha512-c', optional: true };
  const workspace = { 'libs/w': { version: '1.0.0' }, 'node_modules/w': { resolved: 'libs/w', link: true } };
  const lock = { '': {}, ...workspace, 'node_modules/a': a, 'node_modules/b': b, 'node_modules/other-platform': other };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-install-'));
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: lock }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const installed = (packages: object) => writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));

  it('is true if everything except packages of other platforms is present', () => {
    installed({ 'node_modules/a': a, 'node_modules/b': b });
    expect(isInstalled(folder)).toBe(true);
  });

  it('treats a workspace as sources', () => {
    installed({ 'libs/w': { version: '0.9.0' }, 'node_modules/a': a, 'node_modules/b': b });
    expect(isInstalled(folder)).toBe(true);
  });

  it.each([
    ['nothing was installed', undefined],
    ['the dev packages are missing', { 'node_modules/a': a }],
    ['a version differs', { 'node_modules/a': { ...a, version: '1.0.1' }, 'node_modules/b': b }],
    ['a content differs', { 'node_modules/a': { ...a, integrity: 'sha512-x' }, 'node_modules/b': b }],
    ['a package is no longer wanted', { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/old': a }],
  ])('is false when %s', (_, packages) => {
    if (packages) installed(packages);
    expect(isInstalled(folder)).toBe(false);
  });

  it('explains what to do without a lock file', () => {
    rmSync(join(folder, 'package-lock.json'));
    expect(() => isInstalled(folder)).toThrow(/restore it/);
  });
});
