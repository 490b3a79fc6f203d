import { createHmac } from 'node:crypto';
import { getParser } from '#platform';
import { providerContext, webhookRequest } from '../../testing/builders.js';
import { type ChatFile, runChatConformance } from '../../testing/conformance/index.js';
import { answerBusy, loseReplies } from '../../testing/conformance/lose-replies.js';
import { type WhatsAppContent, WhatsAppDouble, type WhatsAppPerson } from '../../../lab/doubles/whatsapp/index.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { WhatsAppProvider } from './whatsapp.provider.js';
import { WhatsAppSettings } from './whatsapp.settings.js';

function toContent({ bytes, name, type: mimeType }: ChatFile, caption: string): WhatsAppContent {
  const kind = /^image\/(jpeg|png)$/.test(mimeType) ? 'image' : 'document';
  return { kind, bytes: Buffer.from(bytes), name, mimeType, caption };
}

const sign = (body: string | Uint8Array, secret: string): Record<string, string> => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

runChatConformance<WhatsAppSettings>('WhatsApp', {
  methods: [
    ...(['check', 'connect', 'disconnect', 'listAccounts', 'webhook', 'sendMessage'] as const),
    ...(['reactToMessage', 'markRead', 'openMedia'] as const),
    ...(['listTemplates', 'createTemplate', 'updateTemplate', 'deleteTemplate'] as const),
  ],
  start: async () => {
    const whatsapp = await WhatsAppDouble.start();
    const posted = await PostedWebhooks.start();
    // The suite connects addresses that do not answer.
    whatsapp.setModes({ triesAddresses: false, settles: false });
    whatsapp.webhooks.mode = 'hold';
    const provider = new WhatsAppProvider({ WHATSAPP_URL: whatsapp.url });
    const settings = getParser(WhatsAppSettings).parse(whatsapp.settings);
    const wrong = getParser(WhatsAppSettings).parse({ ...whatsapp.settings, token: 'EAAwrong' });
    const address = `${posted.url}whatsapp/webhooks/connection-1`;
    const context = providerContext(settings, { now: new Date(), signal: AbortSignal.timeout(60_000), webhookUrl: address });
    await provider.connect({ replace: false }, context);
    const findPerson = (name: string): WhatsAppPerson => whatsapp.findPerson(name);
    const whileAway = async <T>(work: () => Promise<T>): Promise<T> => {
      for (const call of ['readNode', 'listNumbers', 'sendMessage'] as const) whatsapp.fail(call, { kind: 'error-before' }, 10);
      return work().finally(() => whatsapp.faults.clear());
    };
    return {
      provider,
      context,
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway,
        hooks: {
          list: () => whatsapp.business.apps.flatMap(({ override }) => override ?? []),
          occupy: (url) => whatsapp.steal(url),
          clear: () => (whatsapp.business.apps = []),
          post: () => {
            const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: whatsapp.business.id, changes: [] }] });
            return webhookRequest(body, sign(body, whatsapp.business.appSecret));
          },
        },
        signWith: (request, secret) => ({ ...request, headers: sign(request.rawBody, secret) }),
      },
      messenger: {
        account: whatsapp.number.id,
        write: async ({ person: name, text = '', files = [] }) => {
          // The suite of `connect` leaves the place to others.
          if (whatsapp.business.apps[0]?.override !== address) await provider.connect({ replace: true }, context);
          const [file] = files;
          const { person, id } = whatsapp.write(findPerson(name), file ? toContent(file, text) : text);
          return { chat: person.phone, message: id };
        },
        takeWebhooks: async () => {
          await whatsapp.webhooks.flush();
          return posted.take();
        },
        ...{ signed: true, dated: false },
        listSent: (chat) =>
          Promise.resolve(
            whatsapp.sent(whatsapp.people.get(chat)).map(({ id, text, file, quote, reaction }) => ({
              ...{ id, text, deleted: false, quote, ...(file && { file: file.bytes }), ...(reaction !== undefined && { reaction }) },
            })),
          ),
        read: (chat) => whatsapp.read(findPerson(chat)),
        happenElsewhere: () => void whatsapp.write(findPerson('member'), 'hello', { more: { group_id: 'Y2FwaV9ncm91cDox' } }),
        loseReply: () => whatsapp.fail('sendMessage', { kind: 'drop-after' }),
      },
      faults: {
        lose: loseReplies(whatsapp, ['sendMessage', 'subscribe', 'unsubscribe'], { 'expired-token': { kind: 'unauthorized' } }),
        busy: answerBusy(whatsapp),
        made: () => whatsapp.sent().length,
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.listAccounts({ ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway(() => provider.listAccounts(given)) },
      ],
      close: async () => {
        await whatsapp.close();
        await posted.close();
      },
    };
  },
});
