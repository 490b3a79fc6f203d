/** An import to be resolved by Node. */
export interface ImportRequest {
  readonly specifier: string;
  /** URL of the importing file. */
  readonly parentURL?: string | undefined;
}

/** URLs of this deployment's compiled code. */
export interface DeploymentCode {
  /** Its folder, with a slash at the end. */
  readonly folder: string;
  /** A file in it. Packages are resolved as if this file imported them. */
  readonly file: string;
}

const PACKAGE = 'crossdock-provider:';
const KIT = /^@crossdock\/provider-kit(?:\/(delivery|payment|telephony|store|recommendation|chat))?$/;
/** Folders of the ports that a provider package imports by the CRM's name of the integration. */
const FOLDERS: Readonly<Record<string, string>> = { store: 'inventory' };
/** Packages that store decorators in module state, so a second copy would not see them. */
const SHARED = /^(class-validator|class-transformer|reflect-metadata)(\/|$)/;

/** Returns an address that resolves a package like an import in `folder` (a URL). */
export function addressPackage(name: string, folder: string): string {
  return `${PACKAGE}${encodeURIComponent(name)}?${encodeURIComponent(folder)}`;
}

/**
 * Returns the import to resolve instead, or undefined to leave it unchanged. Files outside the deployment get
 * its copy of the provider kit, even if they have their own. Pure.
 */
export function redirectImport({ specifier, parentURL }: ImportRequest, { folder, file }: DeploymentCode): ImportRequest | undefined {
  if (specifier.startsWith(PACKAGE)) {
    const [name = '', from] = specifier.slice(PACKAGE.length).split('?').map(decodeURIComponent);
    return { specifier: name, parentURL: from };
  }
  if (parentURL === undefined || parentURL.startsWith(folder)) return undefined;
  const [kit, port] = KIT.exec(specifier) ?? [];
  if (kit !== undefined)
    return { specifier: port === undefined ? '#provider-kit/package' : `#${FOLDERS[port] ?? port}/port`, parentURL: file };
  return SHARED.test(specifier) ? { specifier, parentURL: file } : undefined;
}
