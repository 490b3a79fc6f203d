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

/** How a session begins. */
export class SignInDto {
  /** The operator's token; may be sent as `Authorization: Bearer ...` instead. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(500) token?: string;
}

/** Nobody is signed in. */
export interface SignedOutView {
  signedIn: false;
}

/** Who is signed in. */
export interface SignedInView {
  signedIn: true;
  /** Name of the operator. */
  name: string;
  /** What the operator may do. */
  may: OperatorRights;
  /** Codes of the modules that the operator is limited to; missing: all. */
  modules?: readonly string[];
  /** When the session ends unless it is used before. */
  idleUntil: Date;
  /** When it ends in any case. */
  endsAt: Date;
}

export type SessionView = SignedInView | SignedOutView;

/** Sessions of operators' pages: a cookie in place of the token. */
@ApiTags('operator: operators')
@Controller('operator/api/session')
export class SessionController {
  constructor(
    private readonly environment: Environment,
    private readonly sessions: OperatorSessions,
    private readonly audit: AuditTrail,
    private readonly guesses: Guesses,
  ) {}

  /** Says who is signed in by the cookie, if anybody. Asking is no use of the session. */
  @Get()
  async readSession(@Req() request: FastifyRequest): Promise<SessionView> {
    const id = readSessionCookie(request);
    return id === undefined ? { signedIn: false } : this.view(id);
  }

  /**
   * Signs in with an operator's token: sets a cookie (HttpOnly, SameSite=Strict, under https with the prefix
   * `__Host-`) for 30 minutes without use, 12 hours in all. The session has the right of the token, and ends
   * when the token leaves the settings. A session that the browser had before ends.
   */
  @Post()
  @ApiBodyOf(SignInDto, { required: false })
  @HttpCode(200)
  async signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    // A page of somebody else must not sign its visitors in as somebody else.
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

  /** Signs out: ends the session of the cookie, if there is one, and takes the cookie away. */
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
