import type { WebhookRequest } from '#provider-kit';
import type { CallDirection, Identify, TelephonyProvider } from '#telephony/port';
import type { ExpectedFailure, ProviderSubject, ConformanceOptions } from '../provider/index.js';

/** Methods a telephony provider may lack. */
export type OptionalTelephonyMethod = Exclude<keyof TelephonyProvider, 'manifest'>;
/** Facts that the suite needs before it runs. */
export type TelephonyConformanceOptions<S extends object> = ConformanceOptions<OptionalTelephonyMethod, TelephonySubject<S>>;
/** A call to be played at the PBX: a customer and one manager's phone. */
export interface CallScene {
  direction: CallDirection;
  /** The manager's extension. */
  code: string;
  /** The customer's number, digits. */
  phone: string;
  /** Whether the called party takes the call. Otherwise it rings in vain. */
  isAnswered: boolean;
  /** The called party is busy. */
  isBusy?: boolean;
}
/** The data that a PBX has of a played call. */
export interface PlayedCall {
  startedAt?: Date;
  /** Seconds that the two talked. */
  talkSeconds?: number | undefined;
  /** The recording of this call. */
  record?: Uint8Array | undefined;
  /** The called party was busy, as in the scene. */
  isBusy?: boolean;
}
/** A call as the PBX was requested to make it. */
export interface DialledCall {
  /** With its country. */
  phone: string | undefined;
  /** The number that the customer sees. Missing if the PBX chooses it. */
  shown?: string | undefined;
  /** How long the manager's phone rings. Missing if the PBX chooses it. */
  ringSeconds?: number | undefined;
}
/** The provider under test, and the PBX behind it. */
export interface TelephonySubject<S extends object> extends ProviderSubject<S> {
  readonly provider: TelephonyProvider<S>;
  /** Two extensions that the settings have. */
  readonly codes: readonly [string, string];
  /** Plays a call to its end. Resolves once the PBX has reported all of it, with its own data of the call. */
  play(scene: CallScene): Promise<PlayedCall | void>;
  /** Webhooks that the PBX posted since the last call of this method, in order. Needed with `webhook`. */
  takeWebhooks?(): Promise<WebhookRequest[]>;
  /** Is the time of its webhooks signed? */
  readonly dated?: boolean;
  /** Plays the next requested call: both sides take it, and it ends. Needed with `call`. */
  playPlaced?(): Promise<void>;
  /** The last call that the PBX was requested to make, or only the number, with its country. */
  dialled?(): DialledCall | string | undefined;
  /** Whether the PBX keeps queues' calls from a manager's phone. Needed with `setUserStatus`. */
  isPaused?(code: string): boolean;
  /** A customer calls, whose manager `identify` knows. Returns the extension that the PBX is to ring. */
  putThrough?(phone: string, identify: Identify): Promise<string | undefined>;
  /** How many questions for missed calls the service refused because they came too often. */
  countRefused?(): number;
  /** Plays a call that was answered so many seconds ago, without events. Returns a function that ends it. */
  beginUnheard?(scene: CallScene, seconds: number): () => void;
  /** Customers call in vain, more often than the service lists on a page. Returns the number of calls. */
  fillPage?(): number;
  /** A recording that exists. Needed with `findRecord`. */
  readonly record?: { readonly reference: string; readonly bytes: Uint8Array };
  /** At least wrong credentials and an outage. */
  readonly failures?: readonly ExpectedFailure<S>[];
  close?(): Promise<void>;
}
