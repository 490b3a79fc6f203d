import { expect, it } from '@jest/globals';
import { HOUR_S, MANY, type StoreSuite } from './suite.js';

/** More pages than a double lists. */
const MOST_PAGES = 1_000;

/** Tests the changes since a cursor. */
export function testChanges<S extends object>(suite: StoreSuite<S>): void {
  it('lists the offers that changed since the cursor, also when it is repeated', async () => {
    const [changed, same] = [await suite.newOffer(1), await suite.newOffer(1)];
    const { cursor } = await readAll(suite, undefined);
    const [changedKey, sameKey] = [(await suite.readOne(changed))?.offer.key, (await suite.readOne(same))?.offer.key];
    expect((await readAll(suite, cursor)).keys).not.toContain(changedKey);
    await suite.subject.setStock(changed, 5);
    for (let time = 0; time < 2; time++) {
      const { keys } = await readAll(suite, cursor);
      expect(keys).toContain(changedKey);
      expect(keys).not.toContain(sameKey);
    }
    const after = await readAll(suite, (await readAll(suite, cursor)).cursor);
    expect(after.keys).not.toContain(changedKey);
  });

  it('lists every one of many changed offers', async () => {
    const { cursor } = await readAll(suite, undefined);
    const offers: string[] = [];
    for (let n = 0; n < MANY; n++) offers.push(await suite.newOffer(n + 1));
    const { keys } = await readAll(suite, cursor);
    const refs = offers.map((xmlId) => ({ xmlId }));
    const stocks = await suite.provider.readStocks(refs, suite.context);
    expect(stocks.filter((stock) => !stock || !keys.includes(stock.offer.key))).toEqual([]);
  });
}

/** Tests the first list, and unknown cursors. */
export function testAllChanges<S extends object>(suite: StoreSuite<S>): void {
  it('the first list has all offers of all pages, or none', async () => {
    const offers = (await suite.fillPages()).map((xmlId) => ({ xmlId }));
    // By then no offer is a recent change.
    const later = suite.subject.advance ? new Date(Date.now() + HOUR_S * 1_000) : suite.context.now;
    const { keys } = await readAll(suite, undefined, { ...suite.context, now: later });
    const listed = new Set(keys);
    const missing = (await suite.provider.readStocks(offers, suite.context)).filter((stock) => !listed.has(stock?.offer.key ?? ''));
    expect(listed.size === 0 ? [] : missing).toEqual([]);
  });

  it('an unknown cursor starts again', async () => {
    const xmlId = await suite.newOffer(1);
    const { keys, cursor } = await readAll(suite, 'a cursor of other settings');
    // All goods, or only later changes. Then as usual.
    if (keys.length > 0) expect(keys).toContain((await suite.readOne(xmlId))?.offer.key);
    await suite.subject.setStock(xmlId, 2);
    expect((await readAll(suite, cursor)).keys).toContain((await suite.readOne(xmlId))?.offer.key);
  });
}

/** Reads all changes since a cursor, like the integration. */
async function readAll<S extends object>(
  suite: StoreSuite<S>,
  cursor: string | undefined,
  given = suite.context,
): Promise<{ keys: string[]; cursor: string }> {
  const keys: string[] = [];
  let next = cursor;
  for (let call = 0; call < MOST_PAGES; call++) {
    const update = await suite.provider.listChanges?.(next, given);
    if (!update) throw new Error('the provider lists no changes');
    for (const { key } of update.offers) keys.push(key);
    expect(update.cursor.length).toBeLessThanOrEqual(4000);
    if (update.againSeconds !== undefined) expect(update.againSeconds).toBeGreaterThanOrEqual(1);
    if (!update.more) return { keys, cursor: update.cursor };
    expect(update.cursor).not.toBe(next);
    next = update.cursor;
  }
  throw new Error(`listChanges still has more after ${MOST_PAGES} pages. Its last cursor is ${next}`);
}
