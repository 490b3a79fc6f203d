/** `npm run generate:openapi`: writes docs/openapi/*.json as the code has them, and the pages' client. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { copyDocuments, documentsFolder } from './describe-api.mjs';
import { clientTypes, writeClient } from './generate-client.mjs';
import { main, root, say } from './project.mjs';

await main(async () => {
  await build();
  if (!existsSync(join(root, 'dist/openapi'))) return 1;
  copyDocuments(join(root, 'dist/openapi'), join(root, documentsFolder));
  await writeClient();
  say(`wrote ${documentsFolder} and ${clientTypes}`);
  return 0;
});
