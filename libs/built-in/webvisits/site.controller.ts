import { Controller, Get, HttpCode, Options, Param, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeEndpoint, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Connection, HostedModules } from '#connections';
import { ApiBodyOf, CallbackError, notFound, getParser, RateLimit, toNetwork } from '#platform';
import { BeaconDto } from './beacon.dto.js';
import { BeaconService } from './beacon.service.js';
import { VISITS_SCRIPT, VISITS_SCRIPT_TAG } from './visits-script.js';
import { webvisitsManifest } from './webvisits.manifest.js';

/**
 * Maximum number of beacons per minute from one address, and from the shop's sites to one connection, counted
 * by each process.
 */
const LIMITS = { address: 120, connection: 6000 };
/** A page's address, title and referrer fit at their maximum lengths. */
const BODY_LIMIT = 16 * 1024;

const beacons = getParser(BeaconDto);

/** Endpoints for browsers of the shop's visitors: the script, and its beacons. No cookie is set or read. */
@ApiTags('site visits')
@Controller(':module')
export class SiteController {
  private readonly byAddress = new RateLimit(LIMITS.address, 60);
  private readonly byConnection = new RateLimit(LIMITS.connection, 60);

  constructor(
    private readonly beaconService: BeaconService,
    private readonly modules: HostedModules,
    host: HttpAdapterHost,
  ) {
    // The worker has no HTTP. Anyone can send a beacon, so a large one is not even read.
    const server = host.httpAdapter?.getInstance<FastifyInstance>();
    server?.addHook('onRoute', (route) => {
      if (route.url === '/:module/visits/:connection') route.bodyLimit = BODY_LIMIT;
    });
  }

  /** Returns the script for a shop's site. */
  @Get('visits.js')
  @ApiProduces('text/javascript')
  readVisitsScript(@Param('module') code: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    if (!this.modules.listCodes(webvisitsManifest.code).includes(code)) throw notFound('module', code);
    void reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('etag', VISITS_SCRIPT_TAG)
      .header('cross-origin-resource-policy', 'cross-origin');
    if (request.headers['if-none-match'] === VISITS_SCRIPT_TAG) {
      void reply.status(304);
      return '';
    }
    return VISITS_SCRIPT;
  }

  /** Requested by browsers before a beacon with a content type that is not simple. */
  @ApiExcludeEndpoint()
  @Options('visits/:connection')
  @HttpCode(204)
  async allowBeacon(
    @Param('module') code: string,
    @Param('connection') connectionId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.admit(code, connectionId, request, reply);
    allow(request, reply);
    void reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '600');
  }

  /**
   * Accepts one beacon of the script: JSON, as `application/json` or as `text/plain`, which needs no
   * preflight request.
   * @throws 403 from a page outside the shop's sites
   * @throws 429 for too many at the same time
   */
  @Post('visits/:connection')
  @ApiBodyOf(BeaconDto)
  @HttpCode(204)
  async takeBeacon(
    @Param('module') code: string,
    @Param('connection') connectionId: string,
    @Req() request: FastifyRequest<{ Body: unknown }>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const connection = await this.admit(code, connectionId, request, reply);
    allow(request, reply);
    const { body } = request;
    const beacon = typeof body === 'string' ? beacons.parseJson(body, 'body') : beacons.parse(body);
    await this.beaconService.take(connection, beacon, request);
  }

  /** Strangers count only against their address, so they cannot use up the limit of a shop. */
  private async admit(code: string, connectionId: string, request: FastifyRequest, reply: FastifyReply): Promise<Connection> {
    if (!this.byAddress.take(toNetwork(request.ip))) throw tooMany(reply);
    const connection = await this.beaconService.admit(code, connectionId, request.headers.origin);
    if (!this.byConnection.take(connection.id)) throw tooMany(reply);
    return connection;
  }
}

function tooMany(reply: FastifyReply): CallbackError {
  void reply.header('retry-after', '60');
  return new CallbackError(429, 'Too many page views. Try again in a minute.');
}

function allow(request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .header('access-control-allow-origin', request.headers.origin ?? '')
    .header('vary', 'origin')
    .header('cache-control', 'no-store');
}
