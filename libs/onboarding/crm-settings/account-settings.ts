import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { cleanText, toLanguage } from '#platform';
import type { AccountSettings, ChannelOrder, ChatAccountSettings, NonWorkingDays, Weekday, WorkTime } from '#provider-kit';
import { toLoose, toText } from '../crm-lists/loose.js';

/** A setting with the time it was changed (reference: Value). */
export class SettingValueDto {
  @IsOptional() @IsString() value?: string;
}

/** Working hours of a day (reference: WorkTime). Times are `HH:MM`. */
export class WorkTimeDto {
  @IsString() day_type!: string;
  @IsOptional() @IsString() start_time?: string;
  @IsOptional() @IsString() end_time?: string;
  @IsOptional() @IsString() lunch_start_time?: string;
  @IsOptional() @IsString() lunch_end_time?: string;
}

/** A period of non-working days (reference: NonWorkingDay), as `MM.DD`. */
export class NonWorkingDayDto {
  @IsString() start_date!: string;
  @IsString() end_date!: string;
}

/**
 * The account's settings, always complete (reference: settings callback, `Entity/Settings/Settings`). `mg` is
 * read separately, because errors in it must not reject the other settings.
 */
export class SettingsDto {
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) default_currency?: SettingValueDto;
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) system_language?: SettingValueDto;
  @IsOptional() @ValidateNested() @Type(() => SettingValueDto) timezone?: SettingValueDto;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => WorkTimeDto) work_times?: WorkTimeDto[];
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => NonWorkingDayDto) non_working_days?: NonWorkingDayDto[];
}

const WEEKDAYS: Weekday[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Ids of chat channels are whole numbers (reference: MgOrderCreationSettings). */
const CHANNEL_ID = /^\d{1,20}$/;
const MOST_CHANNELS = 500;
const CODE_LENGTH = 255;

/**
 * Reads the CRM's settings. Missing and unreadable values are taken from `before`.
 * @param mg member `mg` of the raw settings
 */
export function readAccountSettings(dto: SettingsDto, before: AccountSettings, mg?: unknown): AccountSettings {
  const currency = dto.default_currency?.value;
  const chat = readChat(mg) ?? before.chat;
  return {
    timeZone: readZone(dto.timezone?.value) ?? before.timeZone,
    language: readLanguage(dto.system_language?.value) ?? before.language,
    ...(currency && /^[A-Za-z]{3}$/.test(currency)
      ? { currency: currency.toUpperCase() }
      : before.currency
        ? { currency: before.currency }
        : {}),
    workTimes: dto.work_times ? dto.work_times.flatMap(readWorkTime) : before.workTimes,
    nonWorkingDays: dto.non_working_days ? dto.non_working_days.flatMap(readNonWorkingDays) : before.nonWorkingDays,
    ...(chat && { chat }),
  };
}

function readChat(mg: unknown): ChatAccountSettings | undefined {
  const { order_creation: sent } = toLoose(mg);
  if (typeof sent !== 'object' || sent === null || (Array.isArray(sent) && sent.length > 0)) return undefined;
  const { default: general, channels } = toLoose(sent);
  const order = readOrder(general);
  const byChannel = Object.entries(toLoose(channels)).filter(([id, one]) => CHANNEL_ID.test(id) && typeof one === 'object' && one !== null);
  return {
    orderCreation: {
      ...(Object.keys(order).length > 0 && { default: order }),
      channels: Object.fromEntries(byChannel.slice(0, MOST_CHANNELS).map(([id, one]) => [id, readOrder(one)])),
    },
  };
}

function readOrder(value: unknown): ChannelOrder {
  const sent = toLoose(value);
  const [site, orderType, orderMethod] = ['site', 'order_type', 'order_method'].map((name) => readCode(sent[name]));
  return { ...(site && { site }), ...(orderType && { orderType }), ...(orderMethod && { orderMethod }) };
}

function readCode(value: unknown): string | undefined {
  const code = toText(value);
  return code === undefined || code.length > CODE_LENGTH ? undefined : cleanText(code);
}

function readZone(value: string | undefined): string | undefined {
  if (!value) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch {
    return undefined;
  }
}

function readLanguage(value: string | undefined): AccountSettings['language'] | undefined {
  return value ? toLanguage(value.slice(0, 2)) : undefined;
}

function readWorkTime(dto: WorkTimeDto): WorkTime[] {
  const text = dto.day_type.trim().toLowerCase();
  const number = Number(text);
  const day = WEEKDAYS.find((name, index) => (text.length >= 2 && name.toLowerCase().startsWith(text)) || number === index + 1);
  const start = readTime(dto.start_time);
  const end = readTime(dto.end_time);
  if (!day || !start || !end) return [];
  const lunchStart = readTime(dto.lunch_start_time);
  const lunchEnd = readTime(dto.lunch_end_time);
  return [{ day, start, end, ...(lunchStart && lunchEnd ? { lunchStart, lunchEnd } : {}) }];
}

function readTime(value: string | undefined): string | undefined {
  const match = /^(\d{1,2}):(\d{2})/.exec(value ?? '');
  return match && Number(match[1]) <= 24 && Number(match[2]) < 60 ? `${match[1]?.padStart(2, '0')}:${match[2]}` : undefined;
}

function readNonWorkingDays(dto: NonWorkingDayDto): NonWorkingDays[] {
  const [start, end] = [dto.start_date, dto.end_date].map((text) =>
    /^(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])$/.test(text) ? text : undefined,
  );
  return start && end ? [{ start, end }] : [];
}
