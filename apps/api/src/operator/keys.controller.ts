import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ActingOperator, type KeyUse, type Operator, OperatorAccess, type Page, ReEncryption, RequestNumber } from '#platform';
import { type TaskView, toTaskView } from './tasks.controller.js';

/** A key of ENCRYPTION_KEY, or a missing key. */
export type EncryptionKeyView = KeyUse;

/** The keys that encrypt stored values. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api/keys')
export class KeysController {
  constructor(private readonly reEncryption: ReEncryption) {}

  /**
   * Lists the ids of the keys in ENCRYPTION_KEY, never the keys, and the number of values that each encrypts.
   * A key without values can be removed from the setting. A key that is `missing` encrypts values that
   * cannot be read. Reads all stored values.
   */
  @Get()
  async listEncryptionKeys(): Promise<Page<EncryptionKeyView>> {
    const items = await this.reEncryption.listKeys();
    return { items, total: items.length };
  }

  /**
   * Starts a task that encrypts everything again with the first key. Returns the task. Values saved in the
   * meantime stay.
   * @throws 409 while it is running
   */
  @Post('re-encrypt')
  @HttpCode(202)
  async reEncrypt(@ActingOperator() operator: Operator, @RequestNumber() request: string): Promise<TaskView> {
    return toTaskView(await this.reEncryption.start(operator, request));
  }
}
