import { ArrayMaxSize, IsArray, IsInt, Matches } from 'class-validator';
import type {
  ChatManifest,
  ChatProvider,
  ListedTemplate,
  MessengerAccount,
  MessengerEvent,
  MessengerTemplate,
  OutMessage,
  SentMessage,
  TemplateName,
  TemplateState,
} from '#chat/port';
import { Field } from '#platform';
import { type ProviderContext, ProviderError, type ProviderWebhook } from '#provider-kit';

/** Settings of the stand-in messenger. */
export class StubMessengerSettings {
  /** Accounts as `id=name`. */
  @Field({ title: { en: 'Accounts', es: 'Cuentas', ru: 'Аккаунты' } })
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z0-9-]+=./, { each: true })
  accounts: string[] = [];

  @Field({ title: { en: 'Longest text', es: 'Texto más largo', ru: 'Самый длинный текст' } })
  @IsInt()
  maxLength: number = 4096;
}

/** A messenger with the accounts in its settings. It can be made unavailable. */
export class StubMessenger implements ChatProvider<StubMessengerSettings> {
  readonly manifest: ChatManifest<StubMessengerSettings> = {
    code: 'stub-messenger',
    portVersion: 2,
    title: { en: 'Messenger', es: 'Mensajero', ru: 'Мессенджер' },
    logo: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    countries: ['ES', 'RU'],
    settings: StubMessengerSettings,
    createDefaultSettings: () => new StubMessengerSettings(),
    describeMessenger: ({ maxLength }) => ({
      type: 'telegram',
      text: { maxLength, quotes: true },
      receipts: { read: true },
      newCustomer: 'template',
    }),
    recovery: { kind: 'none' },
  };
  isAway = false;
  /** Templates are created, and the replies are lost. */
  losesReplies = false;
  /** Runs before an account's templates are listed. */
  beforeListing: (account: string) => Promise<void> = () => Promise.resolve();
  readonly sent: OutMessage[] = [];
  readonly templates: (ListedTemplate & { account: string })[] = [];

  readonly webhook: ProviderWebhook<StubMessengerSettings, MessengerEvent> = { verify: () => false, parse: () => [] };

  listAccounts({ settings }: ProviderContext<StubMessengerSettings>): Promise<MessengerAccount[]> {
    if (this.isAway) return Promise.reject(new ProviderError('unavailable', 'The messenger is away.'));
    return Promise.resolve(
      settings.accounts.map((account) => {
        const [id = '', ...name] = account.split('=');
        return { id, name: name.join('=') };
      }),
    );
  }

  sendMessage(request: OutMessage): Promise<SentMessage> {
    this.sent.push(request);
    return Promise.resolve({ ids: [request.reference], chat: request.chat ?? `chat-${request.customer ?? ''}` });
  }

  async listTemplates(account: string): Promise<ListedTemplate[]> {
    const listed = this.templates.filter((one) => one.account === account).map((template) => ({ ...template }));
    await this.beforeListing(account);
    return listed;
  }

  createTemplate(account: string, template: MessengerTemplate): Promise<TemplateState> {
    if (template.name === 'bad') return Promise.reject(new ProviderError('rejected', 'The name is taken.'));
    const state: TemplateState = { status: 'pending', data: `id of ${template.name}` };
    this.templates.push({ ...template, account, state });
    if (this.losesReplies) return Promise.reject(new ProviderError('unknown_outcome', 'The reply was lost.'));
    return Promise.resolve(state);
  }

  updateTemplate(account: string, { data: _, ...template }: MessengerTemplate & { data?: string }): Promise<TemplateState> {
    const found = this.find(account, template);
    if (!found) return Promise.reject(new ProviderError('rejected', 'There is no such template.'));
    return Promise.resolve(Object.assign(found, template).state);
  }

  /** Without the data of a template, the templates of all languages are deleted. */
  deleteTemplate(account: string, { name, language, data }: TemplateName & { data?: string }): Promise<void> {
    const kept = this.templates.filter(
      (one) => one.account !== account || one.name !== name || (data !== undefined && one.language !== language),
    );
    this.templates.splice(0, this.templates.length, ...kept);
    return Promise.resolve();
  }

  find(account: string, { name, language }: TemplateName): (ListedTemplate & { account: string }) | undefined {
    return this.templates.find((one) => one.account === account && one.name === name && one.language === language);
  }
}
