/** `npm run generate:openapi`: writes docs/openapi/*.json from the code, then builds the pages with them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { copyDocuments, describeApi, documentsFolder } from './describe-api.mjs';
import { main, root, say } from './project.mjs';

await main(async () => {
  // The page may not compile before its client has the new types. The code that describes the API is compiled
  // first.
  const failure = await build().catch((error) => error);
  if (failure instanceof Error) await describeApi();
  if (!existsSync(join(root, 'dist/openapi'))) throw failure;
  copyDocuments(join(root, 'dist/openapi'), join(root, documentsFolder));
  say(`wrote ${documentsFolder}`);
  await build();
  return 0;
});
