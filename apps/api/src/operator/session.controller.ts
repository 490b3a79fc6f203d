import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ApiBodyOf,
  AuditTrail,
  BadInputError,
  Environment,
  findByToken,
  getParser,
  Guesses,
  OperatorSessions,
  type OperatorRights,
  readBearer,
  readSessionCookie,
  refuseForeignChange,
  refuseForeignSite,
  requireOwnOrigin,
  writeSessionCookie,
} from '#platform';

/** The credentials of a sign-in. */
export class SignInDto {
  /** The operator's token. May be sent as `Authorization: Bearer ...` instead. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(500) token?: string;
}

/** No one is signed in. */
export interface SignedOutView {
  signedIn: false;
}

/** The signed-in operator. */
export interface SignedInView {
  signedIn: true;
  /** Name of the operator. */
  name: string;
  /** The operator's right. */
  may: OperatorRights;
  /** Codes of the modules that the operator is limited to. Missing if there is no limit. */
  modules?: readonly string[];
  /** When the session ends unless it is used before. */
  idleUntil: Date;
  /** When it ends in any case. */
  endsAt: Date;
}

export type SessionView = SignedInView | SignedOutView;

/** Browser sessions of operators: a cookie instead of the token. */
@ApiTags('operator: operators')
@Controller('operator/api/session')
export class SessionController {
  constructor(
    private readonly environment: Environment,
    private readonly sessions: OperatorSessions,
    private readonly audit: AuditTrail,
    private readonly guesses: Guesses,
  ) {}

  /** Returns the operator who is signed in by the cookie, if any. Does not prolong the session. */
  @Get()
  async readSession(@Req() request: FastifyRequest): Promise<SessionView> {
    const id = readSessionCookie(request);
    return id === undefined ? { signedIn: false } : this.view(id);
  }

  /**
   * Signs in with an operator's token. Sets a cookie (HttpOnly, SameSite=Strict, with the prefix `__Host-`
   * under https) for 30 minutes without use, at most 12 hours. The session has the token's right, and ends
   * when the token is removed from the settings. A previous session of the browser ends.
   */
  @Post()
  @ApiBodyOf(SignInDto, { required: false })
  @HttpCode(200)
  async signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    // Another site's page must not sign its visitors in.
    refuseForeignSite(request);
    if (request.headers.origin !== undefined) requireOwnOrigin(request);
    const given = getParser(SignInDto).parse(body ?? {}).token ?? readBearer(request);
    if (given === undefined) throw new BadInputError({ token: 'is required' });
    const token = findByToken(this.environment.operatorTokens, given, request, this.guesses);
    await this.audit.begin(request, token, 'bearer');
    const former = readSessionCookie(request);
    if (former !== undefined) await this.sessions.end(former);
    const id = await this.sessions.begin(token, request.headers['user-agent']);
    writeSessionCookie(request, reply, id);
    return this.view(id);
  }

  /** Signs out: ends the session of the cookie, if there is one, and removes the cookie. */
  @Delete()
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionView> {
    const id = readSessionCookie(request);
    if (id === undefined) return { signedIn: false };
    await refuseForeignChange(request, id, this.sessions, this.audit);
    const session = await this.sessions.find(id, false);
    if (session) await this.audit.begin(request, session, 'session');
    await this.sessions.end(id);
    writeSessionCookie(request, reply, undefined);
    return { signedIn: false };
  }

  private async view(id: string): Promise<SessionView> {
    const session = await this.sessions.find(id, false);
    if (!session) return { signedIn: false };
    const { name, may, modules, idleUntil, endsAt } = session;
    return { signedIn: true, name, may, ...(modules && { modules }), idleUntil, endsAt };
  }
}
