import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { Environment } from '../config/index.js';
import { DatabaseModule } from './database.module.js';

/** Passes connections on to the database, except for the first of a test, which gets no answer. */
let line: Server;
let connections: number;
const sockets = new Set<Socket>();

beforeAll(async () => {
  const { hostname, port } = new URL(process.env.TEST_DATABASE_URL ?? '');
  line = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    connections += 1;
    if (connections === 1) return;
    const database = connect(Number(port), hostname).on('error', () => undefined);
    sockets.add(database);
    socket.pipe(database).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(line, 'listening');
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  line?.close();
});

it('a process starts although the database does not answer its first connection', async () => {
  connections = 0;
  jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  const url = new URL(process.env.TEST_DATABASE_URL ?? '');
  url.host = `127.0.0.1:${(line.address() as AddressInfo).port}`;
  const environment = Object.assign(new Environment(), { DATABASE_URL: url.href });
  const { imports = [] } = DatabaseModule.forRoot(environment, [], 'crossdock-spec');
  const module = await Test.createTestingModule({ imports }).compile();
  expect(await module.get(DataSource).query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await module.close();
});
