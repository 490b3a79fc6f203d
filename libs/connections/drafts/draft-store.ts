import { Injectable } from '@nestjs/common';
import { Clock, Database, type JsonObject, SecretBox } from '#platform';
import { AccountDraftEntity, type DraftForm } from './account-draft.entity.js';

/** Days that a draft is kept after its last change. */
const KEEP_DAYS = 7;
const DAY_MS = 24 * 3_600_000;

/** Identifies a draft. */
export interface DraftPlace {
  readonly connectionId: string;
  readonly provider: string;
  readonly form: DraftForm;
}

/** The stored draft. */
export interface StoredDraft {
  values: JsonObject;
  savedAt: Date;
  keptUntil: Date;
}

/** Drafts of account pages, each sealed for its connection, provider and form: table `account_draft`. */
@Injectable()
export class DraftStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {}

  /** Days that a draft is kept, for the cleaning. */
  readonly keepDays = KEEP_DAYS;

  /** Reads a draft. Undefined if there is none or it is too old. */
  async find(place: DraftPlace): Promise<StoredDraft | undefined> {
    const row = await this.repository.findOneBy(place);
    if (!row || getEnd(row.savedAt) <= this.clock.now()) return undefined;
    const values = JSON.parse(this.box.open(row.valuesSealed, sealedFor(place))) as JsonObject;
    return { values, savedAt: row.savedAt, keptUntil: getEnd(row.savedAt) };
  }

  /** Stores a draft and replaces the previous one. */
  async keep(place: DraftPlace, values: JsonObject): Promise<StoredDraft> {
    const savedAt = this.clock.now();
    const { connectionId, provider, form } = place;
    const valuesSealed = this.box.seal(JSON.stringify(values), sealedFor(place));
    await this.repository.upsert({ connectionId, provider, form, valuesSealed, savedAt }, ['connectionId', 'provider', 'form']);
    return { values, savedAt, keptUntil: getEnd(savedAt) };
  }

  /** Deletes a draft, if there is one. */
  async remove(place: DraftPlace): Promise<void> {
    await this.repository.delete({ ...place });
  }

  private get repository() {
    return this.database.dataSource.getRepository(AccountDraftEntity);
  }
}

/** Returns the sealing context, the same as in the SQL of `connectionsSealed`. */
function sealedFor({ connectionId, provider, form }: DraftPlace): string {
  return `${connectionId}/draft/${provider}/${form}`;
}

function getEnd(savedAt: Date): Date {
  return new Date(savedAt.getTime() + KEEP_DAYS * DAY_MS);
}
