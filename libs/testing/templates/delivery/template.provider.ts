import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, ValidateNested } from 'class-validator';
import type { Address, CalculateRequest, DeliveryProvider, ExistingDelivery, SavedDelivery, SaveRequest, Tariff } from '#delivery/port';
import { type CheckReport, ProviderError, toMoney } from '#provider-kit';
import { checkAccount } from '../common/check.js';
import { TemplateClient, TemplateRefusal } from '../common/template.client.js';
import type { TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { manifest } from './template.manifest.js';
import { readStatus } from './template.statuses.js';

class WireQuote {
  @IsString() service!: string;
  @IsString() name!: string;
  /** In minor units. */
  @IsInt() price!: number;
  @IsInt() days!: number;
}

class WireQuotes {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WireQuote) quotes!: WireQuote[];
}

class WireOrder {
  @IsString() id!: string;
  @IsString() track!: string;
  @IsString() state!: string;
}

/** The callback's fields by the service's names. */
const CALLBACK_PATHS: ReadonlyMap<string, string> = new Map([
  ['service', 'delivery.tariff'],
  ['to', 'delivery.deliveryAddress'],
]);

/** The service as a delivery provider. */
export class TemplateProvider implements DeliveryProvider<TemplateSettings> {
  readonly manifest = manifest;
  private readonly client = new TemplateClient();

  check(_settings: TemplateSettings, context: TemplateContext): Promise<CheckReport> {
    return checkAccount(this.client, context);
  }

  async calculate(request: CalculateRequest, context: TemplateContext): Promise<Tariff[]> {
    const currency = request.currency ?? context.account.currency;
    if (!currency) throw new ProviderError('invalid', 'The order has no currency', { fields: { currency: 'is required' } });
    const json = { ...toPlaces(request), grams: toGrams(request), currency };
    const reading = this.client.read(WireQuotes, { method: 'POST', path: '/quotes', json, effect: false }, context);
    const { quotes } = await reading.catch(explain);
    return quotes.map(({ service, name, price, days }) => {
      const term = { minTerm: days, maxTerm: days };
      return { code: service, name, type: 'courier', cost: toMoney(price, currency), ...term };
    });
  }

  /** Sends an order, or what it is changed to. */
  async save(request: SaveRequest, context: TemplateContext, existing?: ExistingDelivery): Promise<SavedDelivery> {
    const { reference, tariff, recipient } = request;
    const json = {
      ...{ service: tariff, ...toPlaces(request), grams: toGrams(request) },
      recipient: { name: recipient.name, phone: recipient.phone },
    };
    const call = existing
      ? ({ method: 'PUT', path: `/orders/${encodeURIComponent(existing.externalId)}`, json, effect: true } as const)
      : ({ method: 'POST', path: '/orders', json: { reference, ...json }, effect: true } as const);
    const { id, track, state } = await this.client.read(WireOrder, call, context).catch(explain);
    return { externalId: id, trackNumber: track, status: readStatus(state) };
  }

  async cancel(delivery: ExistingDelivery, context: TemplateContext): Promise<void> {
    const path = `/orders/${encodeURIComponent(delivery.externalId)}/withdrawal`;
    await this.client.read(WireOrder, { method: 'PUT', path, effect: true }, context).catch(explain);
  }
}

function toPlaces({ from, to }: { from?: Address; to?: Address }): object {
  return { from: toPlace(from), to: toPlace(to) };
}

function toPlace({ countryIso, index, city, text }: Address = {}): object {
  return { country: countryIso, postcode: index, city, text };
}

function toGrams({ parcels }: { parcels: CalculateRequest['parcels'] }): number[] {
  return parcels.map(({ weight }) => Math.ceil(weight));
}

/** Throws a refusal with the callback's names of its fields; other errors unchanged. */
function explain(error: unknown): never {
  if (!(error instanceof TemplateRefusal)) throw error;
  const fields = Object.entries(error.fields ?? {}).map(([name, why]) => [CALLBACK_PATHS.get(name) ?? name, why]);
  throw new ProviderError('rejected', error.message, { fields: Object.fromEntries(fields) as Record<string, string> });
}
