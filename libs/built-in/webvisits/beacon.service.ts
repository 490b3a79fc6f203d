import { Injectable } from '@nestjs/common';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type Connection, ConnectionStore, isUuid, refuseUnlessActive } from '#connections';
import { BadInputError, CallbackError, cleanText, Clock, equalInConstantTime, hmacSha256Hex, notFound } from '#platform';
import type { BeaconDto } from './beacon.dto.js';
import { readLocale, readOrigin, cleanPageUrl } from './page-view.js';
import { readDevice } from './user-agent.js';
import { readPlace } from './visit-place.js';
import { type Identity, type Sighting, VisitsStore } from './visits-store.js';
import type { LinkKind } from './webvisits.entity.js';
import { webvisitsManifest } from './webvisits.manifest.js';
import { getSiteCode, type WebvisitsSettings } from './webvisits.settings.js';

/**
 * Maximum number of concurrent beacon statements and of waiting beacons in a process, because callbacks also
 * need the database.
 */
const AT_ONCE = 4;
const WAITING = 400;
const REMEMBERED_MS = 3_000;
const LONGEST_TITLE = 500;

type BeaconRequest = Pick<FastifyRequest, 'headers' | 'ip' | 'socket'>;

/** Accepts the beacons of the script on the shop's site. */
@Injectable()
export class BeaconService {
  private readonly gate = bulkhead(AT_ONCE, WAITING);
  private readonly remembered = new LRUCache<string, Connection>({ max: 1000, ttl: REMEMBERED_MS });

  constructor(
    private readonly connections: ConnectionStore,
    private readonly store: VisitsStore,
    private readonly clock: Clock,
  ) {}

  /** Whether a module belongs to this service. */
  isOurs(connection: Connection, moduleCode: string): boolean {
    return connection.module.code === moduleCode && connection.module.manifest.code === webvisitsManifest.code;
  }

  /**
   * Returns the connection of a beacon. `origin` must be one of the sites in its settings. Throws
   * CallbackError 404 if the connection does not exist, 403 if the site is not the shop's.
   */
  async admit(moduleCode: string, connectionId: string, origin: string | undefined): Promise<Connection> {
    let connection = this.remembered.get(connectionId);
    if (!connection && isUuid(connectionId)) {
      connection = await this.guarded(() => this.connections.findById(connectionId, 'chat'));
      if (connection) this.remembered.set(connectionId, connection);
    }
    if (!connection || !this.isOurs(connection, moduleCode)) throw notFound('connection', connectionId);
    if (origin === undefined || !getSettings(connection).sites.includes(origin))
      throw new CallbackError(403, 'This site is not one of the shop’s sites. Add it in the settings of the module.');
    return connection;
  }

  /**
   * Stores a beacon, unless the visitor did not consent or the browser sends DNT or Global Privacy Control.
   * @throws BadInputError. CallbackError 403 for a wrong signature, 503 if too many beacons wait
   */
  async take(connection: Connection, beacon: BeaconDto, request: BeaconRequest): Promise<void> {
    if (beacon.type === 'erase') {
      await this.guarded(() => this.store.erase(connection.id, { visitor: beacon.visitor }));
      return;
    }
    refuseUnlessActive(connection);
    if (beacon.consent !== true) throw new BadInputError({ consent: 'must be true, because nothing is stored without consent' });
    if (request.headers['dnt'] === '1' || request.headers['sec-gpc'] === '1') return;
    const settings = getSettings(connection);
    if (beacon.type === 'customer' || beacon.type === 'order') return this.identify(connection, beacon, request);
    const links = readLinks(beacon, settings);
    const sighting = this.toSighting(connection, beacon, request);
    if (beacon.type === 'page') await this.keepPage(sighting, beacon, settings);
    else if (beacon.type !== 'link') await this.guarded(() => this.store.keepPresence(sighting, beacon.type === 'leave'));
    else if (links.length === 0) throw new BadInputError({ externalChatId: 'is required (or externalUserId)' });
    if (links.length > 0 && !(await this.guarded(() => this.store.link(sighting, links)))) throw unknownVisitor();
  }

  /** Nothing is stored without the shop's consent to send visits. */
  private async identify(connection: Connection, beacon: BeaconDto, request: BeaconRequest): Promise<void> {
    const settings = getSettings(connection);
    const identity = readIdentity(beacon, settings.linkKey);
    if (!settings.sendVisits) return;
    const site = getSiteCode(settings, request.headers.origin ?? '');
    const sighting = this.toSighting(connection, beacon, request);
    if (!(await this.guarded(() => this.store.identify(sighting, { ...identity, ...(site && { site }) })))) throw unknownVisitor();
  }

  private async keepPage(sighting: Sighting, beacon: BeaconDto, settings: WebvisitsSettings): Promise<void> {
    const address = beacon.url ?? '';
    const url = cleanPageUrl(address, settings.sites, settings.keepQuery);
    if (url === undefined) throw new BadInputError({ url: 'must be the address of a page of the shop’s site' });
    const title = beacon.title?.trim().slice(0, LONGEST_TITLE);
    const origin = readOrigin(address, beacon.referrer, settings.sites);
    await this.guarded(() => this.store.keepPage(sighting, { url, ...(title && { title: cleanText(title) }), origin }));
  }

  private toSighting(connection: Connection, beacon: BeaconDto, request: BeaconRequest): Sighting {
    const settings = getSettings(connection);
    const lang = readLocale(beacon.lang ?? request.headers['accept-language']?.split(',', 1)[0]);
    return {
      connectionId: connection.id,
      visitor: beacon.visitor,
      at: this.clock.now(),
      visitMinutes: settings.visitMinutes,
      ...(lang && { lang }),
      ...readDevice(request.headers['user-agent']),
      ...readPlace(request, settings, connection.account.language),
    };
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.gate.execute(work);
    } catch (error) {
      if (error instanceof BulkheadRejectedError)
        throw new CallbackError(503, 'Too many page views at the same time. Try again in a moment.');
      throw error;
    }
  }
}

/** Signs the parts, each on a separate line, for shops that sign on their server. */
export function signLink(key: string, parts: readonly (string | undefined)[]): string {
  return hmacSha256Hex(key, parts.map((part) => part ?? '').join('\n'));
}

/** Rejects a beacon with a wrong signature if the settings require one. */
function checkSignature(key: string | undefined, parts: readonly (string | undefined)[], signature = ''): void {
  if (key && !equalInConstantTime(signature, signLink(key, parts)))
    throw new CallbackError(403, 'The signature is missing or wrong.', { signature: 'is missing or wrong' });
}

function unknownVisitor(): CallbackError {
  return new CallbackError(404, 'This visitor is unknown. Send a page view first.');
}

/** Reads the identity in a `customer` or `order` beacon. */
function readIdentity({ type, externalId, number, signature }: BeaconDto, key: string | undefined): Identity {
  if (type === 'customer') {
    if (externalId === undefined) throw new BadInputError({ externalId: 'is required' });
    checkSignature(key, ['customer', externalId], signature);
    return { kind: 'customer', externalId, target: { customer: { externalId } } };
  }
  if (externalId === undefined && number === undefined) throw new BadInputError({ number: 'is required (or externalId)' });
  checkSignature(key, ['order', number, externalId], signature);
  return {
    kind: 'order',
    externalId: externalId === undefined ? `number ${number}` : `id ${externalId}`,
    target: { order: { ...(externalId !== undefined && { externalId }), ...(number !== undefined && { number }) } },
  };
}

function readLinks(beacon: BeaconDto, { linkKey }: WebvisitsSettings): { kind: LinkKind; externalId: string }[] {
  const { externalChatId, externalUserId, signature } = beacon;
  if (externalChatId === undefined && externalUserId === undefined) return [];
  checkSignature(linkKey, [externalChatId, externalUserId], signature);
  return [
    ...(externalChatId === undefined ? [] : [{ kind: 'chat' as const, externalId: externalChatId }]),
    ...(externalUserId === undefined ? [] : [{ kind: 'user' as const, externalId: externalUserId }]),
  ];
}

function getSettings(connection: Connection): WebvisitsSettings {
  return connection.settings as WebvisitsSettings;
}
