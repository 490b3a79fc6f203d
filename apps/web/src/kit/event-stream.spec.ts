import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { followEvents, readEvents, type StreamEvent } from './event-stream.js';

const toBody = (...chunks: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk, 'latin1'));
      controller.close();
    },
  });
const read = async (...chunks: string[]): Promise<StreamEvent[]> => {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(toBody(...chunks))) events.push(event);
  return events;
};

describe('the events of a stream', () => {
  it('are read wherever the network cuts them', async () => {
    expect(await read('event: fai', 'led\ndata: 1\n', '\ndata: a\ndata: b\n\n')).toEqual([
      { name: 'failed', data: '1' },
      { name: 'message', data: 'a\nb' },
    ]);
    expect(await read('data: 1\r\n\r\n: alive\n\nevent: empty\n\n')).toEqual([{ name: 'message', data: '1' }]);
    // A two-byte letter, split in two chunks.
    expect(await read('data: \xc3', '\xa9\n\n')).toEqual([{ name: 'message', data: 'é' }]);
  });

  it('without an end are not events yet', async () => {
    expect(await read('data: 1\n')).toEqual([]);
  });
});

describe('a stream that is followed', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Follows a stream that opens with these statuses, until it ends or ten minutes have passed. */
  const follow = async (...statuses: number[]): Promise<{ opened: number; events: string[]; states: boolean[] }> => {
    const [events, states]: [string[], boolean[]] = [[], []];
    let opened = 0;
    const stop = new AbortController();
    const following = followEvents(
      {
        open: () => {
          const status = statuses[opened++] ?? 404;
          return Promise.resolve(new Response(status === 200 ? toBody('data: 1\n\n') : null, { status }));
        },
        onEvent: ({ data }) => events.push(data),
        onState: (isOpen) => states.push(isOpen),
      },
      stop.signal,
    );
    await jest.advanceTimersByTimeAsync(600_000);
    stop.abort();
    await following;
    return { opened, events, states };
  };

  it('is opened again when it breaks or the server is unavailable', async () => {
    expect(await follow(503, 200, 200, 404)).toEqual({ opened: 4, events: ['1', '1'], states: [true, false, true, false] });
  });

  it.each([401, 403, 404])('is not opened again when it is refused for good by %d', async (status) => {
    expect((await follow(status, 200)).opened).toBe(1);
  });

  it('is opened less and less often while the server is unavailable', async () => {
    expect((await follow(...Array.from({ length: 100 }, () => 503))).opened).toBe(24);
  });
});
