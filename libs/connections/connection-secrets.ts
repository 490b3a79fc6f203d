import { Injectable } from '@nestjs/common';
import { SecretBox } from '#platform';

/** Secrets of a connection's row. Each is stored in the column `<name>Sealed`. */
export type ConnectionSecret = 'clientId' | 'apiKey' | 'settings' | 'rules' | 'chatTokens' | 'serviceMemory';

/** A row that contains a secret. */
export type SealedRow<Name extends ConnectionSecret> = { readonly id: string } & { readonly [Column in `${Name}Sealed`]: string };

/** A connection and the code of one of its providers. */
export interface ConsentPlace {
  readonly connectionId: string;
  readonly provider: string;
}

/** Seals and opens a connection's secrets. A sealed secret opens only with its own connection and name. */
@Injectable()
export class ConnectionSecrets {
  constructor(private readonly box: SecretBox) {}

  /** Returns the secret in the format of its column. */
  seal(connectionId: string, name: ConnectionSecret, secret: string): string {
    return this.box.seal(secret, `${connectionId}/${name}`);
  }

  /** Seals the bytes of a provider's packed settings. */
  sealCompiled(connectionId: string, provider: string, bytes: Uint8Array): string {
    return this.box.seal(bytes, `${connectionId}/compiled/${provider}`);
  }

  /** Returns the bytes that `sealCompiled` sealed. Throws SecretBoxError. */
  openCompiled(connectionId: string, provider: string, sealed: string): Buffer {
    return this.box.openBytes(sealed, `${connectionId}/compiled/${provider}`);
  }

  /** Seals tokens or a verifier of an account's consent. */
  sealConsent({ connectionId, provider }: ConsentPlace, secret: string): string {
    return this.box.seal(secret, `${connectionId}/oauth/${provider}`);
  }

  /** Returns what `sealConsent` sealed. Throws SecretBoxError. */
  openConsent({ connectionId, provider }: ConsentPlace, sealed: string): string {
    return this.box.open(sealed, `${connectionId}/oauth/${provider}`);
  }

  /** Returns the secret in plain text. Never log it or put it into a job. Throws if its key is missing. */
  open<Name extends ConnectionSecret>(row: SealedRow<Name>, name: Name): string {
    const sealed: { readonly [column: string]: string } = row;
    return this.box.open(sealed[`${name}Sealed`] ?? '', `${row.id}/${name}`);
  }
}
