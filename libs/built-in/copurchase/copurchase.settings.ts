import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsNotEmpty, IsNumber, IsString, Max, MaxLength, Min } from 'class-validator';
import { Field, type FormSection } from '#platform';
import { texts } from './copurchase.texts.js';

/** The CRM's default statuses of cancelled orders, as initial setting. Cancelled goods were not bought. */
const CANCELLED = ['no-call', 'no-product', 'already-buyed', 'delyvery-did-not-suit', 'prices-did-not-suit', 'cancel-other'];

const OWN_SECTIONS = {
  together: { code: 'together', title: texts.sections.together.title },
  analogs: { code: 'analogs', title: texts.sections.analogs.title },
} satisfies Record<string, FormSection>;

/** Settings of a connection of the co-purchase service. */
export class CopurchaseSettings {
  @Field({ ...texts.settings.count, section: OWN_SECTIONS.together })
  @IsInt()
  @Min(1)
  @Max(100)
  count: number = 10;

  @Field({ ...texts.settings.windowDays, section: OWN_SECTIONS.together })
  @IsInt()
  @Min(0)
  @Max(3650)
  windowDays: number = 0;

  @Field({ ...texts.settings.minOrders, unit: texts.units.orders, section: OWN_SECTIONS.together })
  @IsInt()
  @Min(1)
  @Max(100_000)
  minOrders: number = 2;

  @Field({ ...texts.settings.minLift, section: OWN_SECTIONS.together })
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  minLift: number = 0;

  @Field({ ...texts.settings.ignoredStatuses, section: OWN_SECTIONS.together })
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(255, { each: true })
  ignoredStatuses: string[] = [...CANCELLED];

  @Field({ ...texts.settings.priceSpread, section: OWN_SECTIONS.analogs })
  @IsInt()
  @Min(0)
  @Max(10_000)
  priceSpread: number = 30;

  @Field({ ...texts.settings.analogMinOrders, unit: texts.units.orders, section: OWN_SECTIONS.analogs })
  @IsInt()
  @Min(0)
  @Max(100_000)
  analogMinOrders: number = 1;

  @Field({ ...texts.settings.groupWeight, section: OWN_SECTIONS.analogs })
  @IsNumber()
  @Min(0)
  @Max(100)
  groupWeight: number = 1;

  @Field({ ...texts.settings.priceWeight, section: OWN_SECTIONS.analogs })
  @IsNumber()
  @Min(0)
  @Max(100)
  priceWeight: number = 1;

  @Field({ ...texts.settings.popularityWeight, section: OWN_SECTIONS.analogs })
  @IsNumber()
  @Min(0)
  @Max(100)
  popularityWeight: number = 1;

  @Field({ ...texts.settings.refreshMinutes, section: OWN_SECTIONS.together })
  @IsInt()
  @Min(1)
  @Max(1440)
  refreshMinutes: number = 15;

  @Field({ ...texts.settings.addDefaultModes, section: OWN_SECTIONS.together })
  @IsBoolean()
  addDefaultModes: boolean = false;
}

/** Rejects weights that are all 0, because they rank nothing. */
export function checkCopurchaseSettings(settings: CopurchaseSettings): Record<string, string> {
  const { groupWeight, priceWeight, popularityWeight } = settings;
  return groupWeight + priceWeight + popularityWeight > 0 ? {} : { groupWeight: 'must not be 0 if the other weights are 0' };
}
