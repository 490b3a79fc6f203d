import { expect, it } from '@jest/globals';
import { nameAct } from './needs.js';

it.each([
  [{ operation: 'registerConnection' as const }, 'Register again'],
  [{ operation: 'checkConnection' as const }, 'Check now'],
  [{ operation: 'replayFailures' as const, body: { what: 'operations' } as never }, 'Check again'],
  [{ operation: 'replayFailures' as const, body: { what: 'messages' } as never }, 'Replay'],
])('the button of %j is labelled %s', (act, name) => expect(nameAct(act)).toBe(name));
