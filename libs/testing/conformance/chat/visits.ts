import { expect, it } from '@jest/globals';
import type { ChatSubject } from './subject.js';
import type { ChatSuite } from './suite.js';

function getVisitor<S extends object>({ subject }: ChatSuite<S>): NonNullable<ChatSubject<S>['visitor']> {
  if (!subject.visitor) throw new Error('the subject needs a visitor');
  return subject.visitor;
}

/** Tests visits of customers to the site. */
export function testVisits<S extends object>(suite: ChatSuite<S>): void {
  it('are returned for a known customer, and not for an unknown one', async () => {
    const { externalUserId, externalChatId } = getVisitor(suite);
    if (suite.provider.findLastOnline) {
      expect(await suite.provider.findLastOnline(externalUserId, suite.context)).toBeInstanceOf(Date);
      expect(await suite.provider.findLastOnline('nobody', suite.context)).toBeUndefined();
    }
    if (!suite.provider.readVisits) return;
    const visits = await suite.provider.readVisits(externalChatId, suite.context);
    expect(visits.count).toBeGreaterThan(0);
    const { startedAt, endedAt, pages = [] } = visits.lastVisit ?? {};
    if (startedAt && endedAt) expect(endedAt.getTime()).toBeGreaterThanOrEqual(startedAt.getTime());
    expect(pages.map(({ at }) => at.getTime())).toEqual(pages.map(({ at }) => at.getTime()).sort((left, right) => left - right));
    expect(await suite.provider.readVisits('nobody', suite.context)).toEqual({ count: 0 });
  });

  it('are not returned for an odd id', async () => {
    for (const odd of ['', '%', "'; DROP TABLE x; --", '__proto__', 'я'.repeat(300)]) {
      if (suite.provider.findLastOnline) expect(await suite.provider.findLastOnline(odd, suite.context)).toBeUndefined();
      if (suite.provider.readVisits) expect(await suite.provider.readVisits(odd, suite.context)).toEqual({ count: 0 });
    }
  });
}
