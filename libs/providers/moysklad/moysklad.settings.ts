import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { defineProblem, Field, type FormSection, Secret, SECTIONS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './moysklad.texts.js';

/** Lists of MoySklad's that the settings choose from. */
export const LOOKUP = { warehouses: 'warehouses', organizations: 'organizations', agents: 'agents' } as const;

/** Fields of a good in MoySklad that the CRM's `xmlId` may be. */
export const SEARCH_KEYS = ['externalCode', 'id', 'code', 'barcode'] as const;
export type SearchKey = (typeof SEARCH_KEYS)[number];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NOT_UUID = { message: defineProblem(texts.problems.id) };

/** Sections of the page. */
export const STOCKS: FormSection = { code: 'stocks', title: texts.sections.stocks.title };
export const RESERVES: FormSection = { code: 'reserves', title: texts.sections.reserves.title };

const CALLS: FormSection = { code: 'calls', title: texts.sections.calls.title };

/** Which warehouse of MoySklad one of the CRM's is. */
export class MoyskladStore {
  /** Code of the warehouse in the CRM. */
  @Field({ ...texts.store.code, lookup: 'stores' })
  @IsString()
  @Matches(/\S/, { message: 'must not be empty' })
  @MaxLength(255)
  code!: string;

  @Field({ ...texts.store.warehouse, lookup: LOOKUP.warehouses })
  @IsString()
  @Matches(UUID, NOT_UUID)
  warehouse!: string;
}

/** Settings of a connection to MoySklad. */
export class MoyskladSettings {
  @Field({ ...texts.settings.token, section: SECTIONS.connect })
  @Secret()
  @IsString()
  @MaxLength(1_000)
  token!: string;

  @Field({ ...texts.settings.callsIn3Seconds, section: SECTIONS.connect })
  @IsInt()
  @Min(1)
  @Max(45)
  callsIn3Seconds: number = 11;

  @Field({ ...texts.settings.stores, section: STOCKS })
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => MoyskladStore)
  stores!: MoyskladStore[];

  @Field({ ...texts.settings.mainStore, codesOf: 'stores', section: STOCKS })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  mainStore?: string;

  @Field({ ...texts.settings.searchBy, section: STOCKS })
  @IsIn(SEARCH_KEYS)
  searchBy: SearchKey = 'externalCode';

  @Field({ ...texts.settings.figure, section: STOCKS })
  @IsIn(['freeStock', 'stock'])
  figure: 'freeStock' | 'stock' = 'freeStock';

  @Field({ ...texts.settings.price, section: STOCKS })
  @IsIn(['buyPrice', 'none'])
  price: 'buyPrice' | 'none' = 'buyPrice';

  @Field({ ...texts.settings.organization, lookup: LOOKUP.organizations, section: RESERVES })
  @IsOptional()
  @IsString()
  @Matches(UUID, NOT_UUID)
  organization?: string;

  @Field({ ...texts.settings.agent, lookup: LOOKUP.agents, section: RESERVES })
  @IsOptional()
  @IsString()
  @Matches(UUID, NOT_UUID)
  agent?: string;

  @Field({ ...texts.settings.orderPrefix, section: RESERVES })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  orderPrefix?: string = 'CRM-';

  @Field({ ...texts.settings.uploadCallPoints, hint: texts.unknownCallPoints, section: CALLS })
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  uploadCallPoints: string[] = [];

  @Field({ ...texts.settings.actualizeCallPoints, hint: texts.unknownCallPoints, section: CALLS })
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  actualizeCallPoints: string[] = [];
}

/** The context of each call of MoySklad's functions. */
export type MoyskladContext = ProviderContext<MoyskladSettings>;

/** The initial settings of a connection. */
export function createDefaultSettings(): MoyskladSettings {
  return {
    ...{ token: '', callsIn3Seconds: 11, stores: [], searchBy: 'externalCode', figure: 'freeStock', price: 'buyPrice' },
    ...{ orderPrefix: 'CRM-', uploadCallPoints: [], actualizeCallPoints: [] },
  };
}

/** Code of the default warehouse. Undefined if there are no warehouses. */
export function findMainStore({ stores, mainStore }: MoyskladSettings): string | undefined {
  return mainStore || stores[0]?.code;
}
