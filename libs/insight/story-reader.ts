import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { LocalText } from '#platform';
import type { Tone } from './account/account-overview.js';
import type { SearchHit, SearchQuery } from './search/search-query.js';
import type { StoryEvent, StoryKind } from './story/story.js';

/** An integration's description of one thing: only its own rows. Other rows are found by its subjects. */
export interface StoryFacts {
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
export interface StoryThing {
  readonly kind: StoryKind;
  readonly id: string;
}

/** One of the latest things of a connection, described for its own users. */
export interface RecentThing extends StoryThing {
  readonly title: LocalText;
  /** Its current state, with the time since when. */
  readonly state: LocalText;
  readonly tone: Tone;
  readonly at: Date;
}

/** A present thing of an order, for people in a chat about it. */
export interface OrderThing extends RecentThing {
  readonly trackNumber?: string;
  /** Where the buyer continues, such as a page to pay. */
  readonly url?: string;
}

/** A mark that changes with a connection's latest things. */
export interface RecentMark {
  readonly connectionId: string;
  readonly mark: string;
}

/** Reads an integration's things for search and stories. Every query must use an index. */
export interface StoryReader {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Kinds of its things. */
  readonly kinds: readonly StoryKind[];
  /** The actions of its kinds of operations, outbox rows and events, in a few words: `make the delivery`. */
  readonly actions: Readonly<Record<string, string>>;
  /** Finds at most `most` things of any connection. */
  search(query: SearchQuery, most: number): Promise<SearchHit[]>;
  /** Describes a thing. Undefined if it does not exist. */
  describe(kind: StoryKind, id: string): Promise<StoryFacts | undefined>;
  /** Lists the things of an order, by its id or number in the CRM. */
  listOfOrder(connectionId: string, order: string): Promise<StoryThing[]>;
  /**
   * Lists the present things of an order, oldest first. `number` is the order's number, `id` its id in the
   * CRM, if it is known.
   */
  listOrderThings?(connection: Connection, order: { number: string; id?: string }): Promise<OrderThing[]>;
  /** Lists the latest things of a connection, at most `most`. */
  listRecent?(connection: Connection, most: number): Promise<RecentThing[]>;
  /** Returns a mark per connection that changes with `listRecent` and with other pages of its things. */
  markRecent?(connectionIds: readonly string[]): Promise<RecentMark[]>;
}

/** Descriptions of kinds whose subjects have no story. */
const OTHER_ACTIONS: Readonly<Record<string, string>> = {
  'store.reserve': 'hold stock for the order',
  'store.writeOff': 'write off the goods of the parcel',
  'store.takeBack': 'take back the goods of the parcel',
  'store.stock': 'stock of the warehouse',
  'store.news': 'stock updates of the warehouse',
  registration: 'registration of the module',
  notification: 'notice to the shop',
};

/** The story readers of all integrations. `IntegrationModule` registers them at start. */
@Injectable()
export class StoryReaders {
  private readonly storyReaders: StoryReader[] = [];

  add(reader: StoryReader): void {
    this.storyReaders.push(reader);
  }

  get all(): readonly StoryReader[] {
    return this.storyReaders;
  }

  /** Returns the reader of a kind of things, if an integration has it. */
  find(kind: StoryKind): StoryReader | undefined {
    return this.storyReaders.find(({ kinds }) => kinds.includes(kind));
  }

  /** Returns the reader of an integration, if it has one. */
  of(integration: string): StoryReader | undefined {
    return this.storyReaders.find((reader) => reader.integration === integration);
  }

  /** Describes the action of a kind of operation, outbox row or event in a few words. */
  describe(kind: string): string {
    return this.storyReaders.find(({ actions }) => Object.hasOwn(actions, kind))?.actions[kind] ?? OTHER_ACTIONS[kind] ?? kind;
  }
}
