import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { EventStreams } from './event-streams.js';

describe('streams of events', () => {
  const reply = { type: () => ({ headers: () => undefined }) } as unknown as FastifyReply;
  let streams: EventStreams;
  const open = (of: string, lifeMs = 3_600_000, onClose?: () => void) =>
    streams.open(reply, { of, most: 10, lifeMs, ...(onClose && { onClose }) });
  const readText = (body: NodeJS.ReadableStream): string => String((body.read() as Buffer | null) ?? '');

  beforeEach(() => {
    jest.useFakeTimers();
    streams = new EventStreams();
  });
  afterEach(() => {
    streams.closeAll();
    jest.useRealTimers();
  });

  it('carry events, and a comment every 15 seconds', () => {
    const stream = open('a');
    stream.send('changed', { n: 1 });
    expect(readText(stream.body)).toBe(': open\n\nevent: changed\ndata: {"n":1}\n\n');
    jest.advanceTimersByTime(15_000);
    expect(readText(stream.body)).toBe(': \n\n');
  });

  it('end with their life, once, and take nothing then', async () => {
    const closed = jest.fn();
    const { body, send } = open('a', 1_000, closed);
    body.resume();
    jest.advanceTimersByTime(999);
    expect(body.readableEnded).toBe(false);
    jest.advanceTimersByTime(1);
    await new Promise((resolve) => body.once('close', resolve));
    expect(closed).toHaveBeenCalledTimes(1);
    expect(() => send('changed', {})).not.toThrow();
  });

  it('are ten for each listener, until one leaves', async () => {
    const first = open('a');
    for (let n = 1; n < 10; n++) open('a');
    expect(() => open('a')).toThrow(expect.objectContaining({ status: 429 }));
    open('b');
    first.body.destroy();
    await new Promise((resolve) => first.body.once('close', resolve));
    expect(() => open('a')).not.toThrow();
  });

  it('of a listener that does not read are broken off', async () => {
    const closed = jest.fn();
    const { body, send } = open('a', 3_600_000, closed);
    for (let n = 0; n < 300; n++) send('changed', { text: 'x'.repeat(1_000) });
    await new Promise((resolve) => body.once('close', resolve));
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('end when the process does, and none is opened then', async () => {
    const { body } = open('a');
    body.resume();
    streams.closeAll();
    await new Promise((resolve) => body.once('close', resolve));
    expect(() => open('a')).toThrow(expect.objectContaining({ status: 503 }));
  });
});
