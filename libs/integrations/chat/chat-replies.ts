import {
  checkAnyText,
  checkCount,
  checkId,
  checkList,
  checkMoment,
  checkObject,
  checkOneOf,
  checkOptional,
  checkShape,
  checkText,
  checkTextUpTo,
  checkWebAddress,
  type ReplyCheck,
  type ReplyChecks,
} from '#integration-kit';
import {
  type AccountEvent,
  type AccountStanding,
  type ChatCustomer,
  type ChatEvent,
  type ChatProvider,
  type ChatVisits,
  DELIVERY_CODES,
  type DeliveryFailure,
  type FetchedUpdates,
  FILE_HEADERS,
  type HistoryPage,
  type InMessage,
  type ListedTemplate,
  type MediaFile,
  type MediaRef,
  type MessengerAccount,
  type MessengerEvent,
  type SentMessage,
  TEMPLATE_CATEGORIES,
  TEMPLATE_QUALITIES,
  TEMPLATE_REASONS,
  TEMPLATE_STATUSES,
  type TemplateState,
  type Visit,
  type VisitedPage,
} from './port/index.js';

const checkSent = checkShape<SentMessage>({ ids: checkList(checkId), chat: checkOptional(checkId), customer: checkOptional(checkId) });

const COMMON = { id: checkId, account: checkId, at: checkMoment };
const checkAccountEvent = checkShape<AccountEvent>({ ...COMMON, type: checkOneOf('account') });
const checkOutcome = checkShape<Extract<ChatEvent, { type: 'outcome' }>>({
  ...{ ...COMMON, chat: checkId, type: checkOneOf('outcome'), message: checkId, reference: checkOptional(checkId) },
  failure: checkOptional(
    checkShape<DeliveryFailure>({ code: checkOneOf(...DELIVERY_CODES), text: checkText, externalCode: checkOptional(checkText) }),
  ),
});
const checkChatEvent = checkShape<Pick<ChatEvent, 'id' | 'account' | 'chat' | 'at' | 'type'>>({
  ...{ ...COMMON, chat: checkId },
  type: checkOneOf('message', 'edit', 'delete', 'read', 'reaction', 'blocked', 'unblocked'),
});
const checkEvent: ReplyCheck = (value, field, found, facts) => {
  const { type } = (value ?? {}) as Partial<MessengerEvent>;
  const check = type === 'account' ? checkAccountEvent : type === 'outcome' ? checkOutcome : checkChatEvent;
  check(value, field, found, facts);
};

const checkTemplateState = checkShape<TemplateState>({
  status: checkOneOf(...TEMPLATE_STATUSES),
  quality: checkOptional(checkOneOf(...TEMPLATE_QUALITIES)),
  reason: checkOptional(checkOneOf(...TEMPLATE_REASONS)),
  note: checkOptional(checkAnyText),
  category: checkOptional(checkOneOf(...TEMPLATE_CATEGORIES)),
  data: checkOptional(checkTextUpTo(4_000)),
});
const checkTemplate = checkShape<ListedTemplate>({
  ...{ name: checkTextUpTo(512), language: checkTextUpTo(20), category: checkOptional(checkOneOf(...TEMPLATE_CATEGORIES)) },
  header: checkOptional(
    checkShape<{ type: string; text?: string }>({ type: checkOneOf('text', ...FILE_HEADERS), text: checkOptional(checkText) }),
  ),
  ...{ body: checkAnyText, footer: checkOptional(checkAnyText) },
  buttons: checkOptional(
    checkList(
      checkShape<{ type: string; label: string; phone?: string; url?: string }>({
        ...{ type: checkOneOf('plain', 'phone', 'url'), label: checkText },
        ...{ phone: checkOptional(checkText), url: checkOptional(checkText) },
      }),
    ),
  ),
  ...{ state: checkTemplateState, unusable: checkOptional(checkText) },
});

/** Checks the replies of chats and messengers against the port. */
export const chatReplies: ReplyChecks<ChatProvider> = {
  findLastOnline: { check: checkOptional(checkMoment) },
  readVisits: {
    check: checkShape<Pick<ChatVisits, 'count' | 'lastVisit'>>({
      count: checkCount,
      lastVisit: checkOptional(
        checkShape<Visit>({
          source: checkAnyText,
          startedAt: checkMoment,
          endedAt: checkMoment,
          pages: checkList(checkShape<VisitedPage>({ at: checkMoment, url: checkText, title: checkOptional(checkAnyText) })),
        }),
      ),
    }),
  },
  listAccounts: {
    check: checkShape<MessengerAccount>({
      id: checkTextUpTo(64),
      // The gateway rejects a long name with a problem that the shop sees at its channel.
      name: checkText,
      avatarUrl: checkOptional(checkWebAddress),
      standing: checkOptional(
        checkShape<AccountStanding>({
          tier: checkOptional(checkCount),
          quality: checkOptional(checkOneOf('high', 'medium', 'low')),
          status: checkOptional(checkOneOf('connected', 'flagged', 'offline', 'pending', 'restricted')),
        }),
      ),
    }),
    wrongItems: 'leave-out',
  },
  webhook: {
    of: 'parse',
    isSync: true,
    check: checkList(checkEvent),
    failsAs: 'invalid',
  },
  sendMessage: { check: checkSent, failsAs: 'unknown_outcome' },
  findMessage: { check: checkOptional(checkSent) },
  fetchUpdates: {
    check: checkOptional(checkShape<FetchedUpdates>({ requests: checkList(checkObject), marker: checkOptional(checkText) })),
  },
  openMedia: {
    check: checkShape<MediaFile>({
      body: checkObject,
      name: checkOptional(checkAnyText),
      type: checkOptional(checkAnyText),
      size: checkOptional(checkCount),
    }),
  },
  findPicture: {
    check: checkOptional(
      checkShape<MediaRef>({
        ref: checkText,
        name: checkOptional(checkAnyText),
        type: checkOptional(checkAnyText),
        size: checkOptional(checkCount),
      }),
    ),
  },
  listTemplates: { check: checkTemplate, wrongItems: 'leave-out' },
  createTemplate: { check: checkTemplateState, failsAs: 'unknown_outcome' },
  updateTemplate: { check: checkTemplateState, failsAs: 'unknown_outcome' },
  readHistory: {
    check: checkShape<HistoryPage>({
      messages: checkList(
        checkShape<HistoryPage['messages'][number]>({
          at: checkMoment,
          message: checkShape<Pick<InMessage, 'id' | 'kind'>>({
            id: checkTextUpTo(255),
            kind: checkOneOf('text', 'image', 'file', 'audio'),
          }),
          customer: checkShape<Pick<ChatCustomer, 'id' | 'nickname'>>({ id: checkTextUpTo(64), nickname: checkText }),
          by: checkOptional(checkOneOf('shop')),
        }),
      ),
      next: checkOptional(checkText),
    }),
  },
};
