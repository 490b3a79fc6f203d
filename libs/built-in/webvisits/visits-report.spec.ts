import { describe, expect, it } from '@jest/globals';
import { toVisitItem } from './visits-report.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 24, 12, 0, seconds));
const settings = { siteCodes: [{ address: 'https://shop.example', code: 'shop' }] };
const visit = { startedAt: at(0), lastAt: at(90), pageViews: 4 };

describe('a visit for the CRM', () => {
  it('has its pages once each, with views and time', () => {
    const pages = [
      { at: at(0), url: 'https://shop.example/a', title: 'A' },
      { at: at(10), url: 'https://shop.example/b', title: null },
      { at: at(40), url: 'https://shop.example/a', title: 'A' },
    ];
    expect(toVisitItem(visit, pages, settings)).toEqual({
      type: 'visit',
      startedAt: at(0),
      site: 'shop',
      pageViews: 4,
      pages: [
        { url: 'https://shop.example/a', title: 'A', views: 2, time: 60_000 },
        { url: 'https://shop.example/b', views: 1, time: 30_000 },
      ],
      landingPage: 'https://shop.example/a',
      exitPage: 'https://shop.example/a',
    });
  });

  it('is not sent from an address without a shop, nor without pages', () => {
    expect(toVisitItem(visit, [{ at: at(0), url: 'https://other.example/', title: null }], settings)).toBeUndefined();
    expect(toVisitItem(visit, [], settings)).toBeUndefined();
  });
});
