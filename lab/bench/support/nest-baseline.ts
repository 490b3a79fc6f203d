import 'reflect-metadata';
import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { serveParent } from './child.js';

const { PORT, DATABASE_URL, CALCULATE_REPLY = '{}', SAVE_REPLY = '{}' } = process.env;

/** The baselines' fixed replies. */
export const replies = { calculate: JSON.parse(CALCULATE_REPLY) as object, save: JSON.parse(SAVE_REPLY) as object };

/** A save in the baselines' table. */
@Entity('nest_save')
export class NestSaveEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column('text', { name: 'order_ref' }) order!: string;
  @Column('jsonb') body!: object;
}

/** Parses the JSON text of a form field, for the ValidationPipe that follows. */
@Injectable()
export class JsonPipe implements PipeTransform<string, unknown> {
  transform(text: string): unknown {
    return JSON.parse(text);
  }
}

/** Returns the database module of a baseline, with the same number of connections as the bare server. */
export function connectDatabase(): ReturnType<typeof TypeOrmModule.forRoot> {
  const options: TypeOrmModuleOptions = { type: 'postgres', url: DATABASE_URL ?? '', poolSize: 20, entities: [NestSaveEntity] };
  return TypeOrmModule.forRoot(options);
}

/** Runs a baseline's module on Fastify until the parent ends it. */
export async function serveNest(module: Type, options: { logger?: false }, prepare?: (app: NestFastifyApplication) => void): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter({ bodyLimit: 4 * 1024 * 1024 }), options);
  prepare?.(app);
  await app.listen(Number(PORT), '127.0.0.1');
  serveParent();
}
