import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { root } from '../project.mjs';
import { checkFaults, readFaults, roomOf, shuffle } from './faults.mjs';

const faults = readFaults();
const folder = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (content: unknown): string => {
  const file = join(folder, 'faults.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('seeded faults', () => {
  it('each have one place in the sources', () => {
    expect(() => checkFaults(faults)).not.toThrow();
  });

  it('are at least 60, of every room, each once', () => {
    expect(faults.length).toBeGreaterThanOrEqual(60);
    expect(new Set(faults.map(({ file, find, replace }) => `${file}\n${find}\n${replace}`)).size).toBe(faults.length);
    const rooms = new Set(faults.map(roomOf));
    for (const room of ['operations', 'outbox', 'inbox', 'guard', 'masking', 'money', 'adapters', 'pages']) expect(rooms).toContain(room);
  });

  it('of providers and integrations are not of the room of everything else', () => {
    const isAdapter = /^libs\/(built-in|providers|integrations)\//;
    expect(faults.filter((fault) => isAdapter.test(fault.file) && roomOf(fault) === 'platform')).toEqual([]);
  });

  it('leave TypeScript that can be compiled', () => {
    for (const { file, find, replace } of faults.filter(({ file }) => file.endsWith('.ts'))) {
      const changed = readFileSync(join(root, file), 'utf8').replace(find, () => replace);
      expect(() => parseSync(changed, { syntax: 'typescript', decorators: true })).not.toThrow();
    }
  });

  it('that fit no place, two places, or change nothing are refused by name', () => {
    const fault = { file: 'package.json', find: '"name": "crossdock"', replace: 'x', harm: 'none' };
    for (const wrong of [
      { ...fault, file: 'nowhere.ts' },
      { ...fault, find: 'not in it' },
      { ...fault, find: '": "' },
      { ...fault, replace: fault.find },
    ])
      expect(() => checkFaults([fault, wrong])).toThrow(wrong.file);
    expect(() => checkFaults([fault])).not.toThrow();
  });

  it('are read from a file, which is rejected if it is not a list of faults', () => {
    const fault = { file: 'package.json', find: 'a', replace: 'b', harm: 'c' };
    expect(readFaults(write([fault]))).toEqual([fault]);
    for (const wrong of ['{', {}, [null], [{ ...fault, harm: undefined }], [{ ...fault, room: 'attic' }]])
      expect(() => readFaults(write(wrong))).toThrow('faults.json');
    expect(() => readFaults(join(folder, 'none.json'))).toThrow('does not exist');
  });

  it('are shuffled by a seed: the same one gives the same order', () => {
    expect(shuffle(faults, 7)).toEqual(shuffle(faults, 7));
    expect(shuffle(faults, 7)).not.toEqual(shuffle(faults, 8));
    expect(new Set(shuffle(faults, 7))).toEqual(new Set(faults));
  });
});
