import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { PaymentShop } from '#payment/port';
import { Field, type FormSection, SECTIONS, Secret } from '#platform';
import { texts } from './testpay.texts.js';

/** A shop of the test gateway. It moves no money. */
export class TestpayShop extends PaymentShop {
  @Field(texts.shop.holdHours)
  @IsInt()
  @Min(1)
  @Max(720)
  holdHours: number = 168;
}

const SHOPS: FormSection = { code: 'shops', title: texts.sections.shops.title };

/** Settings of a connection of the test gateway. */
export class TestpaySettings {
  @Field({ ...texts.settings.shops, section: SHOPS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => TestpayShop)
  shops!: TestpayShop[];

  @Field({ ...texts.settings.webhookSecret, section: SECTIONS.connect })
  @IsOptional()
  @IsString()
  @MinLength(16)
  @MaxLength(200)
  @Secret()
  webhookSecret?: string;
}

/** Initial settings of a connection: one shop with one stage. */
export function createTestpaySettings(): TestpaySettings {
  return { shops: [{ code: 'main', name: 'Testpay', active: true, capture: 'automatic', holdHours: 168 }] };
}
