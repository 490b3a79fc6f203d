import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { bindToRequest, type Connection, ConnectionStore, isLive } from '#connections';
import { CrmError } from '#crm-client';
import { CallbackError, errorText } from '#platform';
import { type Comparison, Comparisons } from './comparison.js';
import { DifferenceStore } from './difference-store.js';
import type { DifferenceEntity } from './reconciliation.entity.js';

/** The operator's actions on differences. */
@Injectable()
export class MendingService {
  constructor(
    private readonly differences: DifferenceStore,
    private readonly comparisons: Comparisons,
    private readonly connections: ConnectionStore,
  ) {}

  /**
   * Compares a difference's subject again and fixes it once. A difference that is closed, or was resolved in
   * the meantime, is only returned.
   * @throws CallbackError 404; 400 if its kind cannot be fixed; 409 if it was dismissed, has changed, is
   * being fixed, or its connection does not work; 502 if the CRM cannot be called
   * @throws ProviderError from the provider
   */
  async mend(id: string, request?: string): Promise<DifferenceEntity> {
    const difference = await this.differences.load(id);
    if (difference.state === 'mended' || difference.state === 'gone') return difference;
    if (difference.state === 'dismissed') throw new CallbackError(409, 'This difference was dismissed. It reopens when it changes.');
    const { connection, comparison } = await this.findSides(difference);
    if (!(await this.differences.hold(id))) {
      const present = await this.differences.load(id);
      if (present.state === 'open') throw new CallbackError(409, 'This difference is already being fixed.');
      return present;
    }
    try {
      await this.mendHeld(bindToRequest(connection, request), comparison, difference);
    } catch (error) {
      await this.differences.release(id, errorText(error));
      if (error instanceof CrmError) throw new CallbackError(502, `The CRM could not be queried, so nothing was done: ${errorText(error)}`);
      throw error;
    }
    return this.differences.load(id);
  }

  /**
   * Dismisses a difference until it changes. Repeating it succeeds. Throws CallbackError 404, or 409 if the
   * difference is closed.
   */
  async dismiss(id: string): Promise<DifferenceEntity> {
    await this.differences.load(id);
    await this.differences.close(id, 'dismissed');
    const present = await this.differences.load(id);
    if (present.state !== 'dismissed') throw new CallbackError(409, `This difference is no longer open: it is ${present.state}.`);
    return present;
  }

  private async mendHeld(connection: Connection, comparison: Comparison, difference: DifferenceEntity): Promise<void> {
    const { id, kind, subject } = difference;
    const present = (await comparison.compareOne(connection, subject, kind)).find((one) => one.kind === kind);
    if (!present) {
      await this.differences.close(id, 'gone');
      return;
    }
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(present.facts)), difference.facts)) {
      await this.differences.change(id, present);
      throw new CallbackError(
        409,
        `It has changed since it was listed, so nothing was done: ${present.text} Fix it again if that is right.`,
      );
    }
    await comparison.mend(connection, { ...present, id });
    await this.differences.close(id, 'mended');
  }

  private async findSides({ connectionId, kind }: DifferenceEntity): Promise<{ connection: Connection; comparison: Comparison }> {
    const comparison = this.comparisons.findByKind(kind);
    const connection = await this.connections.findById(connectionId, comparison?.integration);
    if (!comparison || !connection) throw new CallbackError(409, 'The module of this difference is not hosted here.');
    if (comparison.kinds[kind] === null)
      throw new CallbackError(400, `A difference of the kind ${kind} cannot be fixed automatically. Resolve it by hand.`);
    if (!isLive(connection)) throw new CallbackError(409, 'The connection is disabled, frozen or a trial.');
    return { connection, comparison };
  }
}
