import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { asObjects, asText } from '../json.js';
import type { CommandTools } from './payment-commands.js';
import { callLines } from './telephony-output.js';

/** Adds the commands of telephony. `--module`: the telephony module. */
export function addTelephonyCommands(program: Command, tools: CommandTools): void {
  const { callback, client } = tools;

  program
    .command('call')
    .description('press the call button: the module rings the manager, then the customer')
    .argument('<phone>', "the customer's number")
    .option('--user <id>', 'the manager (default: the first one with an extension)')
    .option('--code <extension>', 'his extension (default: the one that the module registered for him)')
    .option('--external-phone <number>', "the company's number to call from (default: the store's)")
    .option('--site <code>', "store that the call is made from (default: the account's first)")
    .action(async (phone: string, options: { user?: string; code?: string; externalPhone?: string; site?: string }) =>
      tools.showOutcome(await callback('makeCall', { phone, ...options }), ['  what becomes of it: calls']),
    );

  program
    .command('calls')
    .description('list the calls, each with what the module told of it')
    .argument('[call]', "only this one, by the module's id")
    .action(async (name: string | undefined) => {
      const result = await client().get(client().of('calls'));
      const stories = asObjects(result['calls']).filter((story) => name === undefined || story['externalId'] === name);
      tools.print({ calls: stories }, stories.length === 0 ? ['No calls. Make one: call <phone>'] : stories.flatMap(callLines));
    });

  program
    .command('user-status')
    .description("change a manager's status and tell the module")
    .argument('<status>', 'free, busy, dinner, break')
    .option('--user <id>', 'the manager', '1')
    .option('--code <extension>', 'his extension (default: the one that the module registered for him)')
    .action(async (status: string, options: { user: string; code?: string }) =>
      tools.showOutcome(await callback('changeUserStatus', { status, ...options })),
    );

  program
    .command('record')
    .description('play the record of a call, or a part of it')
    .argument('<call>', "the module's id of the call, or its number")
    .option('--range <from-to>', 'only these bytes, such as 0-99')
    .option('--out <file>', 'where to write it')
    .action(async (call: string, options: { range?: string; out?: string }) => {
      const { base64, ...outcome } = await callback('record', {
        call,
        ...(options.range === undefined ? {} : { range: `bytes=${options.range}` }),
      });
      if (options.out !== undefined && outcome['ok'] === true) await writeFile(options.out, Buffer.from(asText(base64) ?? '', 'base64'));
      const where = options.out === undefined ? '' : `, written to ${options.out}`;
      tools.showOutcome(outcome, [`  ${String(outcome['bytes'])} bytes of ${String(outcome['type'])}${where}`]);
    });

  program
    .command('phone-account')
    .description('open the module\'s page, as the button "Telephony personal account" does')
    .option('--out <file>', 'where to write it')
    .action(async (options: { out?: string }) => {
      const { html, ...outcome } = await callback('personalAccount', {});
      const page = asText(html) ?? '';
      if (options.out !== undefined && outcome['ok'] === true) await writeFile(options.out, page);
      const title = /<title>([^<]*)/i.exec(page)?.[1] ?? 'a page without a title';
      tools.showOutcome(outcome, [
        `  ${title}, ${Buffer.byteLength(page)} bytes${options.out === undefined ? '' : `, written to ${options.out}`}`,
      ]);
    });
}
