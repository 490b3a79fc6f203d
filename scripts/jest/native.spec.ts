import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { formatStackTrace } from 'jest-message-util';

const file = fileURLToPath(import.meta.url);

describe('a spec that Node loads', () => {
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('runs in the realm of Node, whose errors and buffers are its own', () => {
    expect(Object.getPrototypeOf(process.versions)).toBe(Object.getPrototypeOf({}));
    expect(Buffer.from('a')).toBeInstanceOf(Uint8Array);
    expect(() => JSON.parse('{')).toThrow(SyntaxError);
  });

  it('knows the address of its source', () => {
    expect(file).toMatch(/scripts\/jest\/native\.spec\.ts$/);
  });

  it('names the line of its source in a stack', () => {
    const stack = new Error('here').stack ?? '';
    expect(formatStackTrace(stack, { rootDir: process.cwd(), testMatch: [] }, { noStackTrace: false })).toContain(
      'scripts/jest/native.spec.ts:29:19',
    );
  });

  it('has decorators with the metadata of their types', () => {
    expect(Reflect.getMetadata('design:paramtypes', Decorated)).toEqual([NotFoundException, String]);
  });

  it('reads a stream under fake timers', async () => {
    jest.useFakeTimers();
    expect(await text(createReadStream(file))).toContain('under fake timers');
  });

  it('spies on its object, and restores it', () => {
    const spy = jest.spyOn(Math, 'random').mockReturnValue(0.5);
    expect([Math.random(), spy.mock.calls.length]).toEqual([0.5, 1]);
    jest.restoreAllMocks();
    expect(jest.isMockFunction(Math.random)).toBe(false);
  });

  it.each([1, 2])('has tables: %i', (number) => {
    expect(number).toBeGreaterThan(0);
  });
});

function decorate(): ClassDecorator {
  return () => undefined;
}

@decorate()
class Decorated {
  constructor(
    readonly error: NotFoundException,
    readonly name: string,
  ) {}
}
