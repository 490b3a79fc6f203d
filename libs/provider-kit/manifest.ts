import type { Language, LocalText } from '#platform/plain';
import type { Recovery, Strategy } from './recovery.js';
import type { ProviderWidget } from './widget.js';

/**
 * Version of the ports: a provider outside the repository names the one that it was compiled with. Raised by
 * a change that a compiled provider would not survive. See docs/versions.md.
 */
export const PORT_VERSION = 2;

/** Lookups that the CRM provides. Their scopes are requested if settings use them. */
export const CRM_LOOKUPS = ['sites', 'stores', 'legalEntities', 'users', 'paymentTypes', 'statuses', 'deliveryTypes'] as const;

export type CrmLookup = (typeof CRM_LOOKUPS)[number];

/** Initial settings: their values fill the account page's form, and are kept when it is saved. */
export interface SettingsPreset<S extends object> {
  readonly title: LocalText;
  readonly values: Partial<S>;
}

/**
 * The sign that a step was done: the service accepts the stored settings, the required set-up at the service
 * exists, or the account has used it, for example with a first payment.
 */
export type StepSign = 'checked' | 'set-up' | 'used';

/** A step of an account's first start, for its page: the settings show that it was done, or a sign. */
export type FirstStep<S extends object> = StepTexts & ({ isDone(settings: S): boolean } | { readonly sign: StepSign });

interface StepTexts {
  /** The action, in a few words. */
  readonly title: LocalText;
  /** How, in a sentence or two. */
  readonly text: LocalText;
  /**
   * Section of the settings, `connect` or `rules`. Missing if the step is not done on the page, but in the
   * CRM.
   */
  readonly section?: string;
  /** Replaces `text` if the page can make a trial automatically, such as a test payment. */
  readonly trial?: LocalText;
}

/** How a provider packs its settings, so that a call opens only the parts it needs. */
export interface SettingsCompiler<S extends object> {
  /** A positive integer. Raise it when `pack` writes another form, or reads the settings in another way. */
  readonly format: number;
  /**
   * Packs settings that were checked into some ten parts, which are stored sealed with the settings. Parts
   * that accounts have in common are in memory once.
   */
  pack(settings: S): readonly Uint8Array[];
  /** Returns the value for `context.compiled`, in a moment: it reads only the parts that a call needs. */
  open(parts: readonly Buffer[]): object;
}

/** The description that every provider has, in any integration. */
export interface ProviderManifest<S extends object> {
  /** `[a-z][a-z0-9-]*`, also the module's code unless `modules.json` sets another. */
  readonly code: string;
  /**
   * `PORT_VERSION` as a number: imported, it would be the version of the deployment, whose kit replaces the
   * package's own.
   */
  readonly portVersion: typeof PORT_VERSION;
  readonly title: LocalText;
  /** Logo as SVG source, served by the module and linked from the registration. */
  readonly logo: string;
  /** Logos by language, as SVG source; `logo` for the others. */
  readonly logos?: Readonly<Partial<Record<Language, string>>>;
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries: readonly string[];
  /** Class of the connection's settings: validation and the account page's form come from its decorators. */
  readonly settings: new () => S;
  /**
   * The settings of a new connection: a double's or a test account's in a trial, and such as suit every shop
   * in production. Their class must accept both, so a field that only the account knows is optional there
   * or has a value such as `none yet`, and `describeMissing` asks for it.
   */
  createDefaultSettings(production?: boolean): S;
  /** Settings on offer at the account page. */
  readonly presets?: readonly SettingsPreset<S>[];
  /** The first steps of an account, in this order. */
  readonly firstSteps?: readonly FirstStep<S>[];
  /**
   * The features that these settings do not allow yet, shown atop the account page. Undefined when complete.
   */
  describeMissing?(settings: S): LocalText | undefined;
  /** Names of lookups for `lookUp`, used in `@Field({ lookup })`, without the names in CRM_LOOKUPS. */
  readonly lookups?: readonly string[];
  /** Scopes of the CRM's API that the provider's service uses if the account grants them. */
  readonly optionalScopes?: readonly string[];
  /** How to recover a lost reply of a call with an effect. Required by integrations with such calls. */
  readonly recovery?: Recovery;
  /** How the service works if one call and its reply are not all. Operators read it, suites play it. */
  readonly strategies?: readonly Strategy[];
  /** Additions to the widgets in the CRM's cards. Only for delivery, payment and store. */
  readonly widget?: ProviderWidget;
  /** The service runs at the shop itself, which is notified when it has been unavailable for half an hour. */
  readonly ownHosted?: boolean;
  /**
   * For settings of tens of kilobytes: frequent calls then have `context.compiled` and no `settings`.
   * Ignored with `bySettings`. By default every call has the settings.
   */
  readonly compiler?: SettingsCompiler<S>;
  /** Checks fields together when settings are saved. Returns problems by path, in the account's language. */
  checkSettings?(settings: S, language: Language): Record<string, string>;
  /**
   * The part of the manifest that differs with these settings. Pure and quick. A change registers the module
   * again. The code, recovery, strategies and statuses never differ: stored records rely on them.
   */
  bySettings?(settings: S): object;
}
