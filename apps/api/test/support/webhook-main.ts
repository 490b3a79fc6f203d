import 'reflect-metadata';
import { builtIn, host } from '#catalogue';
import { InboxService } from '#inbox';
import { payment } from '#payment';
import { Environment, runProcess } from '#platform';
import { createApi } from '../../src/create-api.js';
import { WebhookGateway } from './webhook-gateway.js';

/** An api with the gateway of webhooks. With the argument `dies` it is killed when it has stored one. */
if (process.argv[2] === 'dies') {
  const keep = Object.getOwnPropertyDescriptor(InboxService.prototype, 'keep')?.value as InboxService['keep'];
  InboxService.prototype.keep = async function (...values) {
    const reply = await keep.apply(this, values);
    process.kill(process.pid, 'SIGKILL');
    return reply;
  };
}
await runProcess(async () => {
  const api = await createApi(
    builtIn.map((hosting) => (hosting.integration === payment ? host(payment, { adapters: [new WebhookGateway()] }) : hosting)),
  );
  const { PORT, HOST } = api.get(Environment);
  await api.listen(PORT, HOST);
});
