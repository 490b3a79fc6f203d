import { expect } from '@jest/globals';
import type { CallDirection, CallEvent, CallUpdate, CallSnapshot, Closeable, Identify, TrackedCall } from '#telephony/port';
import { Suite } from '../provider/index.js';
import { Recorder, until } from './recorder.js';
import type { OptionalTelephonyMethod, CallScene, PlayedCall, TelephonySubject } from './subject.js';

/** A run of the suite, and the steps that several cases share. */
export class TelephonySuite<S extends object> extends Suite<S, OptionalTelephonyMethod, TelephonySubject<S>> {
  readonly recorder = new Recorder();
  /** The data that the PBX has of the last played call. */
  played: PlayedCall = {};
  private line: Closeable | undefined;
  private count = 0;

  override async start(): Promise<void> {
    await super.start();
    const identify: Identify = () => Promise.resolve(undefined);
    this.line = await this.provider.listen?.(this.context, Object.assign(this.recorder, { identify }));
    if (this.line) await until('the line is connected', () => this.recorder.line?.connected === true);
  }

  override async close(): Promise<void> {
    await this.line?.close();
    await super.close();
  }

  newScene(direction: CallDirection, isAnswered: boolean, isBusy = false): CallScene {
    return {
      ...{ direction, isAnswered, code: this.subject.codes[0], ...(isBusy && { isBusy }) },
      phone: `7916${String(1_000_000 + ++this.count)}`,
    };
  }

  /** Plays a call and returns its events, of a PBX with a webhook. */
  async playEvents(scene: CallScene): Promise<CallEvent[]> {
    const { webhook } = this.provider;
    if (!webhook || !this.subject.takeWebhooks) throw new Error('the subject needs takeWebhooks()');
    await this.subject.takeWebhooks();
    this.played = (await this.subject.play(scene)) ?? {};
    const events: CallEvent[] = [];
    for (const request of await this.subject.takeWebhooks()) {
      expect({ scene, genuine: await webhook.verify(request, this.context) }).toEqual({ scene, genuine: true });
      events.push(...webhook.parse(request, this.context));
    }
    return events;
  }

  /** Applies events to their calls and keeps the result like the integration: nothing follows an end. */
  follow(events: readonly CallEvent[]): CallUpdate[] {
    const calls = new Map<string, TrackedCall>();
    const updates: CallUpdate[] = [];
    // An event that waits for late ones is applied again after all others.
    const queue = [...events];
    for (const event of queue) {
      const stored = JSON.parse(JSON.stringify(event)) as CallEvent;
      const call = calls.get(event.call);
      const before = JSON.stringify(call);
      const receivedAt = new Date();
      const made = this.provider.track?.(stored, call, receivedAt, this.context);
      expect(this.provider.track?.(stored, call, receivedAt, this.context)).toEqual(made);
      expect(JSON.stringify(call)).toBe(before);
      if (!made || call?.endedAt) continue;
      if (made.memory) expect(JSON.parse(JSON.stringify(made.memory))).toEqual(made.memory);
      calls.set(event.call, {
        externalId: made.call.externalId,
        ...(made.memory && { memory: made.memory }),
        ...(made.call.endedAt && { endedAt: made.call.endedAt }),
      });
      updates.push(made);
      if (made.waitS !== undefined) {
        expect(event.hasWaited).not.toBe(true);
        queue.push({ ...event, hasWaited: true });
      }
    }
    return updates;
  }

  /** Plays a call and returns its updates, on any channel. */
  async playUpdates(scene: CallScene): Promise<CallUpdate[]> {
    if (this.provider.webhook) return this.follow(await this.playEvents(scene)).filter(({ call }) => isOf(scene, call));
    const own = (): CallUpdate[] => this.recorder.updates.filter(({ call }) => isOf(scene, call));
    this.played = (await this.subject.play(scene)) ?? {};
    await until('the call has ended', () => own().some(({ call }) => call.endedAt !== undefined));
    return own();
  }
}

/** Whether a call is the played one. */
export function isOf(scene: CallScene, { phone = '' }: CallSnapshot): boolean {
  return scene.phone.endsWith(phone.replace(/\D/g, '').slice(-7));
}
