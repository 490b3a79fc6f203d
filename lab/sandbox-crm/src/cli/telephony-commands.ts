import { writeFile } from 'node:fs/promises';
import { type Json, type JsonObject, asObjects, asText } from '../json.js';
import { type Commands, callback, runCallback, outcome } from './command.js';
import { callLines } from './telephony-output.js';

/** Commands of telephony. */
export const TELEPHONY_COMMANDS: Commands = {
  call: callback(
    '@telephony',
    'makeCall',
    'press the call button: the module rings the manager, then the customer',
    { '<phone>': "the customer's number" },
    {
      '--user <id>': 'the manager (default: the first one with an extension)',
      '--code <extension>': 'his extension (default: the one that the module registered for him)',
      '--external-phone <number>': "the company's number to call from (default: the store's)",
      '--site <code>': "store that the call is made from (default: the account's first)",
    },
    () => ['  what becomes of it: calls'],
  ),
  calls: {
    about: 'list the calls, each with what the module told of it',
    words: { '[call]': "only this one, by the module's id" },
    run: async ({ client }, { call }) => {
      const all = asObjects((await client.get(client.of('calls')))['calls']);
      const calls = all.filter((story) => call === undefined || story['externalId'] === call);
      return { result: { calls }, lines: calls.length === 0 ? ['No calls. Make one: call <phone>'] : calls.flatMap(callLines) };
    },
  },
  'user-status': callback(
    '@telephony',
    'changeUserStatus',
    "change a manager's status and tell the module",
    { '<status>': 'free, busy, dinner, break' },
    {
      '--user <id>': ['the manager', '1'],
      '--code <extension>': 'his extension (default: the one that the module registered for him)',
    },
  ),
  record: {
    about: 'play the record of a call, or a part of it',
    words: { '<call>': "the module's id of the call, or its number" },
    options: { '--range <from-to>': 'only these bytes, such as 0-99', '--out <file>': 'where to write it' },
    run: async (tools, { call, range, out }) => {
      const asked = { call, ...(range === undefined ? {} : { range: `bytes=${String(range)}` }) };
      const { base64, ...result } = await runCallback(tools, '@telephony', 'record', asked);
      const where = await keepFile(result, out, Buffer.from(asText(base64) ?? '', 'base64'));
      return outcome(result, [`  ${String(result['bytes'])} bytes of ${String(result['type'])}${where}`]);
    },
  },
  'phone-account': {
    about: 'open the module\'s page, as the button "Telephony personal account" does',
    options: { '--out <file>': 'where to write it' },
    run: async (tools, { out }) => {
      const { html, ...result } = await runCallback(tools, '@telephony', 'personalAccount', {});
      const page = asText(html) ?? '';
      const where = await keepFile(result, out, page);
      const title = /<title>([^<]*)/i.exec(page)?.[1] ?? 'a page without a title';
      return outcome(result, [`  ${title}, ${Buffer.byteLength(page)} bytes${where}`]);
    },
  },
};

/** Writes a successful callback's bytes to a file. Returns where, for the output. */
async function keepFile(result: JsonObject, out: Json | undefined, bytes: Buffer | string): Promise<string> {
  const path = asText(out);
  if (path !== undefined && result['ok'] === true) await writeFile(path, bytes);
  return path === undefined ? '' : `, written to ${path}`;
}
