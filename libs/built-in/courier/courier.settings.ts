import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { CODE, NO_CODE, TranslatedText } from '#delivery/prices';
import { defineProblem, Field, type FormSection, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './courier.texts.js';
import { CourierHub, CourierPoint } from './point.settings.js';
import { CourierZone } from './zone.settings.js';

const PRICES: FormSection = { ...SECTIONS.prices, title: texts.sections.prices.title };

const NO_PREFIX = defineProblem(texts.problems.prefix);
/** A tariff as shown to the CRM's users. Its prices are set by the zones. */
export class CourierTariff {
  @Field(texts.tariff.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.tariff.type)
  @IsIn(['courier', 'selfDelivery'])
  type!: 'courier' | 'selfDelivery';

  @Field(texts.tariff.name)
  @ValidateNested()
  @Type(() => TranslatedText)
  name!: TranslatedText;

  @Field(texts.tariff.description)
  @IsOptional()
  @ValidateNested()
  @Type(() => TranslatedText)
  description?: TranslatedText;
}

/** Settings of a connection's courier service: all its data. Without zones it has no quotes. */
export class CourierSettings {
  /** Letters that track numbers start with. */
  @Field({ ...texts.settings.trackPrefix, section: SECTIONS.forms })
  @IsString()
  @Matches(/^[A-Z]{1,4}$/, { message: NO_PREFIX })
  trackPrefix: string = 'CD';

  /** Sender on labels and waybills. Missing: the site's or the legal entity's name. */
  @Field({ ...texts.settings.senderName, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  senderName?: string;

  @Field({ ...texts.settings.senderPhone, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  senderPhone?: string;

  @Field({ ...texts.settings.senderAddress, section: SECTIONS.sender })
  @IsOptional()
  @IsString()
  @MaxLength(250)
  senderAddress?: string;

  /** Cubic centimetres that count as one kilogram. */
  @Field({ ...texts.settings.volumetricDivisor, unit: texts.units.cubicCentimetres, section: PRICES })
  @IsInt()
  @Min(1000)
  @Max(1_000_000)
  volumetricDivisor: number = 5000;

  /** Hour of the account's day from which orders leave the next working day. 24: never. 0: always. */
  @Field({ ...texts.settings.cutOffHour, unit: texts.units.hour, section: SECTIONS.tariffs })
  @IsInt()
  @Min(0)
  @Max(24)
  cutOffHour: number = 15;

  @Field({ ...texts.settings.tariffs, section: SECTIONS.tariffs })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CourierTariff)
  tariffs!: CourierTariff[];

  @Field({ ...texts.settings.zones, section: PRICES })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierZone)
  zones!: CourierZone[];

  @Field({ ...texts.settings.points, groupBy: 'city', section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(3000)
  @ValidateNested({ each: true })
  @Type(() => CourierPoint)
  points: CourierPoint[] = [];

  @Field({ ...texts.settings.hubs, section: SECTIONS.points })
  @IsArray()
  @ArrayMaxSize(300)
  @ValidateNested({ each: true })
  @Type(() => CourierHub)
  hubs: CourierHub[] = [];
}

/** Context of the courier's functions. */
export type CourierContext = ProviderContext<CourierSettings>;
