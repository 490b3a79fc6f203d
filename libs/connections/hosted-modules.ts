import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ArrayNotEmpty, IsArray, IsBoolean, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { type CountryCodeIso3166, isCountryCode } from '#crm-client';
import {
  BadInputError,
  type DtoClass,
  type Environment,
  EnvironmentError,
  getParser,
  listLookups,
  type LocalText,
  makeText,
  textFor,
} from '#platform';
import { CRM_LOOKUPS, type ProviderManifest } from '#provider-kit';

/** An adapter to an outside service, where shops need an account, or our own service. */
export type ProviderKind = 'adapter' | 'service';

/** A marketplace entry that this deployment hosts, through one of its providers. */
export interface HostedModule {
  /** The module's lower-case code in addresses and registrations. */
  readonly code: string;
  /** The module through each of its providers, one per integration. The first represents the module. */
  readonly providers: readonly HostedModule[];
  readonly integration: string;
  readonly manifest: ProviderManifest<object>;
  readonly kind: ProviderKind;
  /** The path or package of an outside provider, spelled as in `modules.json`. */
  readonly from?: string;
  /** The name in English, for logs and operators. */
  readonly name: string;
  /** The names for an account's users. */
  readonly names: LocalText;
  /** SVG source, used for languages without their own logo. */
  readonly logo: string;
  /** SVG source by language. */
  readonly logos: LocalText;
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries: readonly CountryCodeIso3166[];
  /** Class of the rules that its accounts may have. Missing if it supports none. */
  readonly rules?: DtoClass<object> | undefined;
  /** Names of the lookups that its settings and rules use. */
  readonly lookups: readonly string[];
  /** Whether an account may have several instances of it. */
  readonly multiAccount: boolean;
  /** Shared with the marketplace. Any of them may sign the API key at simple connection. */
  readonly secrets: readonly string[];
}

/** Whether this is the module through its first provider, which represents it. */
export function isFirstProvider(module: HostedModule): boolean {
  return module.providers[0] === module;
}

/** A provider that modules can use, as listed by the catalogue. */
export interface ModuleSource {
  readonly integration: string;
  readonly manifest: ProviderManifest<object>;
  /** The same as `HostedModule.rules`. */
  readonly rules?: DtoClass<object> | undefined;
  readonly kind: ProviderKind;
  /** Paths or packages of an outside provider in `modules.json`. */
  readonly names?: readonly string[];
}

/** Names by language, in `modules.json`. */
export class ModuleNames {
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) en?: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) es?: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(255) ru?: string;
}

/** Paths of SVG files by language, in `modules.json`. */
export class ModuleLogos {
  @IsOptional() @IsString() en?: string;
  @IsOptional() @IsString() es?: string;
  @IsOptional() @IsString() ru?: string;
}

/** An entry of `modules.json`. */
export class ModuleEntry {
  @Matches(/^[a-z][a-z0-9-]{0,49}$/, { message: 'must be lower-case letters, digits and dashes' }) code!: string;
  /** Code of the provider. For an outside provider its package, or its path relative to the file's folder. */
  @IsOptional() @IsString() provider?: string;
  /** Several providers instead of `provider`, one per integration. Names and logo come from the first. */
  @IsOptional() @IsArray() @ArrayNotEmpty() @IsString({ each: true }) providers?: string[];
  @IsOptional() @IsString() @MaxLength(255) name?: string;
  /** Names for accounts of these languages instead of `name`. */
  @IsOptional() @ValidateNested() @Type(() => ModuleNames) names?: ModuleNames;
  /** Path of an SVG file, relative to the folder of `modules.json`. */
  @IsOptional() @IsString() logo?: string;
  /** Logos for accounts of these languages instead of `logo`. */
  @IsOptional() @ValidateNested() @Type(() => ModuleLogos) logos?: ModuleLogos;
  @IsOptional() @IsArray() @Matches(/^[A-Z]{2}$/, { each: true }) countries?: string[];
  /** Whether an account may have several instances of it, the same as in the partner account. */
  @IsOptional() @IsBoolean() multiAccount?: boolean;
}

class ModulesFile {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ModuleEntry) modules!: ModuleEntry[];
}

/** Minimum length of a module's secret in production, in characters. */
const LEAST_SECRET = 16;

/** First path segments that are not modules. */
const RESERVED = new Set(['operator', 'health', 'metrics', 'docs', 'pages']);

/** The modules this deployment hosts, by code. */
export class HostedModules {
  constructor(private readonly modules: ReadonlyMap<string, HostedModule>) {}

  get(code: string): HostedModule | undefined {
    return this.modules.get(code);
  }

  /** Lists the modules, each through its first provider. */
  all(): HostedModule[] {
    return [...this.modules.values()];
  }

  /** Lists the modules with a provider of an integration, through it. By default, of all integrations. */
  listByProvider(integration?: string): HostedModule[] {
    return this.all().flatMap(({ providers }) => providers.filter((one) => integration === undefined || one.integration === integration));
  }

  /** Lists the codes of the modules that use a provider, by the code in its manifest. */
  listCodes(providerCode: string): string[] {
    return this.listByProvider().flatMap((module) => (module.manifest.code === providerCode ? [module.code] : []));
  }
}

/**
 * Reads the modules to host: from `modules.json`, otherwise one module per provider. MODULES limits either.
 * @throws EnvironmentError for an unknown provider, code or lookup and, in production, for a module without
 * a secret
 */
export function readModules(environment: Environment, sources: readonly ModuleSource[]): HostedModules {
  const entries: ModuleEntry[] =
    readModulesFile(environment.modulesFile) ?? sources.map((source) => ({ code: source.manifest.code, provider: source.manifest.code }));
  assertOwnCodes(environment.modulesFile, sources);
  const wanted = environment.moduleCodes;
  const problems = findModuleProblems(
    environment,
    entries.map(({ code }) => code),
  );
  if (Object.keys(problems).length > 0)
    throw new EnvironmentError(
      Object.entries(problems)
        .map(([name, problem]) => `${name} ${problem}`)
        .join('\n'),
    );
  const modules = new Map<string, HostedModule>();
  for (const entry of entries.filter((candidate) => !wanted || wanted.includes(candidate.code))) {
    if (RESERVED.has(entry.code)) throw new EnvironmentError(`${environment.modulesFile}: "${entry.code}" cannot be the code of a module`);
    if (modules.has(entry.code)) throw new EnvironmentError(`${environment.modulesFile}: module "${entry.code}" is listed twice`);
    modules.set(entry.code, readModule(environment, entry, sources));
  }
  return new HostedModules(modules);
}

/**
 * Finds problems of MODULES, of the operators' modules, and of the secrets of the modules
 * to host, by variable.
 */
export function findModuleProblems(environment: Environment, codes: readonly string[]): Record<string, string> {
  const { moduleCodes: wanted = codes, moduleSecrets, operatorTokens, production } = environment;
  const quoteUnknown = (named: readonly string[]): string =>
    [...new Set(named.filter((code) => !codes.includes(code)))].map((code) => JSON.stringify(code)).join(', ');
  const problems: Record<string, string> = {};
  const unknown = quoteUnknown(wanted);
  if (unknown !== '')
    problems['MODULES'] = `contains ${unknown}, which is not one of ${codes.join(', ')}: correct MODULES, or remove it to host them all.`;
  // Compared with all modules, because processes with different MODULES share the tokens.
  const unserved = quoteUnknown(operatorTokens.flatMap(({ modules = [] }) => modules));
  if (unserved !== '')
    problems['OPERATOR_TOKENS'] =
      `limits an operator to ${unserved}, which is not one of ${codes.join(', ')}: correct or remove the code after the @`;
  if (!production) return problems;
  for (const code of codes.filter((one) => wanted.includes(one))) {
    const name = toSecretName(code);
    const secrets = moduleSecrets[name];
    if (!secrets) problems[name] = `is missing: set it to the secret of module "${code}" from the marketplace's partner account`;
    else if (secrets.some((secret) => secret.length < LEAST_SECRET))
      problems[name] = `must have ${LEAST_SECRET} characters or more in production; enter a longer one in the partner account too`;
    else if (secrets.includes(toDevelopmentSecret(code)))
      problems[name] = 'must not be the published secret of development; take it from the partner account';
  }
  return problems;
}

/**
 * Lists the codes of the modules that can be hosted: from `modules.json`, otherwise one per provider.
 * @throws EnvironmentError if the file cannot be read
 */
export function listModuleCodes({ modulesFile }: Environment, providers: readonly string[]): readonly string[] {
  return readModulesFile(modulesFile)?.map(({ code }) => code) ?? providers;
}

/** Returns the module of an entry, through its first provider. */
function readModule(environment: Environment, entry: ModuleEntry, sources: readonly ModuleSource[]): HostedModule {
  const { modulesFile } = environment;
  const [first, ...others] = listProviders(entry).map((name) => findSource(name, entry.code, modulesFile, sources));
  if (!first) throw new EnvironmentError(`${modulesFile}: module "${entry.code}" has no provider`);
  const { manifest } = first;
  const names = makeText((language) => readIn(entry.names, language) ?? entry.name ?? textFor(manifest.title, language));
  const ownLogo = readLogo(modulesFile, entry.code, entry.logo);
  const logos = makeText(
    (language) =>
      readLogo(modulesFile, entry.code, readIn(entry.logos, language)) ?? ownLogo ?? readIn(manifest.logos, language) ?? manifest.logo,
  );
  const providers: HostedModule[] = [];
  const common = {
    ...{ code: entry.code, providers, name: names.en, names, logo: ownLogo ?? manifest.logo, logos },
    countries: (entry.countries ?? manifest.countries).map((country) => parseCountry(country, entry.code)),
    multiAccount: entry.multiAccount ?? false,
    secrets: environment.moduleSecrets[toSecretName(entry.code)] ?? [toDevelopmentSecret(entry.code)],
  };
  const toHosted = ({ name, names: known, ...source }: NamedSource): HostedModule => ({
    ...common,
    ...source,
    ...(known?.includes(name) && { from: name }),
    lookups: readLookups(source, entry.code),
  });
  const representative = toHosted(first);
  providers.push(representative, ...others.map(toHosted));
  assertOneEach(providers, modulesFile);
  return representative;
}

/** A source with its name in an entry. */
type NamedSource = ModuleSource & { readonly name: string };

function findSource(name: string, moduleCode: string, modulesFile: string, sources: readonly ModuleSource[]): NamedSource {
  const source = sources.find(({ manifest, names }) => manifest.code === name || names?.includes(name));
  if (source) return { ...source, name };
  throw new EnvironmentError(
    `${modulesFile}: module "${moduleCode}" has provider "${name}", which is not one of ${sources.map((one) => one.manifest.code).join(', ')}`,
  );
}

function listProviders({ provider, providers }: ModuleEntry): string[] {
  return providers ?? (provider === undefined ? [] : [provider]);
}

/** Throws unless each integration has one provider, because the CRM's callbacks are sent to one provider. */
function assertOneEach(providers: readonly HostedModule[], modulesFile: string): void {
  providers.forEach(({ code, integration, manifest }, index) => {
    const other = providers.slice(0, index).find((one) => one.integration === integration);
    if (other)
      throw new EnvironmentError(
        `${modulesFile}: module "${code}" names two providers of ${integration}, "${other.manifest.code}" and "${manifest.code}": a module has one of each integration.`,
      );
  });
}

/**
 * Returns the providers that the modules to host use in `modules.json`, by code, path or package. Empty
 * without the file.
 * @throws EnvironmentError if the file cannot be read
 */
export function listNamedProviders({ modulesFile, moduleCodes }: Environment): string[] {
  const entries = readModulesFile(modulesFile) ?? [];
  return [...new Set(entries.filter(({ code }) => moduleCodes?.includes(code) ?? true).flatMap(listProviders))];
}

/** Throws BadInputError. */
function assertNamesProviders({ provider, providers }: ModuleEntry, index: number): void {
  if (provider === undefined && providers === undefined) throw new BadInputError({ [`modules[${index}].provider`]: 'is required' });
  if (provider !== undefined && providers !== undefined)
    throw new BadInputError({ [`modules[${index}].providers`]: 'cannot be combined with provider. Remove one of them' });
}

/** Stored data refers to its provider by code, so codes must be unique. */
function assertOwnCodes(modulesFile: string, sources: readonly ModuleSource[]): void {
  for (const { names = [], manifest } of sources)
    if (names.length > 0 && sources.filter((other) => other.manifest.code === manifest.code).length > 1)
      throw new EnvironmentError(
        `${modulesFile}: provider "${names[0]}" has the code "${manifest.code}", which another provider has. Change one of the codes.`,
      );
}

/** Checks a country, because the CRM rejects a registration with an unknown country. */
function parseCountry(country: string, moduleCode: string): CountryCodeIso3166 {
  if (isCountryCode(country)) return country;
  throw new EnvironmentError(`module "${moduleCode}" names the country "${country}", which is no ISO 3166-1 alpha-2 code in upper case`);
}

function readLookups({ manifest: { settings, lookups = [] }, rules }: Omit<ModuleSource, 'names'>, moduleCode: string): string[] {
  const used = [...new Set([...listLookups(settings), ...(rules ? listLookups(rules) : [])])];
  const unknown = used.find((name) => !lookups.includes(name) && !(CRM_LOOKUPS as readonly string[]).includes(name));
  if (unknown === undefined) return used;
  const known = [...lookups, ...CRM_LOOKUPS].join(', ');
  throw new EnvironmentError(`module "${moduleCode}": its settings use the lookup "${unknown}", which is not one of ${known}`);
}

function readIn(values: object | undefined, language: string): string | undefined {
  const texts: Readonly<Record<string, string | undefined>> = { ...values };
  return texts[language];
}

function readLogo(modulesFile: string, code: string, logo: string | undefined): string | undefined {
  if (logo === undefined) return undefined;
  const path = resolve(dirname(modulesFile), logo);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError(
      `${modulesFile}: the logo of module "${code}" cannot be read (${(error as NodeJS.ErrnoException).code} ${path})`,
    );
  }
}

/** Returns the name of the setting with a module's secret. */
export function toSecretName(code: string): string {
  return `MODULE_${code.toUpperCase().replaceAll('-', '_')}_SECRET`;
}

/** Returns a module's secret in development. */
function toDevelopmentSecret(code: string): string {
  return `development-secret-of-${code}`;
}

function readModulesFile(path: string): ModuleEntry[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new EnvironmentError(
      `${path} cannot be read (${code}): make it a file that this user can read, or correct MODULES_DIR or MODULES_FILE.`,
    );
  }
  try {
    // A plain list is treated like {"modules": [...]}.
    const { modules } = getParser(ModulesFile).parseJson(/^\s*\[/.test(text) ? `{"modules":${text}}` : text, 'it');
    modules.forEach(assertNamesProviders);
    return modules;
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new EnvironmentError(
      `${path}: ${Object.entries(error.errors)
        .map(([where, problem]) => `${where} ${problem}`)
        .join('; ')}: correct the file, or remove it to host the built-in modules.`,
    );
  }
}
