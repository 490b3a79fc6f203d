import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';
import { buildSettingsForm, Field } from '#platform';
import { leaveOutLists, nameVersion, restoreLists } from './long-lists.js';

const title = { en: 'x', es: 'x', ru: 'x' };

class PointDto {
  @Field({ title }) @IsString() code!: string;
}
class SettingsDto {
  @Field({ title }) @IsString() name!: string;
  @Field({ title }) @IsArray() @ValidateNested({ each: true }) @Type(() => PointDto) points: PointDto[] = [];
  @Field({ title }) @IsArray() @ValidateNested({ each: true }) @Type(() => PointDto) hubs: PointDto[] = [];
  @Field({ title }) @IsArray() @IsString({ each: true }) cities: string[] = [];
}
const { fields } = buildSettingsForm(SettingsDto);

const points = Array.from({ length: 400 }, (_, n) => ({ code: `point-${n}` }));
const values = { name: 'x'.repeat(9_000), points, hubs: [{ code: 'h' }], cities: points.map(({ code }) => code) };

describe('long lists of settings', () => {
  it('are left out, and no others', () => {
    expect(leaveOutLists(fields, values)).toEqual({ ...values, points: { rows: 400 } });
    expect(leaveOutLists(fields, { hubs: [] })).toEqual({ hubs: [] });
  });

  it('are stored ones where a page sends back what stands for them, and nothing else is', () => {
    const sent = { name: { rows: 1 }, points: { rows: 400 }, hubs: [], extra: { rows: 2 } };
    expect(restoreLists(fields, values, sent)).toEqual({ ...sent, points });
    for (const other of [undefined, null, 'text', [1]]) expect(restoreLists(fields, values, other)).toBe(other);
  });

  it('are in the name of the settings', () => {
    expect(nameVersion({ ...values })).toBe(nameVersion(values));
    expect(nameVersion({ ...values, points: points.slice(1) })).not.toBe(nameVersion(values));
  });
});
