import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { CODE, NO_CODE, PriceZone } from '#delivery/prices';
import { Field, type LocalText } from '#platform';
import { texts } from './courier.texts.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Part of the day of a window. The CRM's field `deliveryWindow` selects it. */
export const WINDOW_PARTS = ['morning', 'day', 'evening'] as const;
export type WindowPart = (typeof WINDOW_PARTS)[number];

/** Names of the parts of the day. */
export const WINDOW_NAMES: Record<WindowPart, LocalText> = texts.windowNames;

/** Hours in which a zone's couriers deliver. */
export class CourierWindow {
  @Field({ ...texts.window.part, choices: WINDOW_NAMES })
  @IsIn(WINDOW_PARTS)
  part!: WindowPart;

  /** `HH:MM` */
  @Field(texts.window.from)
  @IsString()
  @Matches(TIME, { message: 'must be a time such as 09:30' })
  from!: string;

  /** `HH:MM` */
  @Field(texts.window.to)
  @IsString()
  @Matches(TIME, { message: 'must be a time such as 09:30' })
  to!: string;
}

/** A zone of the price table with its couriers' hours. */
export class CourierZone extends PriceZone {
  /** Hours of courier tariffs, earliest first. Empty: any hour may be requested. */
  @Field(texts.zone.windows)
  @IsArray()
  @ArrayMaxSize(12)
  @ValidateNested({ each: true })
  @Type(() => CourierWindow)
  windows: CourierWindow[] = [];

  /** Code of the sorting hub for the zone's parcels. */
  @Field({ ...texts.zone.hub, codesOf: 'hubs' })
  @IsOptional()
  @IsString()
  @Matches(CODE, NO_CODE)
  hub?: string;
}
