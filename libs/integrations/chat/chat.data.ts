import type { AccountData } from '#platform';

/** Finds rows by channel, because no index starts with the connection. */
const OF_CHANNELS = 'channel_id IN (SELECT id FROM chat_channel WHERE connection_id = $1)';

/** A messenger's channels, dialogues and messages. Texts stay only until they have arrived. */
export const chatsData: AccountData = {
  name: 'chats',
  tables: [
    { table: 'chat_message', where: OF_CHANNELS },
    { table: 'chat_dialogue', where: OF_CHANNELS },
    { table: 'chat_template' },
    { table: 'chat_channel' },
    { table: 'chat_channel_sync' },
    { table: 'chat_bot_answer' },
    { table: 'chat_bot' },
  ],
  buyers: {
    select: `SELECT d.id::text, jsonb_build_array(d.chat, d.customer, to_jsonb(d.other_ids), (
          SELECT jsonb_agg(m.payload -> 'customer') FROM chat_message m WHERE m.dialogue_id = d.id)) AS about,
        EXISTS (SELECT FROM chat_message m WHERE m.dialogue_id = d.id AND m.state IN ('waiting', 'taken')) AS open,
        jsonb_build_object('id', d.id, 'chat', d.chat, 'customer', d.customer, 'otherIds', d.other_ids, 'createdAt', d.created_at, 'messages', (
          SELECT jsonb_agg(jsonb_build_object('direction', m.direction, 'action', m.action, 'state', m.state, 'at', m.created_at,
            'content', m.payload) ORDER BY m.created_at, m.id) FROM chat_message m WHERE m.dialogue_id = d.id)) AS view
      FROM chat_dialogue d WHERE ${OF_CHANNELS}`,
    erase: `WITH ended AS (
        SELECT id FROM chat_dialogue d WHERE id = ANY ($1::uuid[])
          AND NOT EXISTS (SELECT FROM chat_message m WHERE m.dialogue_id = d.id AND m.state IN ('waiting', 'taken'))
      ), messages AS (DELETE FROM chat_message WHERE dialogue_id IN (SELECT id FROM ended))
      DELETE FROM chat_dialogue WHERE id IN (SELECT id FROM ended) RETURNING id`,
  },
};
