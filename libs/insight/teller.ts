import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { LocalText } from '#platform';
import type { Tone } from './account/account-overview.js';
import type { SearchHit, SearchQuery } from './search/search-query.js';
import type { StoryEvent, StoryKind } from './story/story.js';

/** What an integration tells of one of its things: its own rows only, the rest is found by its subjects. */
export interface Told {
  readonly kind: StoryKind;
  readonly id: string;
  readonly connectionId: string;
  /** What it is, such as `Delivery of order 7C`. */
  readonly title: string;
  /** Its state now, and since when. */
  readonly state: string;
  readonly stateAt: Date;
  /** By which it is known where, by a name in plain English. */
  readonly ids: Readonly<Record<string, string>>;
  /** The order's id in the CRM, where it belongs to one. */
  readonly order?: string | undefined;
  readonly createdAt: Date;
  /** Subjects of its operations and of its outbox rows. */
  readonly operations: readonly string[];
  readonly outbox: readonly string[];
  /** Subjects of its events in the inbox and of its rows in the journal, such as `delivery:1`. */
  readonly subjects: readonly string[];
  readonly events: readonly StoryEvent[];
  /** What is to come, or does not come, in whole sentences. */
  readonly notes: readonly string[];
}

/** Where a thing of an integration is found. */
export interface ToldPlace {
  readonly kind: StoryKind;
  readonly id: string;
}

/** One of the latest things of a connection, as its own users see it. */
export interface RecentThing extends ToldPlace {
  readonly title: LocalText;
  /** Its state now, and since when. */
  readonly state: LocalText;
  readonly tone: Tone;
  readonly at: Date;
}

/** What changes when the latest things of a connection do. */
export interface RecentMark {
  readonly connectionId: string;
  readonly mark: string;
}

/** What an integration gives to search and stories. Its queries use indexes, whatever is asked for. */
export interface Teller {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** Kinds of its things. */
  readonly kinds: readonly StoryKind[];
  /** What its kinds of operations, of outbox rows and of events do, in a few words: `make the delivery`. */
  readonly deeds: Readonly<Record<string, string>>;
  /** Finds at most `most` things of any connection. */
  search(query: SearchQuery, most: number): Promise<SearchHit[]>;
  /** Tells of a thing; undefined when there is none. */
  tell(kind: StoryKind, id: string): Promise<Told | undefined>;
  /** Lists the things of an order, by its id or number in the CRM. */
  listOfOrder(connectionId: string, order: string): Promise<ToldPlace[]>;
  /** Lists the latest things of a connection, at most so many. */
  listRecent?(connection: Connection, most: number): Promise<RecentThing[]>;
  /** Returns marks of connections: each changes when something in `listRecent` does, or on a page beside. */
  markRecent?(connectionIds: readonly string[]): Promise<RecentMark[]>;
}

/** Kinds of what belongs to no thing that is told of. */
const OTHER_DEEDS: Readonly<Record<string, string>> = {
  'store.reserve': 'hold stock for the order',
  'store.stock': 'stock of the warehouse',
  'store.news': 'news of the warehouse',
  registration: 'registration of the module',
  notification: 'notice to the shop',
};

/** The tellers of all integrations; IntegrationModule adds them at start. */
@Injectable()
export class Tellers {
  private readonly tellers: Teller[] = [];

  add(teller: Teller): void {
    this.tellers.push(teller);
  }

  get all(): readonly Teller[] {
    return this.tellers;
  }

  /** The teller of a kind of things, if an integration has it. */
  find(kind: StoryKind): Teller | undefined {
    return this.tellers.find(({ kinds }) => kinds.includes(kind));
  }

  /** The teller of an integration, if it has one. */
  of(integration: string): Teller | undefined {
    return this.tellers.find((teller) => teller.integration === integration);
  }

  /** What a kind of operation, outbox row or event does or is, in a few words. */
  describe(kind: string): string {
    return this.tellers.find(({ deeds }) => Object.hasOwn(deeds, kind))?.deeds[kind] ?? OTHER_DEEDS[kind] ?? kind;
  }
}
