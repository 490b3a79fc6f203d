import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import type { Connection } from '../connection.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import { ConnectionEntity } from '../connection.entity.js';
import { type ProviderState, readState, writeState } from '../provider-state.js';
import { findCompiledForm, SettingsCompilation } from '../store/compiled-settings.js';
import { ConnectionStore } from '../store/connection-store.js';
import { type Memory, SealedValues } from '../store/sealed-values.js';

/** Stores settings, rules, rejected calls and the data of `connect`, each for one provider. */
@Injectable()
export class SettingsStore {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly secrets: ConnectionSecrets,
    private readonly values: SealedValues,
    private readonly compilation: SettingsCompilation,
  ) {}

  /**
   * Stores validated settings of this provider. `judge` throws if the current settings must not be
   * replaced.
   */
  async keepSettings(
    { id, module }: Pick<Connection, 'id' | 'module'>,
    settings: object,
    tx: Transaction,
    judge?: (stored: object) => void,
  ): Promise<void> {
    const settingsSealed = this.secrets.seal(id, 'settings', JSON.stringify(settings));
    await this.changeState({ id, module }, tx, (before) => {
      judge?.(this.values.openSettings(module, id, before.settingsSealed));
      return { settingsSealed };
    });
    const form = findCompiledForm(module);
    if (form) await this.compilation.keep(tx, id, settingsSealed, settings, form);
    const { code, describeMissing } = module.manifest;
    await tx.query(
      `UPDATE connection SET not_set_up = CASE WHEN NOT $3 THEN not_set_up - $2
         ELSE jsonb_build_object($2::text, to_jsonb(now())) || not_set_up END WHERE id = $1`,
      [id, code, describeMissing?.(settings) !== undefined],
    );
  }

  /**
   * Changes the stored state of this provider only. `change` receives the current state, which is
   * locked. If it returns undefined, nothing is changed.
   */
  async changeState(
    { id, module }: Pick<Connection, 'id' | 'module'>,
    tx: Transaction,
    change: (stored: ProviderState) => Partial<ProviderState> | undefined,
  ): Promise<void> {
    const row = await tx.getRepository(ConnectionEntity).findOne({
      where: { id },
      select: { id: true, settingsSealed: true, rejectedCalls: true, credentialsNotifiedAt: true, byProvider: true },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) return;
    const before = readState(row, module);
    const changed = change(before);
    if (changed) await this.connections.update(id, writeState(row, module, { ...before, ...changed }), tx);
  }

  /**
   * Stores validated rules of the account. Undefined removes them. `judge` throws if the current rules must
   * not be replaced.
   */
  async keepRules(
    { id, module }: Pick<Connection, 'id' | 'module'>,
    rules: object | undefined,
    tx: Transaction,
    judge: (stored: object | undefined) => void,
  ): Promise<void> {
    const row = await tx
      .getRepository(ConnectionEntity)
      .findOne({ where: { id }, select: { id: true, rulesSealed: true }, lock: { mode: 'pessimistic_write' } });
    if (row) judge(this.values.openRules(module, id, row.rulesSealed));
    await this.connections.update(id, { rulesSealed: rules ? this.secrets.seal(id, 'rules', JSON.stringify(rules)) : null }, tx);
  }

  /** Stores data of this provider's `connect`. Data of the module's other providers stays. */
  async keepMemory({ id, module }: Pick<Connection, 'id' | 'module'>, memory: Memory, tx: Transaction): Promise<void> {
    const row = await tx
      .getRepository(ConnectionEntity)
      .findOne({ where: { id }, select: { id: true, serviceMemorySealed: true }, lock: { mode: 'pessimistic_write' } });
    if (!row) return;
    const all = { ...this.values.openMemory(row), [module.manifest.code]: memory };
    await this.connections.update(id, { serviceMemorySealed: this.secrets.seal(id, 'serviceMemory', JSON.stringify(all)) }, tx);
  }
}
