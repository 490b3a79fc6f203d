/** `npm run generate:openapi`: writes docs/openapi/*.json, the documents of the API as the code has it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { copyDocuments, documentsFolder } from './describe-api.mjs';
import { main, root, say } from './project.mjs';

await main(async () => {
  await build();
  if (!existsSync(join(root, 'dist/openapi'))) return 1;
  copyDocuments(join(root, 'dist/openapi'), join(root, documentsFolder));
  say(`wrote ${documentsFolder}`);
  return 0;
});
