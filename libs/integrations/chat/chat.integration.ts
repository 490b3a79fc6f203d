import { defineIntegration } from '#integration-kit';
import { BotAnswers } from './bot/bot-answers.js';
import { BotListeners } from './bot/bot-listeners.js';
import { BotOrders } from './bot/bot-orders.js';
import { BotLeases, BotStore } from './bot/bot-store.js';
import { BotAnswerEntity, BotEntity } from './bot/bot.entity.js';
import { botGauges } from './bot/bot.gauges.js';
import { chatReplies } from './chat-replies.js';
import { AnalyticsPacker, OutboxWebAnalytics } from './analytics.packer.js';
import { ChannelStore } from './channel-store.js';
import { ChatAckPacker } from './chat-ack.packer.js';
import { ChatCallbacksController } from './chat-callbacks.controller.js';
import { ChatChannels } from './chat-channels.js';
import { ChatEvents } from './chat-events.js';
import { ChatInPacker } from './chat-in.packer.js';
import { ChatMedia } from './chat-media.js';
import { ChatOperatorController } from './chat-operator.controller.js';
import { ChatOut } from './chat-out.js';
import { ChatPictureController } from './chat-picture.controller.js';
import { ChatPictures } from './chat-pictures.js';
import { ChatTemplates } from './chat-templates.js';
import { ChatRetention } from './chat-retention.js';
import { ChatUpdates } from './chat-updates.js';
import { ChatWebhooks } from './chat-webhooks.service.js';
import { ChannelEntity, ChannelSyncEntity, DialogueEntity, MessageEntity, TemplateEntity } from './chat.entity.js';
import { ChatRegistration } from './chat.registration.js';
import { GatewayWebhooks } from './gateway-webhooks.js';
import { GatewayAddresses } from './gateway/gateway-addresses.js';
import { GatewayClients } from './gateway/gateway-clients.js';
import { InStore } from './in-store.js';
import { ChatBaseline1765000001600 } from './migrations/1765000001600-chat-baseline.js';
import { ChatBots1765000004200 } from './migrations/1765000004200-chat-bots.js';
import { ChatBotOpened1765000005100 } from './migrations/1765000005100-chat-bot-opened.js';
import { ChatUpdates1765000005740 } from './migrations/1765000005740-chat-updates.js';
import { ChatOutcomes1765000005750 } from './migrations/1765000005750-chat-outcomes.js';
import { ChatTemplates1765000005760 } from './migrations/1765000005760-chat-templates.js';
import { OutStore } from './out-store.js';
import type { ChatProvider } from './port/index.js';
import { WebAnalytics } from './services/index.js';
import { chatsData } from './chat.data.js';
import { ChatWidget } from './chat.widget.js';
import { TemplateStore } from './template-store.js';
import { DialogueStoryReader } from './dialogue.story-reader.js';

/** The chat integration. */
export const chat = defineIntegration<ChatProvider>({
  code: 'chat',
  replies: chatReplies,
  controllers: [ChatCallbacksController, ChatPictureController],
  services: [
    ...[
      ChannelStore,
      GatewayAddresses,
      GatewayClients,
      GatewayWebhooks,
      OutStore,
      InStore,
      ChatEvents,
      ChatPictures,
      TemplateStore,
      ChatTemplates,
    ],
    ...[BotLeases, BotOrders, BotStore],
  ],
  registration: ChatRegistration,
  storyReader: DialogueStoryReader,
  widgets: ChatWidget,
  webhooks: ChatWebhooks,
  packers: [ChatAckPacker, ChatInPacker, AnalyticsPacker],
  operations: [ChatOut, BotAnswers],
  ports: [{ provide: WebAnalytics, useClass: OutboxWebAnalytics }],
  jobs: [ChatChannels, ChatOut, ChatMedia, ChatRetention, ChatUpdates, BotAnswers, BotListeners],
  operatorLists: [ChatOperatorController],
  entities: [ChannelEntity, ChannelSyncEntity, DialogueEntity, MessageEntity, TemplateEntity, BotEntity, BotAnswerEntity],
  gauges: botGauges,
  accountData: [chatsData],
  migrations: [
    ChatBaseline1765000001600,
    ChatBots1765000004200,
    ChatBotOpened1765000005100,
    ChatUpdates1765000005740,
    ChatOutcomes1765000005750,
    ChatTemplates1765000005760,
  ],
});
