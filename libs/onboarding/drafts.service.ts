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
import { texts } from './onboarding.texts.js';
import { ProviderChoiceDto } from './provider-choice.js';

/** Bytes of a draft's JSON; settings with thousands of points take half of it. */
const MOST_BYTES = 2 * 1024 * 1024;

const cleanDrafts = defineJob<Record<string, never>>('housekeeping', 'drafts.clean');

/** Which form's draft is meant. */
export class DraftChoiceDto extends ProviderChoiceDto {
  /** The settings, or the rules. */
  @IsIn(DRAFT_FORMS) form: DraftForm = 'settings';
}

/** Which form's draft is read. */
export class DraftReadingDto extends DraftChoiceDto {
  /** Without the values: whether there is a draft, and of when. */
  @IsOptional() @IsBoolean() brief?: boolean;
}

/** What was typed into a form and not saved. */
export interface DraftView {
  /** Missing: there is none. */
  draft?: {
    /** By the names of the form, without secrets. */
    values?: Record<string, unknown>;
    savedAt: Date;
    /** It is deleted then, unless it is stored again. */
    keptUntil: Date;
  };
}

/** Keeps what users of the account page have typed: a frame cannot store it in the browser. */
@Injectable()
export class DraftsService {
  constructor(
    private readonly store: DraftStore,
    private readonly retention: Retention,
  ) {}

  /** Reads the draft of a form. Throws CallbackError 404 where there is nothing to rule. */
  async find(connection: Connection, { form, brief = false }: DraftReadingDto): Promise<DraftView> {
    const { place } = findForm(connection, form);
    const { draft } = toView(await this.store.find(place));
    if (!draft) return {};
    const { values, ...rest } = draft;
    return { draft: brief ? rest : { ...rest, values } };
  }

  /**
   * Stores the draft of a form in place of the one before, without the secrets in it. Nothing but its shape
   * is checked: that is left to saving.
   * @throws BadInputError for what is too large or not of the form's shape, CallbackError 404 as `find`
   */
  async keep(connection: Connection, form: DraftForm, typed: unknown): Promise<DraftView> {
    const { place, type } = findForm(connection, form);
    const values = readDraft(buildSettingsForm(type), typed);
    if (Buffer.byteLength(JSON.stringify(values)) > MOST_BYTES) throw new BadInputError({ body: `must be at most ${MOST_BYTES} bytes` });
    return toView(await this.store.keep(place, values));
  }

  /** Deletes the draft of a form, if there is one. Throws as `find`. */
  async remove(connection: Connection, form: DraftForm): Promise<void> {
    await this.store.remove(findForm(connection, form).place);
  }

  /** Deletes what is older than a draft is kept. */
  @HandleJob(cleanDrafts, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('account_draft', 'true', 'saved_at', this.store.keepDays, stopping);
  }
}

/** Where the draft of a form is, and of which class the form is made. */
function findForm(connection: Connection, form: DraftForm): { place: DraftPlace; type: DtoClass<object> } {
  const view = form === 'settings' ? connection : connection.views.find(({ module }) => module.rules);
  const type = form === 'settings' ? view?.module.manifest.settings : view?.module.rules;
  if (!view || !type) throw new CallbackError(404, textFor(texts.noRules, connection.account.language));
  return { place: { connectionId: connection.id, provider: view.module.manifest.code, form }, type };
}

function toView(draft: StoredDraft | undefined): DraftView {
  return draft ? { draft } : {};
}
