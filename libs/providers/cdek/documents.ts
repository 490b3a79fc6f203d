import type { ExistingDelivery, PrintRequest } from '#delivery/port';
import { fillIn, sha256Hex } from '#platform';
import { makeError, mergePdfs, type ProviderError, quoteReasons, runJob, splitIntoParts } from '#provider-kit';
import type { Cdek, CdekForm, CdekMethod, CdekPrintReply } from './cdek.api.js';
import { FORM } from './cdek.manifest.js';
import { listReasons } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { texts } from './cdek.texts.js';

/** `POST /print/orders` and `/print/barcodes`. Only barcodes have a format. */
interface CdekPrintRequest {
  orders: { order_uuid: string }[];
  format?: string;
}

const ORDER_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.label]: 'barcodes', [FORM.waybill]: 'orders' };
const SHIPMENT_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.labels]: 'barcodes', [FORM.waybills]: 'orders' };

/** The most orders of one print job. */
const MOST_ORDERS = 100;
/** The next request for the same documents resumes a running job. Its file lives for an hour. */
const RESUMED_S = 1_800;
/** Pauses before each look at a job, milliseconds. */
const PAUSES = [100, 200, 300, 400, 500, 500, 500, 750, 750, 750];

/**
 * Prints a form for orders, in order, as one PDF. Above CDEK's limit, merges several jobs.
 * @throws ProviderError `rejected` for an order not registered at CDEK, `unavailable` while a job runs
 */
export const print: CdekMethod<'print'> = async (api, request, context) => {
  const form = request.entity === 'order' ? ORDER_FORMS[request.form] : SHIPMENT_FORMS[request.form];
  if (form === undefined) throw makeError('invalid', fillIn(texts.noForm, { form: request.form }));
  const parts = splitIntoParts(listOrders(request), MOST_ORDERS);
  if (parts.length === 0) throw makeError('invalid', texts.nothingToPrint);
  return mergePdfs(await Promise.all(parts.map((part) => printPart(api, form, part, context))));
};

/** CDEK's ids of the orders to print. */
function listOrders(request: PrintRequest): string[] {
  const deliveries: ExistingDelivery[] =
    request.entity === 'order' ? request.deliveries : request.shipments.flatMap((shipment) => shipment.request.deliveries);
  const unready = deliveries.find(({ status }) => status === 'registering' || status === 'refused');
  if (unready) throw makeError('rejected', fillIn(texts.notRegistered, { order: unready.request.orderNumber ?? unready.request.order }));
  return [...new Set(deliveries.map(({ externalId }) => externalId))];
}

/** Runs one job, and runs it once more when the job or its file has vanished. */
async function printPart(api: Cdek, form: CdekForm, uuids: string[], context: CdekContext): Promise<Uint8Array> {
  const { labelFormat: format } = context.settings;
  const file = await runJob(
    {
      key: `print:${sha256Hex(JSON.stringify([form, format, uuids])).slice(0, 32)}`,
      async start() {
        const json: CdekPrintRequest = { orders: uuids.map((order_uuid) => ({ order_uuid })), ...(form === 'barcodes' && { format }) };
        return (await api.print(context, { kind: form, json })).entity.uuid;
      },
      async look(id) {
        const reply = await api.unlessMissing(api.printJob(context, { kind: form, id }));
        return reply && readState(reply) !== 'REMOVED' ? reply : undefined;
      },
      isRunning: (reply) => ['ACCEPTED', 'PROCESSING'].includes(readState(reply)),
      async fetch(id, reply) {
        if (reply && readState(reply) === 'INVALID') throw refusePrinting(reply);
        if (!reply || readState(reply) !== 'READY') throw makeError('unavailable', texts.stillPrinting);
        return api.unlessMissing(api.file(context, { kind: form, id }));
      },
      pausesMs: PAUSES,
      resumedSeconds: RESUMED_S,
    },
    context,
  );
  if (!file) throw makeError('unavailable', texts.lostDocument);
  return file;
}

function refusePrinting({ requests = [] }: CdekPrintReply): ProviderError {
  const problems = requests.flatMap(({ errors = [] }) => errors);
  const words = quoteReasons(listReasons(problems)) ?? '–';
  return makeError('rejected', fillIn(texts.cannotPrint, { words }));
}

/** The newest of a job's states. A job without a state is accepted. */
function readState(reply: CdekPrintReply): string {
  const statuses = reply.entity?.statuses ?? [];
  const known = ['ACCEPTED', 'PROCESSING', 'READY', 'REMOVED', 'INVALID'];
  const newest = [...statuses].sort(
    (left, right) => Date.parse(right.date_time) - Date.parse(left.date_time) || known.indexOf(right.code) - known.indexOf(left.code),
  )[0];
  if (newest !== undefined) return newest.code;
  return reply.requests?.some((request) => request.state === 'INVALID') ? 'INVALID' : 'ACCEPTED';
}
