import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CODE, NO_CODE, ParcelLimits } from '#delivery/prices';
import { COUNTRIES, Field } from '#platform';
import { texts } from './courier.texts.js';

/** A place where buyers collect their parcels. */
export class CourierPoint {
  @Field(texts.point.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  /** Codes of the zones it serves. */
  @Field({ ...texts.point.zones, codesOf: 'zones' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  zones!: string[];

  @Field(texts.point.name)
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  /** ISO 3166-1 alpha-2. */
  @Field({ ...texts.point.country, codesOf: COUNTRIES })
  @IsString()
  @Matches(/^[A-Z]{2}$/, { message: 'must be two capital letters' })
  country!: string;

  /** Other spellings follow `|`, as in areas. */
  @Field(texts.point.region)
  @IsOptional()
  @IsString()
  @MaxLength(300)
  region?: string;

  /** Other spellings follow `|`, as in areas. */
  @Field(texts.point.city)
  @IsString()
  @IsNotEmpty()
  @MaxLength(300)
  city!: string;

  /** The whole address in one line. */
  @Field(texts.point.address)
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;

  @Field(texts.point.schedule)
  @IsString()
  @MaxLength(250)
  schedule: string = '';

  @Field(texts.point.phone)
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @Field(texts.point.latitude)
  @IsNumber()
  @Min(-90)
  @Max(90)
  latitude!: number;

  @Field(texts.point.longitude)
  @IsNumber()
  @Min(-180)
  @Max(180)
  longitude!: number;

  @Field(texts.point.limits)
  @ValidateNested()
  @Type(() => ParcelLimits)
  limits!: ParcelLimits;

  /** Whether it accepts payments from buyers. */
  @Field(texts.point.cod)
  @IsBoolean()
  cod: boolean = true;

  /** Whether it accepts parcels from the shop. */
  @Field(texts.point.takesShipments)
  @IsBoolean()
  takesShipments: boolean = true;
}

/** A sorting hub, selectable in the data field `sortingHub`. */
export class CourierHub {
  @Field(texts.hub.code)
  @IsString()
  @Matches(CODE, NO_CODE)
  code!: string;

  @Field(texts.hub.name)
  @IsString()
  @IsNotEmpty()
  @MaxLength(120)
  name!: string;

  @Field(texts.hub.address)
  @IsString()
  @IsNotEmpty()
  @MaxLength(250)
  address!: string;
}
