/** `npm run operator-token`: makes a token of an operator and its entry of OPERATOR_TOKENS. */
import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SetupError, isStarted, main } from './project.mjs';

const help = `npm run operator-token -- --name <name> --may <rights> [--modules <codes>]

Makes a token for an operator and prints it, with the entry to add to OPERATOR_TOKENS. Nothing is stored: the entry holds the token's SHA-256
only, so give the token to the operator and keep no copy.

  --name      of the operator, as the audit list shows it: letters, digits and . _ @ -
  --may       view: see everything; act: change things too; export: view, and export what is stored about a buyer; act+export: all of it
  --modules   codes of the modules that the operator is limited to, separated by commas; all when left out
  --help      shows this
`;

/**
 * Makes a token and its entry.
 * @param {string} name
 * @param {string} may
 * @param {string} [modules]
 */
export function makeOperatorToken(name, may, modules) {
  if (!/^[A-Za-z0-9][\w.@-]{0,63}$/.test(name)) throw new SetupError('--name must be up to 64 letters, digits and . _ @ -');
  if (!['view', 'act', 'export', 'act+export'].includes(may)) throw new SetupError('--may must be view, act, export or act+export');
  const codes = modules?.split(',').map((code) => code.trim());
  if (codes?.some((code) => !/^[a-z][a-z0-9-]{0,49}$/.test(code)))
    throw new SetupError('--modules must be codes of modules, separated by commas');
  const token = randomBytes(32).toString('base64url');
  return { token, entry: `${name}:${may}${codes ? `@${codes.join('+')}` : ''}:${createHash('sha256').update(token).digest('hex')}` };
}

if (isStarted(import.meta.url))
  await main(async () => {
    const options = /** @type {const} */ ({
      name: { type: 'string' },
      may: { type: 'string' },
      modules: { type: 'string' },
      help: { type: 'boolean' },
    });
    const { values } = readArguments(() => parseArgs({ options }));
    if (values.help || values.name === undefined || values.may === undefined) {
      process.stdout.write(help);
      return values.help ? 0 : 1;
    }
    const { token, entry } = makeOperatorToken(values.name, values.may, values.modules);
    process.stdout.write(`token   ${token}\nentry   ${entry}\n`);
    return 0;
  });

/**
 * @template T
 * @param {() => T} read
 * @returns {T}
 */
function readArguments(read) {
  try {
    return read();
  } catch (error) {
    throw new SetupError(`${error.message}\n\n${help}`);
  }
}
