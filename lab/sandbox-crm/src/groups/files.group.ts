import { ApiError, invalid, notFound } from '../engine/api-error.js';
import { type Call, FileAnswer, type Handlers } from '../engine/call.js';
import { type JsonObject, asObject, asObjects, asText, pick } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import { findReferenced, list, recordById } from './records.js';

/** `files/*`: raw upload, download, links to orders and customers. */
export function fileHandlers(sandbox: Sandbox): Handlers {
  const name = (call: Call, file: JsonObject): string => `${call.crm.account.code}-${String(file['id'])}`;
  return {
    'files.list': list({
      orderIds: 'attachment.*.order.id',
      orderExternalIds: 'attachment.*.order.externalId',
      customerIds: 'attachment.*.customer.id',
      customerExternalIds: 'attachment.*.customer.externalId',
      filename: '~filename',
      isAttached: (row) => asObjects(row['attachment']).length > 0,
    }),
    'files.upload': async (call) => {
      if (call.body.length === 0) throw new ApiError(400, 'The body is empty: send the file itself as the body');
      const file = call.crm.insert('files', {
        filename: 'API upload',
        type: detectKind(call.body),
        createdAt: call.crm.now(),
        size: call.body.length,
        attachment: [],
      });
      await sandbox.files.put(name(call, file), call.body);
      return { file };
    },
    'files.get': (call) => ({ file: recordById(call, 'files', 'fileId') }),
    'files.edit': (call) => {
      const file = recordById(call, 'files', 'fileId');
      const given = asObject(call.input['file']);
      const filename = asText(given['filename']);
      if (filename !== undefined) file['filename'] = filename;
      // The given links replace all links.
      if (given['attachment'] !== undefined)
        file['attachment'] = asObjects(given['attachment']).map((link, index) => attach(call, link, index));
      call.crm.changed();
      return { file };
    },
    'files.download': async (call) => {
      const file = recordById(call, 'files', 'fileId');
      const bytes = await sandbox.files.get(name(call, file));
      if (!bytes) throw notFound('The content of the file is gone');
      return new FileAnswer(bytes, asText(file['type']) ?? 'application/octet-stream', asText(file['filename']) ?? 'file');
    },
    'files.delete': async (call) => {
      const file = recordById(call, 'files', 'fileId');
      await sandbox.files.delete(name(call, file));
      call.crm.remove('files', file);
      return {};
    },
  };
}

function attach(call: Call, link: JsonObject, index: number): JsonObject {
  const attachment: JsonObject = {};
  for (const [kind, collection, fields] of [
    ['order', 'orders', ['id', 'number', 'externalId', 'site']],
    ['customer', 'customers', ['id', 'externalId', 'site']],
  ] as const) {
    if (link[kind] === undefined) continue;
    const row = findReferenced(call.crm, collection, link[kind]);
    if (!row) throw invalid({ [`file.attachment[${index}].${kind}`]: 'is not known' });
    attachment[kind] = pick(row, fields);
  }
  return attachment;
}

/** Returns the media type by the first bytes, or the text type. */
function detectKind(bytes: Buffer): string {
  const head = bytes.subarray(0, 8).toString('latin1');
  if (head.startsWith('%PDF-')) return 'application/pdf';
  if (head.startsWith('\x89PNG')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF8')) return 'image/gif';
  return bytes.subarray(0, 1000).includes(0) ? 'application/octet-stream' : 'text/plain';
}
