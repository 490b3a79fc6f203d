import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator';
import type { ExistingDelivery, PrintRequest } from '#delivery/port';
import { fillIn, sha256Hex } from '#platform';
import { mergePdfs, ProviderError } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import { quoteProblems, explainRefusal, isNotFound } from './cdek.errors.js';
import { FORM } from './cdek.fields.js';
import { CdekAcceptedReply, CdekRequest, CdekStatus } from './cdek.requests.js';
import type { CdekContext } from './cdek.settings.js';
import { makeError, texts } from './cdek.texts.js';
import { lookUntil } from './waiting.js';

/** CDEK's forms by the last part of their path. */
type CdekForm = 'orders' | 'barcodes';

/** `POST /print/orders` and `/print/barcodes`; only barcodes have a format. */
interface CdekPrintRequest {
  orders: { order_uuid: string }[];
  format?: string;
}

class PrintEntity {
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekStatus) statuses?: CdekStatus[];
}

class CdekPrintReply {
  @IsOptional() @ValidateNested() @Type(() => PrintEntity) entity?: PrintEntity;
  @IsOptional() @IsArray() @ArrayMaxSize(1_000) @ValidateNested({ each: true }) @Type(() => CdekRequest) requests?: CdekRequest[];
}

const ORDER_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.label]: 'barcodes', [FORM.waybill]: 'orders' };
const SHIPMENT_FORMS: Readonly<Record<string, CdekForm>> = { [FORM.labels]: 'barcodes', [FORM.waybills]: 'orders' };

/** The most orders of one print job. */
const MOST_ORDERS = 100;
/** The next request for the same documents resumes a running job; its file lives for an hour. */
const RESUMED = { ttlSeconds: 1_800 };
/** Pauses before each look at a job, milliseconds. */
const PAUSES = [100, 200, 300, 400, 500, 500, 500, 750, 750, 750];

/**
 * Prints a form for orders, in order, as one PDF; above CDEK's limit, several merged jobs.
 * @throws ProviderError `rejected` for an order not registered at CDEK, `unavailable` while a job runs
 */
export async function print(client: CdekClient, request: PrintRequest, context: CdekContext): Promise<Uint8Array> {
  const form = request.entity === 'order' ? ORDER_FORMS[request.form] : SHIPMENT_FORMS[request.form];
  if (form === undefined) throw makeError('invalid', fillIn(texts.noForm, { form: request.form }), context);
  const uuids = listOrders(request, context);
  const parts: string[][] = [];
  for (let start = 0; start < uuids.length; start += MOST_ORDERS) parts.push(uuids.slice(start, start + MOST_ORDERS));
  const files = await Promise.all(parts.map((part) => printPart(client, form, part, context)));
  const [only, ...others] = files;
  if (only === undefined) throw makeError('invalid', texts.nothingToPrint, context);
  return others.length === 0 ? only : mergePdfs(files);
}

/** CDEK's ids of the orders to print. */
function listOrders(request: PrintRequest, context: CdekContext): string[] {
  const deliveries: ExistingDelivery[] =
    request.entity === 'order' ? request.deliveries : request.shipments.flatMap((shipment) => shipment.request.deliveries);
  const unready = deliveries.find(({ status }) => status === 'registering' || status === 'refused');
  if (unready)
    throw makeError('rejected', fillIn(texts.notRegistered, { order: unready.request.orderNumber ?? unready.request.order }), context);
  return [...new Set(deliveries.map(({ externalId }) => externalId))];
}

/** Runs one job; when the job or its file has vanished, once more. */
async function printPart(client: CdekClient, form: CdekForm, uuids: string[], context: CdekContext): Promise<Uint8Array> {
  try {
    return await runJob(client, form, uuids, context);
  } catch (error) {
    if (!(error instanceof VanishedError)) throw error;
    return await runJob(client, form, uuids, context).catch((second: unknown) => {
      throw second instanceof VanishedError ? makeError('unavailable', texts.lostDocument, context) : second;
    });
  }
}

async function runJob(client: CdekClient, form: CdekForm, uuids: string[], context: CdekContext): Promise<Uint8Array> {
  const { labelFormat: format } = context.settings;
  const key = `print:${sha256Hex(JSON.stringify([form, format, uuids])).slice(0, 32)}`;
  const job = await context.cache.fetch(key, RESUMED, async () => {
    const json: CdekPrintRequest = { orders: uuids.map((order_uuid) => ({ order_uuid })), ...(form === 'barcodes' && { format }) };
    // A lost reply costs no more than an unused file.
    const call = { method: 'POST', path: `/print/${form}`, json, effect: false } as const;
    return (await explainRefusal(client.read(CdekAcceptedReply, call, context))).entity.uuid;
  });
  try {
    const reply = await waitForJob(client, form, job, context);
    if (readState(reply) !== 'READY') throw makeError('unavailable', texts.stillPrinting, context);
    const file = await fetchFile(client, form, job, context);
    await context.cache.forget(key);
    return file;
  } catch (error) {
    const isGoingOn = error instanceof ProviderError && error.kind !== 'rejected';
    if (!isGoingOn) await context.cache.forget(key);
    throw error;
  }
}

/** A job's last known state, if any. Throws VanishedError, and ProviderError when CDEK cannot print. */
async function waitForJob(client: CdekClient, form: CdekForm, job: string, context: CdekContext): Promise<CdekPrintReply | undefined> {
  const look = async (): Promise<CdekPrintReply | 'vanished'> => {
    try {
      const path = `/print/${form}/${encodeURIComponent(job)}`;
      return await client.read(CdekPrintReply, { method: 'GET', path, effect: false }, context);
    } catch (error) {
      if (isNotFound(error)) return 'vanished';
      throw error;
    }
  };
  const isDone = (reply: CdekPrintReply | 'vanished'): boolean =>
    reply === 'vanished' || !['ACCEPTED', 'PROCESSING'].includes(readState(reply));
  const seen = await lookUntil(look, isDone, context, PAUSES);
  if (seen === 'vanished' || readState(seen) === 'REMOVED') throw new VanishedError();
  if (readState(seen) === 'INVALID') {
    const problems = (seen?.requests ?? []).flatMap((request) => request.errors ?? []);
    throw makeError('rejected', fillIn(texts.cannotPrint, { words: quoteProblems(problems) }), context);
  }
  return seen;
}

/** The PDF's bytes. */
async function fetchFile(client: CdekClient, form: CdekForm, job: string, context: CdekContext): Promise<Uint8Array> {
  const path = `/print/${form}/${encodeURIComponent(job)}.pdf`;
  const sent = client.send({ method: 'GET', path, effect: false, accept: 'application/pdf' }, context);
  const { bytes } = await sent.catch((error: unknown) => {
    throw isNotFound(error) ? new VanishedError() : error;
  });
  if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-') throw makeError('unavailable', texts.notPdf, context);
  return bytes;
}

/** The job or its file does not exist any more. */
class VanishedError extends Error {}

/** The newest of a job's states; a job that says nothing is accepted. */
function readState(reply: CdekPrintReply | undefined): string {
  const statuses = reply?.entity?.statuses ?? [];
  const known = ['ACCEPTED', 'PROCESSING', 'READY', 'REMOVED', 'INVALID'];
  const newest = [...statuses].sort(
    (left, right) => Date.parse(right.date_time) - Date.parse(left.date_time) || known.indexOf(right.code) - known.indexOf(left.code),
  )[0];
  if (newest !== undefined) return newest.code;
  return reply?.requests?.some((request) => request.state === 'INVALID') ? 'INVALID' : 'ACCEPTED';
}
