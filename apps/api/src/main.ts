import 'reflect-metadata';
import { Environment, runProcess } from '#platform';
import { createApi } from './create-api.js';

await runProcess(async () => {
  const app = await createApi();
  const { PORT, HOST } = app.get(Environment);
  await app.listen(PORT, HOST);
});
