import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MOST_ARTICLE, toArticle } from './article.js';

describe('the article of an item', () => {
  it.each([
    [{ externalId: 'S-1', offerId: '7' }, 'S-1'],
    [{ offerId: ' 7 ' }, '7'],
    [{ externalId: '', offerId: '7' }, '7'],
    [{}, undefined],
    [{ externalId: 'Чай «Ёлка» |5~' }, 'Чай _Елка_ _5_'],
    [{ externalId: `!@"#№$;%^:&?*()_-+=,` }, `!@"#№$;%^:&?*()_-+=,`],
  ])('%j is %j', (item, article) => expect(toArticle({ quantity: 1, ...item })).toBe(article));

  it('has at most 20 of CDEK’s characters, and long ones stay apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (externalId) => {
        const article = toArticle({ quantity: 1, externalId }) ?? '';
        expect([...article].length).toBeLessThanOrEqual(MOST_ARTICLE);
        expect(article).toMatch(/^[A-Za-zА-Яа-я0-9 !@"#№$;%^:&?*()_\-+=,.{}[\]/]*$/);
      }),
    );
    const [one, other] = ['a', 'b'].map((end) => toArticle({ quantity: 1, externalId: 'x'.repeat(30) + end }));
    expect(one).not.toBe(other);
  });
});
