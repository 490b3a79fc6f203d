import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { clientTypes, describeClient } from './generate-client.mjs';

const RENEW = `${clientTypes} is not what docs/openapi/api.json says: run \`npm run generate:openapi\` and commit it`;

it('has the types of the document', async () => {
  expect((await describeClient()) === readFileSync(clientTypes, 'utf8') ? 'as the document says' : RENEW).toBe('as the document says');
});
