import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ArgumentsHost, Logger, NotFoundException } from '@nestjs/common';
import { BadInputError, CallbackError } from '#platform';
import { ProviderError } from '#provider-kit';
import { AnswerFilter, type ErrorAnswer } from './answer.filter.js';

interface Answered {
  status: number;
  headers: Record<string, unknown>;
  body: ErrorAnswer;
}

/** Returns the reply to an error. `request` contains the account or the language of the page. */
function answer(error: unknown, request: object = {}): Answered {
  const answered = { status: 0, headers: {} } as Answered;
  const reply = {
    header: (name: string, value: unknown) => ((answered.headers[name] = value), reply),
    status: (status: number) => ((answered.status = status), reply),
    type: () => reply,
    send: (body: ErrorAnswer) => ((answered.body = body), reply),
  };
  const http = { getResponse: () => reply, getRequest: () => ({ id: 'r-1', ...request }) };
  new AnswerFilter().catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return answered;
}

describe('the answer to an error', () => {
  beforeEach(() => {
    for (const level of ['warn', 'error'] as const) jest.spyOn(Logger.prototype, level).mockReturnValue(undefined);
  });

  it('of an unknown address does not repeat its query, where a clientId may stand', () => {
    const { status, body } = answer(new NotFoundException('Cannot GET /courier/nowhere?clientId=secret'));
    expect([status, body]).toEqual([404, { success: false, errorMsg: 'Cannot GET /courier/nowhere' }]);
  });

  it('returns the number of seconds until the next try', () => {
    expect(answer(new ProviderError('rate_limited', 'later', { retryAfterMs: 1_500 })).headers).toEqual({ 'retry-after': 2 });
    expect(answer(new CallbackError(503, 'later', undefined, 7)).headers).toEqual({ 'retry-after': 7 });
    expect(answer(new CallbackError(409, 'no')).headers).toEqual({});
  });

  it('names the fields', () => {
    expect(answer(new BadInputError({ name: 'is required' }))).toMatchObject({
      status: 400,
      body: { success: false, errors: { name: 'is required' } },
    });
    expect(answer(new ProviderError('invalid', 'no', { fields: { amount: 'is too high' } }))).toMatchObject({
      status: 400,
      body: { errorMsg: 'no', errors: { amount: 'is too high' } },
    });
  });

  it('is in the language of the page or the account, and names the request of an unknown error only', () => {
    const localText = { en: 'no', es: 'nada', ru: 'нет' };
    const error = new CallbackError(400, localText);
    expect(answer(error, { pageLanguage: 'ru' }).body.errorMsg).toBe('нет');
    expect(answer(error, { connection: { account: { language: 'es' } } }).body.errorMsg).toBe('nada');
    expect(answer(error, { pageLanguage: 'ru', connection: { account: { language: 'es' } } }).body.errorMsg).toBe('нет');
    const { status, body } = answer(new Error('the password is 123'), { pageLanguage: 'en' });
    expect([status, body.errorMsg]).toEqual([500, 'The request failed because of an internal error (request r-1), which was logged.']);
  });
});
