import { Injectable } from '@nestjs/common';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { type Connection, DRAFT_FORMS, type DraftForm, type DraftPlace, DraftStore, type StoredDraft } from '#connections';
import {
  BadInputError,
  buildSettingsForm,
  CallbackError,
  defineJob,
  type DtoClass,
  HandleJob,
  Retention,
  RETENTION_EVERY_MS,
  textFor,
} from '#platform';
import { readDraft } from './draft-values.js';
import { texts } from '../onboarding.texts.js';
import { ProviderChoiceDto } from '../account-page/provider-choice.js';

/** Maximum size of a draft's JSON in bytes. Settings with thousands of points need half of it. */
const MOST_BYTES = 2 * 1024 * 1024;

const cleanDrafts = defineJob<Record<string, never>>('housekeeping', 'drafts.clean');

/** Selects a form's draft. */
export class DraftChoiceDto extends ProviderChoiceDto {
  /** `settings` or `rules`. */
  @IsIn(DRAFT_FORMS) form: DraftForm = 'settings';
}

/** Selects a form's draft to read. */
export class DraftReadingDto extends DraftChoiceDto {
  /** Whether to leave out the values and return only whether there is a draft, and its time. */
  @IsOptional() @IsBoolean() brief?: boolean;
}

/** Unsaved input of a form. */
export interface DraftView {
  /** Missing: there is no draft. */
  draft?: {
    /** Values by the form's names, without secrets. */
    values?: Record<string, unknown>;
    savedAt: Date;
    /** When the draft is deleted, unless it is stored again. */
    keptUntil: Date;
  };
}

/** Stores the unsaved input of account page users, because a frame cannot store it in the browser. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly store: DraftStore,
    private readonly retention: Retention,
  ) {}

  /** Reads the draft of a form. Throws CallbackError 404 if the provider has no rules. */
  async find(connection: Connection, { form, brief = false }: DraftReadingDto): Promise<DraftView> {
    const { place } = findForm(connection, form);
    const { draft } = toView(await this.store.find(place));
    if (!draft) return {};
    const { values, ...rest } = draft;
    return { draft: brief ? rest : { ...rest, values } };
  }

  /**
   * Stores the draft of a form and replaces the previous one. Secrets are left out. Only the shape is
   * checked, because saving validates the values.
   * @throws BadInputError if the draft is too large or does not match the form, CallbackError 404 like `find`
   */
  async keep(connection: Connection, form: DraftForm, typed: unknown): Promise<DraftView> {
    const { place, type } = findForm(connection, form);
    const values = readDraft(buildSettingsForm(type), typed);
    if (Buffer.byteLength(JSON.stringify(values)) > MOST_BYTES) throw new BadInputError({ body: `must be at most ${MOST_BYTES} bytes` });
    return toView(await this.store.keep(place, values));
  }

  /** Deletes the draft of a form, if there is one. Throws like `find`. */
  async remove(connection: Connection, form: DraftForm): Promise<void> {
    await this.store.remove(findForm(connection, form).place);
  }

  /** Deletes expired drafts. */
  @HandleJob(cleanDrafts, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('account_draft', 'true', 'saved_at', this.store.keepDays, stopping);
  }
}

/** Returns where the draft of a form is stored, and the class that the form is made from. */
function findForm(connection: Connection, form: DraftForm): { place: DraftPlace; type: DtoClass<object> } {
  const view = form === 'settings' ? connection : connection.views.find(({ module }) => module.rules);
  const type = form === 'settings' ? view?.module.manifest.settings : view?.module.rules;
  if (!view || !type) throw new CallbackError(404, textFor(texts.noRules, connection.account.language));
  return { place: { connectionId: connection.id, provider: view.module.manifest.code, form }, type };
}

function toView(draft: StoredDraft | undefined): DraftView {
  return draft ? { draft } : {};
}
