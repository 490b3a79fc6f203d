import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { LocalText } from '#platform';
import type { Tone } from './account/account-overview.js';
import type { SearchHit, SearchQuery } from './search/search-query.js';
import type { StoryEvent, StoryKind } from './story/story.js';

/** An integration's description of one thing: only its own rows. Other rows are found by its subjects. */
export interface Told {
  readonly kind: StoryKind;
  readonly id: string;
  readonly connectionId: string;
  /** Its name, such as `Delivery of order 7C`. */
  readonly title: string;
  /** Its current state, with the time since when. */
  readonly state: string;
  readonly stateAt: Date;
  /** Its ids by the system that uses them, named in plain English. */
  readonly ids: Readonly<Record<string, string>>;
  /** The order's id in the CRM, if it belongs to an order. */
  readonly order?: string | undefined;
  readonly createdAt: Date;
  /** Subjects of its operations and its outbox rows. */
  readonly operations: readonly string[];
  readonly outbox: readonly string[];
  /** Subjects of its inbox events and its journal rows, such as `delivery:1`. */
  readonly subjects: readonly string[];
  readonly events: readonly StoryEvent[];
  /** Expected or missing events, in whole sentences. */
  readonly notes: readonly string[];
}

/** The location of an integration's thing. */
export interface ToldPlace {
  readonly kind: StoryKind;
  readonly id: string;
}

/** One of the latest things of a connection, described for its own users. */
export interface RecentThing extends ToldPlace {
  readonly title: LocalText;
  /** Its current state, with the time since when. */
  readonly state: LocalText;
  readonly tone: Tone;
  readonly at: Date;
}

/** A mark that changes with a connection's latest things. */
export interface RecentMark {
  readonly connectionId: string;
  readonly mark: string;
}

/** An integration's part in search and stories. Every query must use an index. */
export interface Teller {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Kinds of its things. */
  readonly kinds: readonly StoryKind[];
  /** The actions of its kinds of operations, outbox rows and events, in a few words: `make the delivery`. */
  readonly deeds: Readonly<Record<string, string>>;
  /** Finds at most `most` things of any connection. */
  search(query: SearchQuery, most: number): Promise<SearchHit[]>;
  /** Describes a thing. Undefined if it does not exist. */
  tell(kind: StoryKind, id: string): Promise<Told | undefined>;
  /** Lists the things of an order, by its id or number in the CRM. */
  listOfOrder(connectionId: string, order: string): Promise<ToldPlace[]>;
  /** Lists the latest things of a connection, at most `most`. */
  listRecent?(connection: Connection, most: number): Promise<RecentThing[]>;
  /** Returns a mark per connection that changes with `listRecent` and with other pages of its things. */
  markRecent?(connectionIds: readonly string[]): Promise<RecentMark[]>;
}

/** Descriptions of kinds whose subjects have no story. */
const OTHER_DEEDS: Readonly<Record<string, string>> = {
  'store.reserve': 'hold stock for the order',
  'store.stock': 'stock of the warehouse',
  'store.news': 'news of the warehouse',
  registration: 'registration of the module',
  notification: 'notice to the shop',
};

/** The tellers of all integrations. `IntegrationModule` registers them at start. */
@Injectable()
export class Tellers {
  private readonly tellers: Teller[] = [];

  add(teller: Teller): void {
    this.tellers.push(teller);
  }

  get all(): readonly Teller[] {
    return this.tellers;
  }

  /** Returns the teller of a kind of things, if an integration has it. */
  find(kind: StoryKind): Teller | undefined {
    return this.tellers.find(({ kinds }) => kinds.includes(kind));
  }

  /** Returns the teller of an integration, if it has one. */
  of(integration: string): Teller | undefined {
    return this.tellers.find((teller) => teller.integration === integration);
  }

  /** Describes the action of a kind of operation, outbox row or event in a few words. */
  describe(kind: string): string {
    return this.tellers.find(({ deeds }) => Object.hasOwn(deeds, kind))?.deeds[kind] ?? OTHER_DEEDS[kind] ?? kind;
  }
}
