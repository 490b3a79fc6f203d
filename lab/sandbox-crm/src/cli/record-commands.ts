import { FAULT_KINDS } from '../engine/faults.js';
import { asList, asObjects } from '../json.js';
import type { Commands } from './command.js';
import { EXIT, exchangeLines } from './output.js';

/** Commands of exchanges, faults and the reset. */
export const RECORD_COMMANDS: Commands = {
  exchanges: {
    about: 'show what was sent and received',
    options: {
      '--in': ['only calls of modules to the API', false],
      '--out': ['only callbacks to modules', false],
      '--name <part>': "part of a method's or callback's name",
      '--violations': ['only what was against the contract', false],
      '--limit <n>': ['the newest so many', 30],
      '--bodies': ['with the bodies', false],
      '--clear': ['forget it all', false],
    },
    run: async ({ client }, given) => {
      if (given['clear'] === true) return { result: await client.delete('/exchanges'), lines: [] };
      const query = new URLSearchParams({ account: client.account, limit: String(given['limit']) });
      if (given['in'] !== given['out']) query.set('direction', given['in'] === true ? 'in' : 'out');
      if (given['name'] !== undefined) query.set('name', String(given['name']));
      if (given['violations'] === true) query.set('violations', '1');
      const result = await client.get(`/exchanges?${query.toString()}`);
      const entries = asObjects(result['entries']);
      const isViolated = entries.some((entry) => asList(entry['violations']).length > 0);
      const lines = entries.flatMap((entry) => exchangeLines(entry, given['bodies'] === true));
      return { result, lines: lines.length === 0 ? ['Nothing.'] : lines, code: isViolated ? EXIT.violated : EXIT.done };
    },
  },
  faults: {
    about: `make the API misbehave: ${FAULT_KINDS.join(', ')}; without an argument, show what is on`,
    words: { '[kind]': 'how, or "off"' },
    options: {
      '--path <pattern>': 'calls whose path fits, * for any text',
      '--holding <text>': 'calls whose parameters hold this text, such as an id in quotes',
      '--times <n>': 'so many calls',
      '--share <n>': 'part of the calls, 0 to 1',
      '--ms <n>': 'for slow: milliseconds',
      '--retry-after <seconds>': 'for 429 and 503',
      '--status <n>': 'for error-before: HTTP status',
      '--error-msg <text>': 'for error-before: what the answer says',
    },
    run: async ({ client }, { kind, ms, ...given }) => {
      if (kind === 'off') await client.delete('/faults');
      else if (kind !== undefined) await client.post('/faults', { kind, ...given, milliseconds: ms });
      const result = await client.get('/faults');
      const faults = asObjects(result['faults']);
      return { result, lines: faults.length === 0 ? ['The API behaves.'] : faults.map((fault) => JSON.stringify(fault)) };
    },
  },
  reset: {
    about: 'forget orders, deliveries, records, exchanges and faults',
    options: { '--everything': ['also modules, keys, settings and other accounts', false] },
    run: async ({ client }, given) => ({ result: await client.post('/reset', given), lines: ['Done.'] }),
  },
};
