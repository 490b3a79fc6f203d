/** `npm run generate:openapi`: writes docs/openapi/*.json as the code has them, and the pages' client. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { copyDocuments, describeApi, documentsFolder } from './describe-api.mjs';
import { clientTypes, writeClient } from './generate-client.mjs';
import { main, root, say } from './project.mjs';

await main(async () => {
  // The page may not compile before its client has the new types; what describes the API is compiled first.
  const failure = await build().catch((error) => error);
  if (failure instanceof Error) await describeApi();
  if (!existsSync(join(root, 'dist/openapi'))) throw failure;
  copyDocuments(join(root, 'dist/openapi'), join(root, documentsFolder));
  await writeClient();
  say(`wrote ${documentsFolder} and ${clientTypes}`);
  if (failure instanceof Error) await build();
  return 0;
});
