import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { sendTogether } from './send-together.js';

describe('answers that are sent together', () => {
  let server: FastifyInstance;
  let events: string[];

  beforeEach(() => {
    events = [];
    server = fastify();
    sendTogether(server);
    server.addHook('onSend', (_request, _reply, payload, done) => {
      events.push('sent');
      done(null, payload);
    });
  });

  afterEach(() => server.close());

  it('leave at the end of the turn', async () => {
    server.get('/', () => {
      setImmediate(() => events.push('the turn ended'));
      return { success: true };
    });
    expect((await server.inject('/')).json()).toEqual({ success: true });
    expect(events).toEqual(['the turn ended', 'sent']);
  });

  it('fail separately when they cannot be written', async () => {
    server.get('/', (_request, reply) => {
      reply.header('x-name', 'ж').send('text');
    });
    expect((await server.inject('/')).statusCode).toBe(500);
  });
});
