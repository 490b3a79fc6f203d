import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { DeliveryManifest } from '#delivery/port';
import { Field } from '#platform';
import { type LookupItem, type ProviderContext, ProviderError } from '#provider-kit';
import { FakeCarrierProvider, FakeCarrierSettings } from '#testing';

const titled = (text: string) => ({ title: { en: text, es: text, ru: text } });
const { manifest } = new FakeCarrierProvider();

/** Who takes parcels where: a row of the settings. */
class Counter {
  @Field({ ...titled('Town'), lookup: 'cities' })
  @IsString()
  town!: string;

  @Field({ ...titled('Clerk'), lookup: 'users' })
  @IsOptional()
  @IsInt()
  clerk?: number;
}

/** Settings whose values are looked up, at the carrier and in the CRM. */
class SearchingSettings extends FakeCarrierSettings {
  @Field({ ...titled('City'), lookup: 'cities' })
  @IsOptional()
  @IsString()
  city?: string;

  @Field({ ...titled('Sites'), lookup: 'sites' })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  sites?: string[];

  @Field({ ...titled('Manager'), lookup: 'users' })
  @IsOptional()
  @IsInt()
  manager?: number;

  @Field(titled('Counters'))
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Counter)
  counters?: Counter[];
}

/** The fake carrier's adapter with lookups. The reply of `cities` depends on the search term. */
export class SearchingCarrier extends FakeCarrierProvider {
  override readonly manifest: DeliveryManifest<FakeCarrierSettings> = {
    ...manifest,
    ...{ code: 'searching-carrier', settings: SearchingSettings, lookups: ['cities'] },
    createDefaultSettings: (production) => Object.assign(new SearchingSettings(), manifest.createDefaultSettings(production)),
  };

  lookUp(name: string, term: string, { settings, connectionId, account }: ProviderContext<FakeCarrierSettings>): Promise<LookupItem[]> {
    switch (term) {
      case 'refused':
        throw new ProviderError('auth', 'The carrier does not accept the API key.', { fields: { apiKey: 'is not accepted' } });
      case 'broken':
        throw new TypeError(`cannot read ${settings.apiKey}`);
      case 'odd':
        return Promise.resolve([null, { value: {}, label: 'x' }] as unknown as LookupItem[]);
      case 'chat':
        return Promise.resolve([{ value: 'chat', label: JSON.stringify(account.chat ?? null) }]);
      case 'many':
        return Promise.resolve(Array.from({ length: 200 }, (_, value) => ({ value, label: `City ${value}` })));
      default:
        return Promise.resolve([{ value: `${name}/${term}`, label: settings.apiKey, hint: connectionId }]);
    }
  }
}
