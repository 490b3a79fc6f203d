import { Injectable } from '@nestjs/common';
import { type Connection, ConnectionStore, describeState, type HealthChangeEntity } from '#connections';
import { describePastProblem, listHealthProblems, type HealthProblem, ProviderSetups } from '#onboarding';
import { Database, notFound, textFor } from '#platform';
import { FAILURE_SOURCES } from '../failures/failure-rows.js';
import { ShopFiguresReader } from '../shops/shop-figures.js';
import { StoryReaders } from '../story-reader.js';
import type { AccountOverview, AccountProblem, AccountProvider, RecentView } from './account-overview.js';

const MOST_RECENT = 10;
const MOST_PAST = 10;

/** SQL: the changes of a connection's health, each with the time of the next change, the latest first. */
const PAST = `SELECT "to", since, provider, at, ended_at AS "endedAt" FROM (
    SELECT "to", since, provider, at, lead(at) OVER (ORDER BY id) AS ended_at FROM health_change WHERE connection_id = $1
  ) change WHERE "to" <> 'ok' AND ended_at IS NOT NULL ORDER BY at DESC LIMIT ${MOST_PAST}`;

type PastRow = Pick<HealthChangeEntity, 'to' | 'since' | 'provider' | 'at'> & { endedAt: Date };

/** Describes a connection's state for its users. Original messages of the CRM or a service are left out. */
@Injectable()
export class AccountOverviews {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly links: ProviderSetups,
    private readonly storyReaders: StoryReaders,
    private readonly figures: ShopFiguresReader,
    private readonly database: Database,
  ) {}

  /** Throws CallbackError 404 if the connection no longer exists. */
  async read(connection: Connection): Promise<AccountOverview> {
    const { id, account, module } = connection;
    const [row, past, figures, providers, recent] = await Promise.all([
      this.connections.findRow(id),
      this.database.query<PastRow>(PAST, [id]),
      this.figures.read([id]),
      Promise.all(connection.views.map((view) => this.describeProvider(view))),
      this.listRecent(connection),
    ]);
    if (!row) throw notFound('connection', id);
    const say = ({ words, todo, ...problem }: HealthProblem): AccountProblem => ({
      ...problem,
      words: textFor(words, account.language),
      ...(todo && { todo: textFor(todo, account.language) }),
    });
    const problems = listHealthProblems(row, module.providers).map(say);
    const { lastCallbackAt = null, lastPushAt = null, oldestWaitingAt = null, failed } = figures.get(id) ?? {};
    const failures = FAILURE_SOURCES.reduce((sum, what) => sum + (failed?.[what] ?? 0), 0);
    const worst = problems[0];
    return {
      health: {
        state: row.health,
        since: worst?.since ?? row.healthSince,
        words: worst?.words ?? textFor(describeState('ok'), account.language),
        ...(worst?.todo !== undefined && { todo: worst.todo }),
      },
      problems,
      pastProblems: past.flatMap(({ to, since, provider, endedAt }) =>
        to === 'ok' ? [] : [{ ...say(describePastProblem(to, since, provider, module.providers)), endedAt }],
      ),
      providers,
      recent,
      ...{ lastCallbackAt, lastPushAt, waitingSince: oldestWaitingAt, failures },
    };
  }

  private async describeProvider(view: Connection): Promise<AccountProvider> {
    const { manifest, integration } = view.module;
    const check = (await this.links.view(view))?.check;
    return {
      ...{ provider: manifest.code, integration, title: textFor(manifest.title, view.account.language) },
      ...(check && { check: { state: check.state, at: check.at } }),
      ...(check?.account !== undefined && { account: check.account }),
    };
  }

  private async listRecent(connection: Connection): Promise<RecentView[]> {
    const lists = connection.views.flatMap((view) => this.storyReaders.of(view.module.integration)?.listRecent?.(view, MOST_RECENT) ?? []);
    const things = (await Promise.all(lists)).flat().sort((left, right) => right.at.getTime() - left.at.getTime());
    return things.slice(0, MOST_RECENT).map(({ title, state, ...thing }) => ({
      ...thing,
      title: textFor(title, connection.account.language),
      state: textFor(state, connection.account.language),
    }));
  }
}
