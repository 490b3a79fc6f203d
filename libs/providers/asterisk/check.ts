import { type Language, textFor } from '#platform';
import { type CheckReport, ProviderError, unlessError } from '#provider-kit';
import type { AmiSession } from './ami.client.js';
import { withSession } from './asterisk.client.js';
import { AsteriskNumbers } from './asterisk.numbers.js';
import type { AsteriskContext, AsteriskSettings } from './asterisk.settings.js';
import { texts } from './asterisk.texts.js';
import type { Recordings } from './recordings.js';

const VERSION_LENGTH = 60;

/**
 * Logs in, and looks whether the PBX has the managers' phones and a web server answers at the address of the
 * recordings. Folders are not looked at: an account must not learn which there are. Throws ProviderError.
 */
export async function check(settings: AsteriskSettings, context: AsteriskContext, recordings: Recordings): Promise<CheckReport> {
  const { language } = context.account;
  if (!settings.host) return { warnings: { host: textFor(texts.noHost, language) } };
  try {
    return await withSession(context, { events: 'off' }, async (session) => {
      const [version, endpoints, answers] = await Promise.all([
        readVersion(session),
        listEndpoints(session),
        settings.recordingsUrl ? recordings.answers(context.signal) : true,
      ]);
      return {
        account: [['Asterisk', version].filter(Boolean).join(' '), settings.host].join(', '),
        warnings: {
          ...(endpoints && findMissing(settings, endpoints, language)),
          ...(!answers && { recordingsUrl: textFor(texts.noServer, language) }),
        },
      };
    });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    return { errors: { secret: textFor(texts.login, language) } };
  }
}

/** Undefined when the manager user lacks the right. */
async function readVersion(session: AmiSession): Promise<string | undefined> {
  const answer = await session.send({ Action: 'CoreSettings' });
  return answer.get('Response') === 'Success' ? answer.get('AsteriskVersion')?.slice(0, VERSION_LENGTH) : undefined;
}

/**
 * Names of the PJSIP endpoints. Undefined when the PBX has no PJSIP or the manager user may not list them.
 */
async function listEndpoints(session: AmiSession): Promise<ReadonlySet<string> | undefined> {
  const listed = session.list(
    { Action: 'PJSIPShowEndpoints' },
    (events) => new Set(events.flatMap((event) => (event.get('Event') === 'EndpointList' ? (event.get('ObjectName') ?? []) : []))),
  );
  const isRefused = (error: unknown): boolean => error instanceof ProviderError && ['auth', 'rejected'].includes(error.kind);
  return unlessError(isRefused, listed, () => undefined);
}

/** A warning for each extension whose channel is a PJSIP endpoint that is not there. */
function findMissing(settings: AsteriskSettings, endpoints: ReadonlySet<string>, language: Language): Record<string, string> {
  const numbers = new AsteriskNumbers(settings);
  const missing = settings.extensions.flatMap(({ code, channel }, index): [string, string][] => {
    // PJSIP/101, PJSIP/101@trunk, PJSIP/trunk/sip:101@host
    const [technology, target = ''] = numbers.getChannel(code).split('/');
    if (technology?.toUpperCase() !== 'PJSIP' || endpoints.has(target.split('@').at(-1) ?? '')) return [];
    return [[`extensions[${index}].${channel === undefined ? 'code' : 'channel'}`, textFor(texts.noEndpoint, language)]];
  });
  return Object.fromEntries(missing);
}
