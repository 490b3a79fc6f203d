import { existsSync, readFileSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { listNamedProviders } from '#connections';
import { Environment, EnvironmentError, errorText, getParser, listUntypedProperties, type Variables } from '#platform';
import { type OutsideProvider, type Provider, PROVIDER_KINDS, type ProviderKind } from '#provider-kit';
import { builtIn, type Catalogue, listCodes, OutsideAdapter } from './catalogue.js';
import { findMisfit } from './check-outside.js';
import { initialize, resolve, type ResolveHook } from './outside-hooks.js';
import { addressPackage, type DeploymentCode } from './outside-resolver.js';

/** The folder that contains apps and libs, compiled. */
const CODE: DeploymentCode = { folder: new URL('../../', import.meta.url).href, file: import.meta.url };

/** Settings class of a provider without operator's settings. */
class NoSettings {}

/**
 * Returns the built-in providers and the external providers in `modules.json`, by path or package.
 * `variables`: source of MODULES_DIR, MODULES_FILE and MODULES.
 * @throws EnvironmentError with the provider that cannot be found or loaded, or that is invalid
 */
export async function loadCatalogue(variables: Variables, catalogue: Catalogue = builtIn): Promise<Catalogue> {
  const environment = new Environment();
  for (const name of ['MODULES_DIR', 'MODULES_FILE', 'MODULES'] as const) if (variables[name]) environment[name] = variables[name];
  const { modulesFile } = environment;
  const known = listCodes(catalogue);
  const names = listNamedProviders(environment).filter((name) => !known.includes(name));
  if (names.length === 0) return catalogue;
  shareCode();
  const files = new Map<string, string[]>();
  for (const name of names) {
    const url = findFile(name, modulesFile, known);
    files.set(url, [...(files.get(url) ?? []), name]);
  }
  const adapters: { kind: ProviderKind; adapter: OutsideAdapter }[] = [];
  for (const [url, spelt] of files) adapters.push(await load(url, spelt, modulesFile));
  return catalogue.map((hosting) => {
    const added = adapters.filter(({ kind }) => kind === hosting.integration.code).map(({ adapter }) => adapter);
    return { ...hosting, adapters: [...hosting.adapters, ...added] };
  });
}

/** Node has it since 22.15, and the types of Node 20 lack it. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: ResolveHook }) => void };
let shared = false;

/** Makes files outside the deployment use its copies of the provider kit and of the decorator packages. */
function shareCode(): void {
  if (shared) return;
  shared = true;
  if (registerHooks) {
    initialize(CODE);
    registerHooks({ resolve });
  } else nodeModule.register('./outside-hooks.js', import.meta.url, { data: CODE });
}

/** Returns the URL of a provider's file by its name. */
function findFile(name: string, modulesFile: string, known: readonly string[]): string {
  const folder = dirname(resolvePath(modulesFile));
  if (/^[./]/.test(name)) {
    try {
      return findByPath(resolvePath(folder, name));
    } catch (error) {
      throw refuse([name], modulesFile, `cannot be loaded: ${describe(error)}`, error);
    }
  }
  try {
    return resolvePackage(name, join(folder, 'modules.json'));
  } catch (error) {
    if (!isNotFound(error)) throw refuse([name], modulesFile, `cannot be loaded: ${describe(error)}`, error);
  }
  try {
    return import.meta.resolve(name);
  } catch (error) {
    if (!isNotFound(error)) throw refuse([name], modulesFile, `cannot be loaded: ${describe(error)}`, error);
    throw refuse(
      [name],
      modulesFile,
      `is not one of ${known.join(', ')}, and no package of this name is installed in ${folder} or in the deployment`,
      error,
    );
  }
}

/** Resolves a folder to the exports of its package.json, or to its main file. */
function findByPath(path: string): string {
  const description = join(path, 'package.json');
  if (existsSync(description)) {
    const { name, exports } = JSON.parse(readFileSync(description, 'utf8')) as { name?: string; exports?: unknown };
    if (name !== undefined && exports !== undefined) return resolvePackage(name, description);
  }
  return pathToFileURL(createRequire(import.meta.url).resolve(path)).href;
}

/** Resolves a package as if the file `from` imported it. */
function resolvePackage(name: string, from: string): string {
  return import.meta.resolve(addressPackage(name, pathToFileURL(from).href));
}

/**
 * Loads a provider's file. The provider is created, and its manifest checked, once the settings are known.
 */
async function load(url: string, names: readonly string[], modulesFile: string): Promise<{ kind: ProviderKind; adapter: OutsideAdapter }> {
  let exported: unknown;
  try {
    ({ default: exported } = (await import(url)) as { default?: unknown });
  } catch (error) {
    throw refuse(names, modulesFile, `cannot be loaded from ${fileURLToPath(url)}: ${describe(error)}`, error);
  }
  const [untyped] = listUntypedProperties();
  if (untyped !== undefined) throw refuse(names, modulesFile, `cannot be used: ${untyped}`);
  const { kind, environment = NoSettings, create } = Object(exported) as Partial<OutsideProvider>;
  if (typeof create !== 'function')
    throw refuse(
      names,
      modulesFile,
      'exports no provider: its default export must be what defineProvider of @crossdock/provider-kit returns',
    );
  if (kind === undefined || !PROVIDER_KINDS.includes(kind))
    throw refuse(names, modulesFile, `is of kind "${String(kind)}", which is not one of ${PROVIDER_KINDS.join(', ')}`);
  try {
    getParser(environment);
  } catch (error) {
    throw refuse(names, modulesFile, `has an environment that cannot be checked: ${describe(error)}`, error);
  }
  const make = (settings: object): Provider => {
    let provider: Provider;
    try {
      provider = create(settings);
    } catch (error) {
      throw refuse(names, modulesFile, `cannot be created: ${describe(error)}`, error);
    }
    const misfit = findMisfit(provider, kind);
    if (misfit !== undefined) throw refuse(names, modulesFile, misfit);
    return provider;
  };
  return { kind, adapter: new OutsideAdapter(names, environment, make) };
}

function refuse([name]: readonly string[], modulesFile: string, why: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(`${modulesFile}: provider "${name}" ${why}.`, { cause });
}

function isNotFound(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
}

/** Returns the first line of an error, with its code. */
function describe(error: unknown): string {
  const { code } = Object(error) as NodeJS.ErrnoException;
  const [line = ''] = errorText(error).split('\n');
  return code === undefined ? line : `${line} (${code})`;
}
