import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { BadInputError } from '#platform';
import { mergePdfs } from '#provider-kit';
import { toExistingDelivery, toExistingShipment } from './delivery-rows.js';
import { DeliveryStore } from './delivery-store.js';
import type { PrintDto } from './dto/callback.dto.js';
import { FORMATS, findFormat, isPdf } from './form-formats.js';
import type { DeliveryProvider, PrintedForm, PrintRequest } from './port/index.js';
import type { Choice } from './rules/choose-rule.js';
import { choose, chooseForShipment, toChoice } from './rules/delivery-choices.js';
import { ShipmentStore } from './shipment-store.js';

/** A printed document. */
export interface PrintedDocument {
  bytes: Uint8Array;
  mediaType: string;
  /** The name to save the file under. */
  name: string;
}

/** The documents to print, and the name of the first one. */
interface Print {
  /** In the given order. Neighbours that were made with the same choice are one part. */
  parts: { choice: Choice | undefined; request: PrintRequest }[];
  first: string | undefined;
}

/** Implements the CRM's `print`. */
@Injectable()
export class DeliveryPrintService {
  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly deliveries: DeliveryStore,
    private readonly shipments: ShipmentStore,
  ) {}

  /**
   * Prints a form for deliveries or shipments into one file, in the given order. `offers`: the forms that the
   * caller can show, by default PDFs. Throws BadInputError, CallbackError or ProviderError.
   */
  async print(connection: Connection, dto: PrintDto, offers: (form: PrintedForm) => boolean = isPdf): Promise<PrintedDocument> {
    this.providers.assertHas(connection, 'print');
    const { forms, printLimit } = this.providers.getManifest(connection);
    const entity = dto.entityType ?? 'order';
    const known = forms.filter((one) => one.entity === entity && offers(one)).map((one) => one.code);
    const form = known.find((code) => code === dto.type);
    if (form === undefined) throw new BadInputError({ type: known.length > 0 ? `must be one of: ${known.join(', ')}` : 'is not known' });
    const asked = dto.deliveryIds.flatMap((list, outer) => list.map((id, inner) => ({ id, path: `deliveryIds[${outer}][${inner}]` })));
    if (asked.length === 0) throw new BadInputError({ deliveryIds: 'must not be empty' });
    if (asked.length > printLimit)
      throw new BadInputError({ deliveryIds: `must have at most ${printLimit} ${printLimit === 1 ? 'item' : 'items'}` });
    const ids = asked.map((one) => one.id);
    const toPath = (index: number): string => asked[index]?.path ?? 'deliveryIds';
    const { parts, first } = await (entity === 'order'
      ? this.readDeliveries(connection, form, ids, toPath)
      : this.readShipments(connection, form, ids, toPath));
    const files: Uint8Array[] = [];
    for (const { choice, request } of parts)
      files.push(await this.providers.call(choose(connection, choice), 'print', (provider, context) => provider.print(request, context)));
    const format = findFormat({ forms }, { entity, form });
    // The commands of several labels are printed one after the other.
    const bytes = format === 'pdf' ? await mergePdfs(files) : Buffer.concat(files);
    return { bytes, mediaType: FORMATS[format].mediaType, name: `${buildFileName(form, first, ids.length)}.${format}` };
  }

  private async readDeliveries(connection: Connection, form: string, ids: string[], toPath: (index: number) => string): Promise<Print> {
    const rows = await this.deliveries.loadLiveMany(connection, ids, toPath);
    const [first] = rows.map(toExistingDelivery);
    const parts = splitByChoice(rows, toChoice).map(({ choice, items }) => ({
      choice,
      request: { entity: 'order' as const, form, deliveries: items.map(toExistingDelivery) },
    }));
    return { parts, first: first?.request.orderNumber ?? first?.request.order };
  }

  private async readShipments(connection: Connection, form: string, ids: string[], toPath: (index: number) => string): Promise<Print> {
    const rows = await this.shipments.loadLiveMany(connection, ids, toPath);
    const shipments = await Promise.all(
      rows.map(async (row) => {
        const deliveries = await this.deliveries.loadMany(connection, row.deliveryIds);
        // A delivery withdrawn after the shipment was made is simply not on its list.
        const live = deliveries.filter(({ deletedAt }) => deletedAt === null);
        return { shipment: toExistingShipment(row, live), choice: chooseForShipment(deliveries) };
      }),
    );
    const parts = splitByChoice(shipments, ({ choice }) => choice).map(({ choice, items }) => ({
      choice,
      request: { entity: 'shipment' as const, form, shipments: items.map(({ shipment }) => shipment) },
    }));
    const first = shipments[0]?.shipment.request;
    return { parts, first: first?.date ?? first?.reference };
  }
}

/** Puts neighbours of one choice together. */
function splitByChoice<Item>(
  items: readonly Item[],
  getChoice: (item: Item) => Choice | undefined,
): { choice: Choice | undefined; items: Item[] }[] {
  const parts: { choice: Choice | undefined; items: Item[] }[] = [];
  for (const item of items) {
    const choice = getChoice(item);
    const last = parts.at(-1);
    if (last && last.choice?.contract === choice?.contract && last.choice?.sender === choice?.sender) last.items.push(item);
    else parts.push({ choice, items: [item] });
  }
  return parts;
}

/** Such as `label-1002A-and-2-more`. Letters that a header cannot hold are omitted. */
function buildFileName(form: string, first: string | undefined, count: number): string {
  const plain = (first ?? '').replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  return [form, plain, count > 1 ? `and-${count - 1}-more` : ''].filter((part) => /[A-Za-z0-9]/.test(part)).join('-');
}
