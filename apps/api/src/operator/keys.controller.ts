import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ActingOperator, type KeyUse, type Operator, OperatorAccess, type Page, ReEncryption, RequestNumber } from '#platform';
import { type TaskView, toTaskView } from './tasks.controller.js';

/** A key of ENCRYPTION_KEY, or one that is missing there. */
export type EncryptionKeyView = KeyUse;

/** The keys that encrypt what is stored. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api/keys')
export class KeysController {
  constructor(private readonly reEncryption: ReEncryption) {}

  /**
   * Lists the keys of ENCRYPTION_KEY by their ids, never the keys, and how many stored values each encrypts.
   * A key with no values can be taken out of the setting; one that is `missing` there encrypts values that
   * nobody can read. Reads all of them.
   */
  @Get()
  async listEncryptionKeys(): Promise<Page<EncryptionKeyView>> {
    const items = await this.reEncryption.listKeys();
    return { items, total: items.length };
  }

  /**
   * Encrypts everything anew with the first key, in the background: the answer is the task. What is saved
   * meanwhile is kept.
   * @throws 409 while it runs already
   */
  @Post('re-encrypt')
  @HttpCode(202)
  async reEncrypt(@ActingOperator() operator: Operator, @RequestNumber() request: string): Promise<TaskView> {
    return toTaskView(await this.reEncryption.start(operator, request));
  }
}
