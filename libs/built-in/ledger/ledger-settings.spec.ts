import { describe, expect, it } from '@jest/globals';
import { getParser, buildSettingsForm } from '#platform';
import { ledgerManifest } from './ledger.manifest.js';
import { checkLedgerSettings, LedgerSettings } from './ledger.settings.js';

describe('settings of the ledger', () => {
  it('start with all warehouses and nothing below zero, and have a form', () => {
    expect(getParser(LedgerSettings).parse({})).toEqual({ ...ledgerManifest.createDefaultSettings() });
    expect(buildSettingsForm(LedgerSettings).fields.map((field) => field.name)).toEqual([
      'allowNegative',
      'stores',
      'mainStore',
      'uploadCallPoints',
      'actualizeCallPoints',
    ]);
  });

  it('name each warehouse once, and a main one of them', () => {
    const stores = [{ code: 'a' }, { code: 'b' }, { code: 'a' }];
    expect(checkLedgerSettings(getParser(LedgerSettings).parse({ stores, mainStore: 'c' }))).toEqual({
      'stores[2].code': expect.any(String),
      mainStore: expect.any(String),
    });
    expect(checkLedgerSettings(getParser(LedgerSettings).parse({ stores: stores.slice(0, 2), mainStore: 'a' }))).toEqual({});
    expect(checkLedgerSettings(getParser(LedgerSettings).parse({ mainStore: 'a' }))).toEqual({});
  });

  it('define when the CRM calls', () => {
    const settings = getParser(LedgerSettings).parse({ uploadCallPoints: ['open'], actualizeCallPoints: ['pack'] });
    expect(ledgerManifest.listCallPoints(settings)).toEqual({ inventoriesUpload: ['open'], inventoriesActualize: ['pack'] });
  });
});
