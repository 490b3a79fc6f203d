import { Injectable, Logger } from '@nestjs/common';

/** Names that requests have, by the part of the request. */
const KNOWN = {
  form: ['clientId', 'payload'],
  payload: [
    'version',
    'target',
    'locale',
    'order',
    'customer',
    'phone',
    'user',
    'thing',
    'action',
    'key',
    'tab',
    'search',
    'filter',
    'after',
  ],
};
/** Names that a process logs, and characters of each. */
const MOST = { names: 100, characters: 60 };

/** Logs the names of unknown fields once, without values: the fields that the CRM adds are not documented. */
@Injectable()
export class UnknownFields {
  private readonly logger = new Logger('embed');
  private readonly logged = new Set<string>();

  /** @param body the form, with its payload parsed */
  note(body: unknown): void {
    this.noteNames('form', body);
    this.noteNames('payload', (body as { payload?: unknown } | null | undefined)?.payload);
  }

  private noteNames(part: keyof typeof KNOWN, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      if (KNOWN[part].includes(name)) continue;
      const shown = `${part}.${name.slice(0, MOST.characters)}`;
      if (this.logged.size >= MOST.names || this.logged.has(shown)) continue;
      this.logged.add(shown);
      this.logger.log(`a request of a widget has the unknown field ${JSON.stringify(shown)}`);
    }
  }
}
