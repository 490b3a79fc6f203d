import { sha256Hex } from '#platform/plain';
import type { ProviderContext } from './provider-context.js';
import { SharedNote } from './shared-note.js';

/** The connection that has a place at the service, and when it last renewed its claim. */
interface Claim {
  /** Digest of the connection's id. */
  by: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Seconds for which a silent connection keeps its place. */
const KEPT_S = 7 * 86_400;

/** The members of a context that claims need. */
type ClaimContext = Pick<ProviderContext<unknown>, 'cache' | 'connectionId'>;

/**
 * Places at a service that only one connection of the deployment may have, such as a bot's webhook. All
 * connections of the provider see the claims.
 */
export class PlaceClaims {
  private readonly claims: SharedNote<Claim>;

  /** `name`: part of the cache's keys. */
  constructor(name: string) {
    this.claims = new SharedNote<Claim>(name, { ttlSeconds: KEPT_S, scope: 'provider' });
  }

  /** Whether another connection has the place. */
  async isTaken(place: string, context: ClaimContext): Promise<boolean> {
    return isOthers(await this.change(place, context, (claim) => claim), context);
  }

  /** Claims the place for this connection. Returns false if another has it. */
  async claim(place: string, context: ClaimContext): Promise<boolean> {
    const by = sha256Hex(context.connectionId);
    return !isOthers(await this.change(place, context, (claim, at) => (isOthers(claim, context) ? claim : { by, at })), context);
  }

  /** Gives the place up, if it is this connection's. */
  async release(place: string, context: ClaimContext): Promise<void> {
    await this.change(place, context, (claim) => (isOthers(claim, context) ? claim : null));
  }

  /** Changes the owner of a place. An old claim does not count. */
  private change(place: string, context: ClaimContext, make: (claim: Claim | null, now: number) => Claim | null): Promise<Claim | null> {
    return this.claims.change(place, (claim, now) => make(claim && now - claim.at < KEPT_S * 1_000 ? claim : null, now), context);
  }
}

function isOthers(claim: Claim | null, { connectionId }: ClaimContext): claim is Claim {
  return claim !== null && claim.by !== sha256Hex(connectionId);
}
