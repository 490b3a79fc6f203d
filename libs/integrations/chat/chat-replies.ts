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
  type ReplyChecks,
} from '#integration-kit';
import type {
  ChatProvider,
  ChatVisits,
  FetchedUpdates,
  MediaFile,
  MediaRef,
  MessengerAccount,
  MessengerEvent,
  SentMessage,
  Visit,
  VisitedPage,
} from './port/index.js';

const checkSent = checkShape<SentMessage>({ ids: checkList(checkId), chat: checkOptional(checkId), customer: checkOptional(checkId) });

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
    }),
    wrongItems: 'leave-out',
  },
  webhook: {
    of: 'parse',
    isSync: true,
    check: checkList(
      checkShape<Pick<MessengerEvent, 'id' | 'account' | 'chat' | 'at' | 'type'>>({
        ...{ id: checkId, account: checkId, chat: checkId, at: checkMoment },
        type: checkOneOf('message', 'edit', 'delete', 'read', 'reaction', 'blocked', 'unblocked'),
      }),
    ),
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
};
