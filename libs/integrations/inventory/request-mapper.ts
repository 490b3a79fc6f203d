import { DateTime } from 'luxon';
import { BadInputError } from '#platform';
import { type Money, readMoney } from '#provider-kit';
import type { InventoriesActualizeDto, InventoriesUploadDto, OfferDto, OrderDto, PackDto, PackItemDto } from './dto/callback.dto.js';
import type { OfferRef, Pack, ReserveRequest } from './port/index.js';

/** Reads the offers of `inventoriesUpload`. Throws BadInputError with the offers that have no identifier. */
export function toOffers(dto: InventoriesUploadDto): OfferRef[] {
  const problems: Record<string, string> = {};
  const offers = dto.offers.map((offer, index) => toOffer(offer, `offers[${index}]`, problems));
  refuseIf(problems);
  return offers;
}

/**
 * Reads `inventoriesActualize`, with prices if the account has a `currency`. Throws BadInputError by field.
 */
export function toReserveRequest(dto: InventoriesActualizeDto, currency: string | undefined): ReserveRequest {
  const problems: Record<string, string> = {};
  const packs = dto.packs.map((pack, index) => toPack(pack, `packs[${index}]`, currency, problems));
  refuseIf(problems);
  const { id, externalId, site } = dto.order ?? {};
  const crmOrder = { ...(id !== undefined && { id }), ...(externalId && { externalId }), ...(site && { site }) };
  return { order: nameOrder(dto.order), ...(Object.keys(crmOrder).length > 0 && { crmOrder }), packs };
}

/** Returns the order's id for reservations: its id in the CRM, otherwise the shop's. */
function nameOrder(order: OrderDto | undefined): string {
  if (order?.id !== undefined) return String(order.id);
  return order?.externalId ? `${order.site ?? ''}/${order.externalId}` : '';
}

function toPack(dto: PackDto, path: string, currency: string | undefined, problems: Record<string, string>): Pack {
  const price = toPrice(dto.purchasePrice, currency);
  const day = dto.shipmentDate?.slice(0, 10);
  const externalIds = (dto.item?.externalIds ?? []).flatMap(({ code, value }) => (value ? [{ code: code ?? '', value }] : []));
  if (day && !DateTime.fromISO(day).isValid) problems[`${path}.shipmentDate`] = 'is not a valid date';
  return {
    item: toItem(dto.item),
    offer: toOffer(dto.offer, `${path}.offer`, problems),
    ...(dto.store?.code && { store: dto.store.code }),
    quantity: dto.quantity,
    ...(price && { purchasePrice: price }),
    ...(day && { shipmentDate: day }),
    ...(dto.invoiceNumber && { invoiceNumber: dto.invoiceNumber }),
    ...(dto.deliveryNoteNumber && { deliveryNoteNumber: dto.deliveryNoteNumber }),
    ...(externalIds.length > 0 && { itemExternalIds: externalIds }),
  };
}

function toItem(item: PackItemDto | undefined): string {
  if (item?.id !== undefined) return String(item.id);
  const [external] = item?.externalIds ?? [];
  return external?.value ? `${external.code ?? ''}/${external.value}` : '';
}

function toPrice(amount: number | undefined, currency: string | undefined): Money | undefined {
  return amount === undefined || currency === undefined ? undefined : readMoney(amount, currency);
}

function toOffer(dto: OfferDto, path: string, problems: Record<string, string>): OfferRef {
  const name = dto.displayName || dto.name;
  if (dto.id === undefined && !dto.xmlId && !dto.externalId) problems[path] = 'must have an id, xmlId or externalId';
  return {
    ...(dto.id !== undefined && { id: dto.id }),
    ...(dto.xmlId && { xmlId: dto.xmlId }),
    ...(dto.externalId && { externalId: dto.externalId }),
    ...(dto.site && { site: dto.site }),
    ...(name && { name }),
    ...(dto.article && { article: dto.article }),
    ...(dto.barcode && { barcode: dto.barcode }),
  };
}

function refuseIf(problems: Record<string, string>): void {
  const all = Object.entries(problems);
  if (all.length > 0) throw new BadInputError(Object.fromEntries(all.slice(0, 20)));
}
