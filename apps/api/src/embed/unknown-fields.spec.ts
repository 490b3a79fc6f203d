import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { UnknownFields } from './unknown-fields.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('unknown fields of a widget’s request', () => {
  it('are logged once by name, never with a value, and at most a hundred', () => {
    const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    const fields = new UnknownFields();
    for (let n = 0; n < 3; n++) fields.note({ clientId: 'c', signature: 's3cret', payload: { version: 1, theme: 's3cret', order: {} } });
    expect(log.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('"form.signature"'),
      expect.stringContaining('"payload.theme"'),
    ]);
    expect(JSON.stringify(log.mock.calls)).not.toContain('s3cret');
    for (let n = 0; n < 500; n++) fields.note({ [`name${n}`]: 1 });
    fields.note(undefined);
    fields.note({ payload: 'text' });
    expect(log).toHaveBeenCalledTimes(100);
  });
});
