/** An import as Node resolves it. */
export interface ImportRequest {
  readonly specifier: string;
  /** URL of the importing file. */
  readonly parentURL?: string | undefined;
}

/** Where this deployment's compiled code is, as URLs. */
export interface DeploymentCode {
  /** Its folder, with a slash at the end. */
  readonly folder: string;
  /** A file in it: what it imports is what the deployment uses. */
  readonly file: string;
}

const PACKAGE = 'crossdock-provider:';
const KIT = /^@crossdock\/provider-kit(?:\/(delivery|payment|telephony|store|recommendation|chat))?$/;
/** They keep what decorators said in module state: a second copy would not see what the first one knows. */
const SHARED = /^(class-validator|class-transformer|reflect-metadata)(\/|$)/;

/** Returns the address under which a package is resolved as a file in `folder` (a URL) would import it. */
export function addressPackage(name: string, folder: string): string {
  return `${PACKAGE}${encodeURIComponent(name)}?${encodeURIComponent(folder)}`;
}

/**
 * Decides what to resolve in place of an import; undefined: the import as it is. Files outside the deployment
 * get its copy of the provider kit, whether they have one of their own or not. Pure.
 */
export function redirectImport({ specifier, parentURL }: ImportRequest, { folder, file }: DeploymentCode): ImportRequest | undefined {
  if (specifier.startsWith(PACKAGE)) {
    const [name = '', from] = specifier.slice(PACKAGE.length).split('?').map(decodeURIComponent);
    return { specifier: name, parentURL: from };
  }
  if (parentURL === undefined || parentURL.startsWith(folder)) return undefined;
  const [kit, port] = KIT.exec(specifier) ?? [];
  if (kit !== undefined) return { specifier: port === undefined ? '#provider-kit/package' : `#${port}/port`, parentURL: file };
  return SHARED.test(specifier) ? { specifier, parentURL: file } : undefined;
}
