import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Connection } from '#connections';
import {
  BadInputError,
  CallbackError,
  errorTrace,
  fillIn,
  isDatabaseUnavailable,
  isPoolExhausted,
  readOn,
  sayProblems,
  textFor,
  toLanguage,
  toLogLine,
  toSentence,
} from '#platform';
import { MoneyError, PROVIDER_ERROR_STATUS, ProviderError, sayFields } from '#provider-kit';
import { texts } from '../api.texts.js';
import type { ReadinessView } from '../readiness/readiness.controller.js';
import { toManagersSentence } from './field-names.js';
import { OVERLOAD_RETRY_S } from './overload.js';

/** The body of every unsuccessful reply (docs/contract). */
export interface ErrorAnswer {
  success: false;
  errorMsg: string;
  errors?: Record<string, string>;
}

/** The guard adds a callback's connection to the request, the account page and widgets their language. */
type CalledRequest = FastifyRequest & { connection?: Connection; pageLanguage?: string };

interface Outcome {
  status: number;
  message: string;
  errors?: Record<string, string> | undefined;
  retryAfterSeconds?: number;
}

/** Converts an exception to the contract's error reply. Logs an unknown error and returns 500. */
@Catch()
export class AnswerFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<CalledRequest>();
    const outcome = this.toOutcome(error, request);
    if (outcome.retryAfterSeconds) void reply.header('retry-after', outcome.retryAfterSeconds);
    const body: ErrorAnswer = {
      success: false,
      errorMsg: outcome.message,
      ...(outcome.errors && Object.keys(outcome.errors).length > 0 && { errors: outcome.errors }),
    };
    const send = (): void => void reply.status(outcome.status).type('application/json; charset=utf-8').send(body);
    if (outcome.status === 413) readOn(request.raw, send);
    else send();
  }

  private toOutcome(error: unknown, request: CalledRequest): Outcome {
    const { connection, pageLanguage } = request;
    const language = pageLanguage ?? connection?.account.language;
    if (error instanceof BadInputError) {
      // The message is for the person who acted in the CRM, the errors by field are for developers.
      if (connection) return { status: 400, message: toManagersSentence(error.errors, language), errors: error.errors };
      const said = sayProblems(error.errors, language);
      return { status: 400, message: toSentence(said, toLanguage(language)), errors: said };
    }
    if (error instanceof CallbackError)
      return {
        status: error.status,
        message: sayIn(language, error),
        errors: error.errors,
        ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
      };
    if (error instanceof ProviderError)
      return {
        status: PROVIDER_ERROR_STATUS[error.kind],
        message: sayIn(language, error),
        errors: sayFields(error, language),
        ...(error.retryAfterMs && { retryAfterSeconds: Math.ceil(error.retryAfterMs / 1000) }),
      };
    if (error instanceof MoneyError) {
      this.logger.warn(toLogLine(`an amount cannot be used: ${error.message}`, request.id));
      return { status: 400, message: textFor(texts.wrongAmount, language) };
    }
    // The query is removed because it may contain a `clientId`.
    if (error instanceof NotFoundException) return { status: 404, message: error.message.replace(/\?.*/s, '') };
    if (error instanceof HttpException) return { status: error.getStatus(), message: error.message, errors: listFailedComponents(error) };
    const status = (error as { statusCode?: unknown }).statusCode;
    if (typeof status === 'number' && status >= 400 && status < 500)
      return { status, message: explainPlainly(status, (error as Error).message) };
    if (isPoolExhausted(error)) {
      this.logger.warn(toLogLine('all connections of the pool to the database are in use', request.id));
      return { status: 503, message: textFor(texts.overload, language), retryAfterSeconds: OVERLOAD_RETRY_S };
    }
    if (isDatabaseUnavailable(error)) {
      this.logger.warn(toLogLine(`the database cannot be used: ${(error as Error).message}`, request.id));
      return { status: 503, message: textFor(texts.noDatabase, language), retryAfterSeconds: 1 };
    }
    this.logger.error(toLogLine(`request failed: ${errorTrace(error)}`, request.id));
    return { status: 500, message: textFor(fillIn(texts.failed, { request: request.id }), language) };
  }
}

/** Returns the failed components of a readiness check with their errors. */
function listFailedComponents(error: HttpException): Record<string, string> | undefined {
  const { error: components } = error.getResponse() as Partial<ReadinessView>;
  if (error.getStatus() !== 503 || typeof components !== 'object') return undefined;
  return Object.fromEntries(Object.entries(components).map(([component, health]) => [component, health?.message ?? 'is down']));
}

/** Returns an error's message in the account's language, if there is one. */
function sayIn(language: string | undefined, { localText, message }: CallbackError | ProviderError): string {
  return localText && language !== undefined ? textFor(localText, language) : message;
}

function explainPlainly(status: number, message: string): string {
  if (status === 413) return 'The request is too large.';
  if (status === 415) return 'The request must be a form (application/x-www-form-urlencoded or multipart/form-data).';
  return message;
}
