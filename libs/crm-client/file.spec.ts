import { describe, expect, it } from '@jest/globals';
import { parseFileName } from './file.js';

describe('the name in Content-Disposition', () => {
  it.each([
    [undefined, undefined],
    ['inline', undefined],
    ['attachment; filename="label 1.pdf"', 'label 1.pdf'],
    ['attachment; filename=label.pdf', 'label.pdf'],
    ['attachment; filename="a\\"b.pdf"', 'a"b.pdf'],
    ['attachment; filename="x.pdf"; filename*=UTF-8\'\'%D1%8F.pdf', 'я.pdf'],
    ['attachment; filename="x.pdf"; filename*=UTF-8\'\'%D1.pdf', 'x.pdf'],
    [`attachment; filename="${Buffer.from('я.pdf').toString('latin1')}"`, 'я.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\temp\\\\a.pdf"', 'a.pdf'],
    ['attachment; filename=".."', undefined],
  ])('%j is %j', (header, name) => {
    expect(parseFileName(header)).toBe(name);
  });
});
