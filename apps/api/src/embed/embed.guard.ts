import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CallbackGuard } from '#connections';
import { CallbackError } from '#platform';
import { findLanguage } from '#widgets';
import { texts } from '../api.texts.js';

type EmbedCall = FastifyRequest<{ Body: { payload?: unknown } | undefined }> & { pageLanguage?: string };

/** Finds the locale without parsing, because no one is authenticated yet. */
const LOCALE = /"locale"\s*:\s*"([a-zA-Z_-]{2,20})"/;

/**
 * Finds a widget's connection like `CallbackGuard`. An unknown or missing clientId gets 404. Errors are in
 * the locale of the request.
 */
@Injectable()
export class EmbedGuard extends CallbackGuard {
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<EmbedCall>();
    const { payload } = request.body ?? {};
    const language = typeof payload === 'string' ? findLanguage(LOCALE.exec(payload)?.[1]) : undefined;
    if (language !== undefined) request.pageLanguage = language;
    return super.canActivate(context);
  }

  protected override refuseMissing(): CallbackError {
    return this.refuseUnknown();
  }

  protected override refuseUnknown(): CallbackError {
    return new CallbackError(404, texts.unknownAccount);
  }
}
