import { expect, it } from '@jest/globals';
import { Moves } from './moves.js';
import { Refusal } from './refusal.js';

const MOVES = new Moves({
  pay: 'created, waiting/slip -> paid',
  cancel: 'created, waiting -> canceled else 409 cannot_cancel',
  note: '* -> noted',
});

it('allows the moves of its table, by status or with the detail', () => {
  expect(['created', 'waiting/slip', 'waiting/bank', 'paid'].map((state) => MOVES.may('pay', state))).toEqual([true, true, false, false]);
  expect(MOVES.to('cancel', 'waiting/bank')).toBe('canceled');
  expect(MOVES.to('note', 'anything/at-all')).toBe('noted');
});

it('refuses clients in the words of the service, and tells others what is wrong', () => {
  expect(() => MOVES.to('cancel', 'paid/late')).toThrow(
    new Refusal(409, 'cannot_cancel', 'The cancel is not possible, as the status is paid.'),
  );
  expect(() => MOVES.to('pay', 'waiting/bank', 'order 7')).toThrow('order 7 is waiting/bank: pay is not possible');
  expect(() => new Moves({ pay: 'created' })).toThrow('not a move: created');
});
