import { describe, expect, it } from '@jest/globals';
import { describeAct, judgeStatus } from './audit.js';

describe('acts of operators', () => {
  it.each([
    ['POST', '/operator/api/connections/:id/register', 'register · connections'],
    ['POST', '/operator/api/connections/:id/go-live', 'go live · connections'],
    ['POST', '/operator/api/connections', 'add to · connections'],
    ['DELETE', '/operator/api/connections/:id', 'erase · connections'],
    ['PUT', '/operator/api/connections/:id/settings', 'save settings · connections'],
    ['POST', '/operator/api/keys/re-encrypt', 're encrypt · keys'],
    ['POST', '/operator/api/session', 'sign in'],
    ['DELETE', '/operator/api/session', 'sign out'],
  ])('%s %s is “%s”', (method, route, words) => expect(describeAct({ method, route })).toBe(words));

  it('are judged by their status', () => {
    expect([204, 403, 502, null].map((status) => judgeStatus(status).tone)).toEqual(['good', 'warn', 'bad', 'warn']);
  });
});
