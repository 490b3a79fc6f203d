import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Connection } from '#connections';
import { AccountSessions, chooseProvider, type ProviderChoiceDto } from '#onboarding';
import { CallbackError, Guesses, readBearer } from '#platform';

/** Finds the connection whose account page sends a request. */
@Injectable()
export class PageCallers {
  constructor(
    private readonly sessions: AccountSessions,
    private readonly guesses: Guesses,
  ) {}

  /**
   * Returns the connection of the request's page token, seen through the chosen provider (the first one by
   * default).
   * @throws 401 without a valid token of this module, 429 after too many wrong ones
   */
  async find(moduleCode: string, request: FastifyRequest, choice: ProviderChoiceDto = {}): Promise<Connection> {
    const token = readBearer(request);
    const connection = token === undefined ? undefined : await this.sessions.find(moduleCode, token, request.id);
    if (!connection) throw this.refuse(token, request);
    // Later errors are in this language.
    Object.assign(request, { pageLanguage: connection.account.language });
    return chooseProvider(connection, choice);
  }

  /** Returns the error for a missing or wrong token, and counts a wrong one against the caller's address. */
  refuse(token: string | undefined, request: FastifyRequest): CallbackError {
    const refusal = new CallbackError(401, 'The page was open too long. Open the module from the CRM again.');
    return token === undefined ? refusal : this.guesses.wrong('page tokens', request.ip, refusal);
  }
}
