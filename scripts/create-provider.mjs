#!/usr/bin/env node
/** `npm create crossdock-provider`: makes a provider's package. Published with the examples it copies. */
import { relative, resolve } from 'node:path';
import { KINDS, makePackage, readWish } from './new-provider.mjs';
import { main, root, say } from './project.mjs';

const command = 'npm create crossdock-provider';
const help = `${command} <code> -- --kind <kind> [--title "..."]

Makes ./<code>, a package with a provider for Crossdock, a double of its service, and specs that pass. Then it is yours: replace it file by file.

  <code>   the module's code and the folder's name: small letters, digits and hyphens, such as acme-express
  --kind   ${KINDS.join(', ')}
  --title  the service's name as people know it; made of the code when left out
  --help   shows this

  ${command} acme-express -- --kind delivery --title "Acme Express"
`;

const folder = process.cwd();
await main(async () => {
  const wish = readWish(process.argv.slice(2), command);
  if (!wish) {
    process.stdout.write(help);
    return process.argv.length > 2 ? 0 : 1;
  }
  const outside = resolve(folder, wish.outside ?? wish.code);
  for (const file of makePackage(root, { ...wish, outside }, true)) say(`made ${relative(folder, outside)}/${file}`);
  say(`

  Try it:
    cd ${relative(folder, outside)} && npm install && npm test

  From here on it is yours: its README.md describes how to host it.
`);
  return 0;
});
