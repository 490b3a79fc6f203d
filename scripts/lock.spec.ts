import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { root } from './project.mjs';

describe('takeLock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crossdock-lock-'));
    file = join(folder, 'a.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells a second taker who holds it and what they note, until it is released', () => {
    const lock = takeLock(file);
    if (!('release' in lock)) throw new Error('a free lock was refused');
    expect(lock.leftBehind).toBe(false);
    expect(takeLock(file)).toEqual({ heldBy: process.pid, note: '' });
    lock.note('stopping');
    expect(takeLock(file)).toEqual({ heldBy: process.pid, note: 'stopping' });
    lock.release();
    lock.note('too late');
    expect(takeLock(file)).toHaveProperty('leftBehind', false);
    expect(readdirSync(folder)).toEqual(['a.lock']);
  });

  it('is free again when its holder died without releasing it', () => {
    const script = `import { takeLock } from ${JSON.stringify(join(root, 'scripts/lock.mjs'))}; takeLock(${JSON.stringify(file)});`;
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).status).toBe(0);
    expect(takeLock(file)).toHaveProperty('leftBehind', true);
  });

  it.each(['', 'nonsense', '0\n\n'])('is free when the file holds %j', (content) => {
    writeFileSync(file, content);
    expect(takeLock(file)).toHaveProperty('release');
  });
});
