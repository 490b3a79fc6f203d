import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkWidget } from './build-pages.mjs';

describe('the widget', () => {
  let folder: string;
  const write = (text: string, name = 'widget.a.js'): void => writeFileSync(join(folder, name), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'widget-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is one small script', () => {
    write('prefetch();evaluate(1)');
    expect(() => checkWidget(folder)).not.toThrow();
  });

  it.each(['eval("1")', 'new Function("return 1")', 'self.fetch("/x")', 'new WebSocket(a)', 'importScripts("b")'])(
    'may not contain %s',
    (code) => {
      write(`const a = 1;${code};`);
      expect(() => checkWidget(folder)).toThrow(/the widget contains \w+\(/);
    },
  );

  it('may not be too large for each card, or have parts that are loaded later', () => {
    write(randomBytes(50_000).toString('base64'));
    expect(() => checkWidget(folder)).not.toThrow();
    write(randomBytes(70_000).toString('base64'));
    expect(() => checkWidget(folder)).toThrow(/bytes gzipped, more than 60000/);
    write('later()', 'widget.b.js');
    expect(() => checkWidget(folder)).toThrow('the widget must be one script. It has 2: widget.a.js, widget.b.js');
  });
});
