import { describe, expect, it } from '@jest/globals';
import type { JournalHead } from '#journal';
import type { OperationEntity } from '#operations';
import { listNextSteps, type NextStepsOf } from './next-steps.js';

const at = (time: string): Date => new Date(`2026-11-27T${time}Z`);
const connection = { id: 'c1', active: true, frozen: false, frozenByOperatorAt: null, disconnectedAt: null, shadow: false };
const callback = (time: string, status: number, error: string | null = null): JournalHead =>
  ({ kind: 'callback', name: 'delivery.save', at: at(time), status, error, outcome: status === 200 ? 'ok' : 'refused' }) as JournalHead;
const operation = (time: string, state: string, error: string | null = null): OperationEntity =>
  ({ id: 'o1', kind: 'delivery.save', createdAt: at(time), state, error }) as OperationEntity;
const list = (of: Partial<NextStepsOf>): string[] =>
  listNextSteps({ connection, operations: [], messages: [], events: [], exchanges: [], ...of });

describe('what to do next', () => {
  it('is to correct what a callback was refused for, in one full stop', () => {
    const step =
      "The last delivery.save of the CRM was refused with 400: The street is unknown. Correct this in the CRM or in the module's settings (nothing, if the service was unavailable), then save again in the CRM.";
    expect(list({ exchanges: [callback('10:00:00', 400, 'The street is unknown.')] })).toEqual([step]);
    expect(list({ exchanges: [callback('10:00:00', 400, 'The street is unknown')] })).toEqual([step]);
  });

  it('is known from the operation where the journal is gone', () => {
    expect(list({ operations: [operation('10:00:00', 'refused', 'No such city')] })).toEqual([
      expect.stringMatching(/^The last delivery\.save of the CRM was refused: No such city\. Correct/),
    ]);
  });

  it('is nothing once it was done, or where the outcome is unknown', () => {
    const refused = callback('10:00:00', 400, 'No');
    expect(list({ exchanges: [callback('11:00:00', 200), refused] })).toEqual([]);
    expect(list({ exchanges: [refused], operations: [operation('11:00:00', 'done')] })).toEqual([]);
    expect(list({ exchanges: [callback('10:00:00', 504, 'Too late')], operations: [operation('10:00:00', 'unknown')] })).toEqual([
      expect.stringMatching(/^Operation o1 is checked again/),
    ]);
  });

  it.each([
    [{ disconnectedAt: at('09:00:00') }, /connect the module again/],
    [{ shadow: true }, /POST \/operator\/api\/connections\/c1\/go-live/],
    [{ frozenByOperatorAt: at('09:00:00') }, /POST \/operator\/api\/connections\/c1\/unfreeze/],
    [{ frozen: true }, /why its CRM froze the module/],
    [{ active: false }, /enable the module/],
  ])('is to let the connection work: %j', (state, words) => {
    const exchanges = [callback('10:00:00', 400, 'This is a trial.')];
    expect(list({ connection: { ...connection, ...state }, exchanges })).toEqual([expect.stringMatching(words)]);
  });
});
