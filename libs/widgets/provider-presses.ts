import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { type OperationKind, OperationsService, sendUnlessRejected, type SendOptions } from '#operations';
import { type Language, type LocalText, textFor, type Transaction } from '#platform';
import type { ProviderPress } from '#provider-kit';
import { findProviderAction } from './provider-rows.js';
import type { StoredResult } from './widget.entity.js';
import type { EmbedPress } from './widget-view.js';
import { texts } from './widgets.texts.js';

interface PressInput extends ProviderPress {
  readonly recordId: string;
}

interface Pressed {
  readonly text?: LocalText | undefined;
}

/** The operation of an integration's presses. */
export type PressKind = OperationKind<PressInput, Pressed>;

/** How an integration calls the `press` of its port. */
interface PressWay {
  /** Calls the provider for our record. Throws ProviderError. */
  call(connection: Connection, recordId: string, press: ProviderPress, options: SendOptions): Promise<LocalText | undefined>;
  /** Lets the record be read at the service soon, because the press may have changed it. */
  readSoon(tx: Transaction, connection: Connection, recordId: string): Promise<unknown>;
}

/** Defines the operation of presses of providers' actions. `kind`: such as `delivery.press`. */
export function definePress(kind: string, { call, readSoon }: PressWay): PressKind {
  const send: PressKind['send'] = async ({ input: { recordId, action, key } }, connection, options) => ({
    text: await call(connection, recordId, { action, key }, options),
  });
  return {
    ...{ kind, answersRepeats: true, send },
    // The key of a repeated press is the same, so it has no second effect.
    recover: async (operation, connection) => {
      const found = await sendUnlessRejected(connection, () => send(operation, connection, {}));
      return found ? { found } : 'absent';
    },
    commit: async (tx, { input }, result, connection) => {
      await readSoon(tx, connection, input.recordId);
      return result;
    },
  };
}

/** Performs the actions that providers add to widgets. */
@Injectable()
export class ProviderPresses {
  constructor(private readonly operations: OperationsService) {}

  /**
   * Performs a provider's action about a record, once per key. Undefined if the action is not the provider's.
   * @throws ProviderError from the provider
   */
  async perform(
    kind: PressKind,
    connection: Connection,
    record: { readonly id: string; readonly reference: string },
    { action: name, key }: Pick<EmbedPress, 'action' | 'key'>,
    language: Language,
  ): Promise<StoredResult | undefined> {
    const action = findProviderAction(connection.module.manifest, name)?.id;
    if (action === undefined) return undefined;
    const { operation } = await this.operations.perform(kind, connection, {
      ...{ key: `press:${key}`, reference: record.reference, subject: record.id },
      input: { recordId: record.id, action, key },
    });
    return { text: textFor((operation.result as Pressed | null)?.text ?? texts.pressed, language), tone: 'good' };
  }
}
