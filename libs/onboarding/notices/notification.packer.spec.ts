import { describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '#connections';
import type { CrmClient } from '#crm-client';
import { NotificationPacker } from './notification.packer.js';

const text = (tail: string): { en: string; es: string; ru: string } => ({ en: `en ${tail}`, es: `es ${tail}`, ru: `ru ${tail}` });

describe('notifications', () => {
  it("are the last waiting ones, to the administrators in the account's language", async () => {
    const send = jest.fn((_request: object, _options: object) => Promise.resolve({ success: true }));
    const connection = { account: { language: 'es' } } as Connection;
    await new NotificationPacker().send(
      { notifications: { send } } as unknown as CrmClient,
      connection,
      [1, 2].map((id) => ({ id: String(id), subject: 'credentials', payload: text(String(id)) })),
      new AbortController().signal,
    );
    expect(send).toHaveBeenCalledTimes(1);
    expect(send).toHaveBeenCalledWith(
      { notification: { type: 'api.error', userGroups: ['superadmins'], message: 'es 2' } },
      { signal: expect.any(AbortSignal) },
    );
  });
});
