import formbody from '@fastify/formbody';
import fastify from 'fastify';
import pg from 'pg';
import { serveParent } from './child.js';

/**
 * The baseline: a bare Fastify server that parses the same bodies and returns the same replies, without
 * reading the bodies. `/save` also inserts the document as one row and waits for the commit.
 */
const { PORT, DATABASE_URL, CALCULATE_REPLY = '{}', SAVE_REPLY = '{}' } = process.env;
const calculateReply = JSON.parse(CALCULATE_REPLY) as object;
const saveReply = JSON.parse(SAVE_REPLY) as object;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 });
const app = fastify({ bodyLimit: 4 * 1024 * 1024 });
await app.register(formbody);

app.post<{ Body: { calculate: string } }>('/calculate', (request) => {
  JSON.parse(request.body.calculate);
  return calculateReply;
});

app.post<{ Body: { save: string } }>('/save', async (request) => {
  const { order } = JSON.parse(request.body.save) as { order: string };
  await pool.query('INSERT INTO bare_save (order_ref, body) VALUES ($1, $2)', [order, request.body.save]);
  return saveReply;
});

await app.listen({ port: Number(PORT), host: '127.0.0.1' });
serveParent();
