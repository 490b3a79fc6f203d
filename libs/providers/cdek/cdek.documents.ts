import { PDFDocument } from 'pdf-lib';
import { sha256Hex } from '#platform';
import { ProviderError } from '#provider-kit';
import type { CdekClient } from './cdek.client.js';
import type { CdekContext } from './cdek.settings.js';
import { explained, isNotFound, wordsOf } from './cdek.errors.js';
import { problem, texts } from './cdek.texts.js';
import { lookUntil } from './cdek.waiting.js';
import type { CdekForm, CdekPrintReply } from './cdek.wire.js';

/** Most orders of one print job. */
const MOST_ORDERS = 100;
/** A job under way is taken up again by whoever asks for the same next; its file lives an hour. */
const RESUMED = { ttlSeconds: 1_800 };

/** CDEK's printed forms: jobs that are begun, waited for and fetched. */
export class CdekDocuments {
  constructor(private readonly client: CdekClient) {}

  /** One PDF of the orders, in the order given; more than a job takes are several jobs, put together. */
  async print(form: CdekForm, uuids: readonly string[], context: CdekContext): Promise<Uint8Array> {
    const parts: string[][] = [];
    for (let start = 0; start < uuids.length; start += MOST_ORDERS) parts.push(uuids.slice(start, start + MOST_ORDERS));
    const files = await Promise.all(parts.map((part) => this.part(form, part, context)));
    const [only, ...others] = files;
    if (only === undefined) throw problem('invalid', texts.nothingToPrint, context);
    return others.length === 0 ? only : merged(files);
  }

  private async part(form: CdekForm, uuids: string[], context: CdekContext): Promise<Uint8Array> {
    try {
      return await this.once(form, uuids, context);
    } catch (error) {
      if (!(error instanceof VanishedError)) throw error;
      // The job or its file is gone: another one, once.
      return await this.once(form, uuids, context).catch((second: unknown) => {
        throw second instanceof VanishedError ? problem('unavailable', texts.lostDocument, context) : second;
      });
    }
  }

  private async once(form: CdekForm, uuids: string[], context: CdekContext): Promise<Uint8Array> {
    const { labelFormat: format } = context.settings;
    const key = `print:${sha256Hex(JSON.stringify([form, format, uuids])).slice(0, 32)}`;
    const job = await context.cache.fetch(key, RESUMED, async () => {
      const request = { orders: uuids.map((order_uuid) => ({ order_uuid })), ...(form === 'barcodes' && { format }) };
      return (await explained(this.client.startPrint(form, request, context))).entity.uuid;
    });
    try {
      const reply = await this.ready(form, job, context);
      if (stateOf(reply) !== 'READY') {
        throw problem('unavailable', texts.stillPrinting, context);
      }
      const file = await this.client.printed(form, job, context).catch((error: unknown) => {
        throw isNotFound(error) ? new VanishedError() : error;
      });
      await context.cache.forget(key);
      return file;
    } catch (error) {
      const isGoingOn = error instanceof ProviderError && error.kind !== 'rejected';
      if (!isGoingOn) await context.cache.forget(key);
      throw error;
    }
  }

  private async ready(form: CdekForm, job: string, context: CdekContext): Promise<CdekPrintReply | undefined> {
    const look = async (): Promise<CdekPrintReply | 'vanished'> => {
      try {
        return await this.client.printState(form, job, context);
      } catch (error) {
        if (isNotFound(error)) return 'vanished';
        throw error;
      }
    };
    const pauses = [100, 200, 300, 400, 500, 500, 500, 750, 750, 750];
    const seen = await lookUntil(
      look,
      (reply) => reply === 'vanished' || !['ACCEPTED', 'PROCESSING'].includes(stateOf(reply)),
      context,
      pauses,
    );
    if (seen === 'vanished' || stateOf(seen) === 'REMOVED') throw new VanishedError();
    if (stateOf(seen) === 'INVALID') {
      const problems = (seen?.requests ?? []).flatMap((request) => request.errors ?? []);
      throw problem('rejected', texts.cannotPrint(wordsOf(problems)), context);
    }
    return seen;
  }
}

/** The job is not there any more. */
class VanishedError extends Error {}

/** The newest of a job's states; one that says nothing is taken as accepted. */
function stateOf(reply: CdekPrintReply | undefined): string {
  const statuses = reply?.entity?.statuses ?? [];
  const known = ['ACCEPTED', 'PROCESSING', 'READY', 'REMOVED', 'INVALID'];
  const newest = [...statuses].sort(
    (left, right) => Date.parse(right.date_time) - Date.parse(left.date_time) || known.indexOf(right.code) - known.indexOf(left.code),
  )[0];
  if (newest !== undefined) return newest.code;
  return reply?.requests?.some((request) => request.state === 'INVALID') ? 'INVALID' : 'ACCEPTED';
}

async function merged(files: readonly Uint8Array[]): Promise<Uint8Array> {
  const whole = await PDFDocument.create();
  for (const file of files) {
    const part = await PDFDocument.load(file);
    for (const page of await whole.copyPages(part, part.getPageIndices())) whole.addPage(page);
  }
  return whole.save();
}
