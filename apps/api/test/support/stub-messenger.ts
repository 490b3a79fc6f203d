import { ArrayMaxSize, IsArray, IsInt, Matches } from 'class-validator';
import type { ChatManifest, ChatProvider, MessengerAccount, MessengerEvent } from '#chat/port';
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
    describeMessenger: ({ maxLength }) => ({ type: 'telegram', text: { maxLength, quotes: true }, receipts: { read: true } }),
    recovery: { kind: 'none' },
  };
  isAway = false;

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

  sendMessage(): Promise<never> {
    return Promise.reject(new ProviderError('rejected', 'Nothing is sent here.'));
  }
}
