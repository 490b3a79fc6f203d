import { describe, expect, it } from '@jest/globals';
import { repeatText } from '#platform/plain';
import { defineStatuses, type StatusRow } from './status-table.js';

const row = (code: string, from: StatusRow['from'], flags: Partial<StatusRow> = {}): StatusRow => ({
  code,
  name: repeatText(code),
  from,
  ...flags,
});

describe('a status table', () => {
  const table = defineStatuses([
    { code: 'created', name: repeatText('Created'), from: ['NEW', 'CREATED'], isEditable: true },
    { code: 'moving', name: repeatText('Moving'), from: 'same' },
    { code: 'unrecognised', name: repeatText('Unknown'), from: 'unknown' },
    { code: 'change-refused', name: repeatText('Refused'), from: 'adapter' },
    { code: 'delivered', name: repeatText('Delivered'), from: ['DONE'], isFinal: true },
  ]);

  it('reads codes, by rules first, and does not guess', () => {
    const rules = [{ code: 'NEW', status: 'delivered' as const }];
    expect(['NEW', 'moving', 'DONE', 'change-refused', 'constructor', ''].map((code) => table.read(code))).toEqual([
      ...['created', 'moving', 'delivered', 'unrecognised', 'unrecognised', 'unrecognised'],
    ]);
    expect([table.read('NEW', rules), table.serviceCodes]).toEqual(['delivered', ['NEW', 'CREATED', 'moving', 'DONE']]);
    expect(defineStatuses([{ code: 'a', name: repeatText('A'), from: 'same' }]).read('b')).toBeUndefined();
  });

  it('reports with the time of the service, and keeps a code without a row', () => {
    const told = { externalId: '7', at: '2026-03-02T10:00:00Z' };
    const updatedAt = new Date(told.at);
    expect(table.report({ ...told, code: 'DONE' })).toEqual({ externalId: '7', code: 'delivered', updatedAt });
    expect(table.report({ ...told, code: 'EATEN' })).toEqual({ externalId: '7', code: 'unrecognised', updatedAt, comment: 'EATEN' });
    expect(table.report({ ...told, code: 'EATEN', comment: 'By a bear' })).toMatchObject({ comment: 'By a bear' });
  });

  it('knows the life of a parcel', () => {
    expect([table.isAfter('moving', 'created'), table.isAfter('created', 'moving'), table.isAfter('x', 'created')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([table.has('delivered', 'isFinal'), table.has('created', 'isFinal'), table.has('x', 'isFinal')]).toEqual([true, false, false]);
    expect([table.getName('moving').en, table.getName('x').en, table.choices.created.en]).toEqual(['Moving', 'x', 'Created']);
    expect(table.list[0]).toEqual({ code: 'created', name: repeatText('Created'), isEditable: true });
  });

  it('is refused if it contradicts itself', () => {
    expect(() => defineStatuses([row('a', ['X']), row('b', ['X'])])).toThrow("the service's code X leads to the statuses a and b");
    expect(() => defineStatuses([row('a', 'unknown', { isFinal: true })])).toThrow('the status a for unknown codes must not be final');
    // @ts-expect-error the compiler names a status that no code leads to
    expect(() => defineStatuses([{ code: 'a', name: repeatText('A'), from: [] }])).toThrow('no code leads to the status a');
    // @ts-expect-error and a status without a source
    expect(() => defineStatuses([{ code: 'a', name: repeatText('A') }])).toThrow('no code leads to the status a');
  });
});
