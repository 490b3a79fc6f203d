import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { AccountSettings, NonWorkingDays, Weekday, WorkTime } from '#provider-kit';

/** A setting with the time it was changed (reference: Value). */
export class SettingValueDto {
  @IsOptional() @IsString() value?: string;
}

/** Working hours of a day (reference: WorkTime); times as `HH:MM`. */
export class WorkTimeDto {
  @IsString() day_type!: string;
  @IsOptional() @IsString() start_time?: string;
  @IsOptional() @IsString() end_time?: string;
  @IsOptional() @IsString() lunch_start_time?: string;
  @IsOptional() @IsString() lunch_end_time?: string;
}

/** Days not worked (reference: NonWorkingDay), `MM.DD`. */
export class NonWorkingDayDto {
  @IsString() start_date!: string;
  @IsString() end_date!: string;
}

/** The account's settings as the CRM sends them: always complete (reference: settings callback, `Entity/Settings/Settings`). */
export class SettingsDto {
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) default_currency?: SettingValueDto;
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) system_language?: SettingValueDto;
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) timezone?: SettingValueDto;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WorkTimeDto) work_times?: WorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => NonWorkingDayDto) non_working_days?: NonWorkingDayDto[];
}

/** What is assumed of an account that has told nothing yet. */
export const UNKNOWN_ACCOUNT: AccountSettings = { timeZone: 'UTC', language: 'en', workTimes: [], nonWorkingDays: [] };

const WEEKDAYS: Weekday[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Reads the CRM's settings; what it does not say, or says unreadably, stays as in `before`. */
export function accountSettingsOf(dto: SettingsDto, before: AccountSettings): AccountSettings {
  const currency = dto.default_currency?.value;
  return {
    timeZone: zoneOf(dto.timezone?.value) ?? before.timeZone,
    language: languageOf(dto.system_language?.value) ?? before.language,
    ...(currency && /^[A-Za-z]{3}$/.test(currency)
      ? { currency: currency.toUpperCase() }
      : before.currency
        ? { currency: before.currency }
        : {}),
    workTimes: dto.work_times ? dto.work_times.flatMap(workTimeOf) : before.workTimes,
    nonWorkingDays: dto.non_working_days ? dto.non_working_days.flatMap(nonWorkingDaysOf) : before.nonWorkingDays,
  };
}

function zoneOf(value: string | undefined): string | undefined {
  if (!value) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch {
    return undefined;
  }
}

function languageOf(value: string | undefined): AccountSettings['language'] | undefined {
  const code = value?.slice(0, 2).toLowerCase();
  return code === 'en' || code === 'es' || code === 'ru' ? code : value ? 'en' : undefined;
}

function workTimeOf(dto: WorkTimeDto): WorkTime[] {
  const text = dto.day_type.trim().toLowerCase();
  const number = Number(text);
  const day = WEEKDAYS.find((name, index) => (text.length >= 2 && name.toLowerCase().startsWith(text)) || number === index + 1);
  const start = timeOf(dto.start_time);
  const end = timeOf(dto.end_time);
  if (!day || !start || !end) return [];
  const lunchStart = timeOf(dto.lunch_start_time);
  const lunchEnd = timeOf(dto.lunch_end_time);
  return [{ day, start, end, ...(lunchStart && lunchEnd ? { lunchStart, lunchEnd } : {}) }];
}

function timeOf(value: string | undefined): string | undefined {
  const match = /^(\d{1,2}):(\d{2})/.exec(value ?? '');
  return match && Number(match[1]) <= 24 && Number(match[2]) < 60 ? `${match[1]?.padStart(2, '0')}:${match[2]}` : undefined;
}

function nonWorkingDaysOf(dto: NonWorkingDayDto): NonWorkingDays[] {
  const [start, end] = [dto.start_date, dto.end_date].map((text) =>
    /^(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])$/.test(text) ? text : undefined,
  );
  return start && end ? [{ start, end }] : [];
}
