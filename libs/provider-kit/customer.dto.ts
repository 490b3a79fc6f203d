import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { BadInputError, FreeForm, MayBeText } from '#platform/plain';
import type { Contragent, Customer, CustomerAddress } from './customer.js';

/** A postal address (reference: DeliveryAddress, CustomerAddress). */
export class PostalAddressDto {
  @IsOptional() @IsString() @MaxLength(50) index?: string;
  @IsOptional() @IsString() @MaxLength(50) countryIso?: string;
  @IsOptional() @IsString() @MaxLength(500) region?: string;
  @IsOptional() @IsInt() regionId?: number;
  @IsOptional() @IsString() @MaxLength(500) city?: string;
  @IsOptional() @IsInt() cityId?: number;
  @IsOptional() @IsString() @MaxLength(255) cityType?: string;
  @IsOptional() @IsString() @MaxLength(500) street?: string;
  @IsOptional() @IsInt() streetId?: number;
  @IsOptional() @IsString() @MaxLength(255) streetType?: string;
  @IsOptional() @IsString() @MaxLength(255) building?: string;
  @IsOptional() @IsString() @MaxLength(255) flat?: string;
  @IsOptional() @IsInt() floor?: number;
  @IsOptional() @IsInt() block?: number;
  @IsOptional() @IsString() @MaxLength(255) house?: string;
  @IsOptional() @IsString() @MaxLength(255) housing?: string;
  @IsOptional() @IsString() @MaxLength(255) metro?: string;
  @IsOptional() @IsString() @MaxLength(5000) notes?: string;
  @IsOptional() @IsString() @MaxLength(5000) text?: string;
}

/** An address of the customer's (reference: CustomerAddress). */
export class CustomerAddressDto extends PostalAddressDto {
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() name?: string;
  @IsOptional() @IsBoolean() isMain?: boolean;
  @IsOptional() @IsString() externalId?: string;
}

/** The customer's legal person (reference: CustomerContragent). */
export class ContragentDto {
  @IsOptional() @IsString() contragentType?: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsString() @MaxLength(2000) legalName?: string;
  @IsOptional() @IsString() legalAddress?: string;
  @IsOptional() @IsString() INN?: string;
  @IsOptional() @IsString() OKPO?: string;
  @IsOptional() @IsString() KPP?: string;
  @IsOptional() @IsString() OGRN?: string;
  @IsOptional() @IsString() OGRNIP?: string;
  @IsOptional() @IsString() certificateNumber?: string;
  @IsOptional() @IsString() certificateDate?: string;
  @IsOptional() @IsString() BIK?: string;
  @IsOptional() @IsString() bank?: string;
  @IsOptional() @IsString() bankAddress?: string;
  @IsOptional() @IsString() corrAccount?: string;
  @IsOptional() @IsString() bankAccount?: string;
}

/** A phone of the customer (reference: CustomerPhone); delivery's callbacks send the number alone. */
@MayBeText('number')
export class CustomerPhoneDto {
  @IsOptional() @IsString() number?: string;
}

/** The customer (reference: Customer), without fields that no service needs: figures, tags, subscriptions. */
export class CustomerDto {
  @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsString() externalId?: string;
  @IsOptional() @IsString() type?: string;
  @IsOptional() @IsBoolean() isContact?: boolean;
  @IsOptional() @IsString() site?: string;
  @IsOptional() @IsInt() managerId?: number;
  @IsOptional() @IsBoolean() vip?: boolean;
  @IsOptional() @IsBoolean() bad?: boolean;
  @IsOptional() @IsString() createdAt?: string;
  @IsOptional() @IsString() firstName?: string;
  @IsOptional() @IsString() lastName?: string;
  @IsOptional() @IsString() patronymic?: string;
  @IsOptional() @IsString() sex?: string;
  @IsOptional() @IsString() birthday?: string;
  @IsOptional() @IsString() email?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => CustomerPhoneDto) phones?: CustomerPhoneDto[];
  @IsOptional() @ValidateNested() @Type(() => ContragentDto) contragent?: ContragentDto;
  @IsOptional() @ValidateNested() @Type(() => CustomerAddressDto) address?: CustomerAddressDto;
  @IsOptional() @FreeForm() customFields?: Record<string, unknown>;
}

/** The path of the customer in the callbacks that have one. */
const PATH = 'customer';

const NO_PHONE = 'must be a phone number';
const NO_EMAIL = 'must be an e-mail address';

/**
 * Converts a parsed customer, without empty members. Throws BadInputError for phones without a digit, unless
 * another is valid, and for an e-mail without an at sign.
 */
export function toCustomer({ phones = [], contragent, address, birthday, ...rest }: CustomerDto): Customer {
  const given = phones.flatMap(({ number }) => number?.trim() || []);
  const numbers = given.filter((number) => /\d/.test(number));
  const first = numbers[0] ?? given[0];
  refuseNonsense({ [`${PATH}.phones[0]`]: first }, { [`${PATH}.email`]: rest.email });
  return {
    ...dropEmpty({
      ...rest,
      birthday: readDay(birthday),
      contragent: contragent && toContragent(contragent),
      address: address && toCustomerAddress(address),
    }),
    phones: numbers,
  };
}

/**
 * Throws BadInputError for phones (by path) without a digit and e-mails without an at sign. An extension, or
 * a number with a remark, is accepted.
 */
export function refuseNonsense(phones: Record<string, string | undefined>, emails: Record<string, string | undefined>): void {
  const errors: Record<string, string> = {};
  for (const path in phones) if (phones[path]?.trim() && !/\d/.test(phones[path])) errors[path] = NO_PHONE;
  for (const path in emails) if (emails[path]?.trim() && !/^[^\s@]+@[^\s@]+$/.test(emails[path].trim())) errors[path] = NO_EMAIL;
  if (Object.keys(errors).length > 0) throw new BadInputError(errors);
}

function toContragent({ INN, OKPO, KPP, OGRN, OGRNIP, BIK, certificateDate, ...rest }: ContragentDto): Contragent {
  const numbers = { inn: INN, okpo: OKPO, kpp: KPP, ogrn: OGRN, ogrnip: OGRNIP, bik: BIK };
  return dropEmpty({ ...rest, ...numbers, certificateDate: readDay(certificateDate) });
}

function toCustomerAddress(dto: CustomerAddressDto): CustomerAddress {
  return dropEmpty({ ...dto, countryIso: dto.countryIso?.toUpperCase() });
}

/** The day of `YYYY-MM-DD`, with or without a time after it. Undefined for anything else. */
function readDay(text: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0];
}

/** Omits missing values, `''` and `{}`. */
function dropEmpty<Value extends object>(value: Value): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  const filled: { [Name in keyof Value]?: Exclude<Value[Name], undefined> } = {};
  for (const name in value) if (!isEmpty(value[name])) filled[name] = value[name] as Exclude<Value[typeof name], undefined>;
  return filled;
}

function isEmpty(member: unknown): boolean {
  return member === undefined || member === '' || (typeof member === 'object' && member !== null && Object.keys(member).length === 0);
}
