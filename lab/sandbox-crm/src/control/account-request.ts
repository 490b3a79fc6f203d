import type { FastifyRequest } from 'fastify';
import type { JsonObject } from '../json.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';
import type { Account } from '../store/state.js';
import { findAccount, findModuleCode, findOrder, parameter, readBody, readQuery } from './control-input.js';
import { describeOrder } from './views.js';

/** A request of the control API about an account. Each part is read when it is used. */
export class AccountRequest {
  readonly account: Account;
  readonly crm: AccountContext;

  /** Throws `SandboxError` 404 if there is no such account. */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly request: FastifyRequest,
  ) {
    this.account = findAccount(sandbox, request);
    this.crm = sandbox.context(this.account);
  }

  get body(): JsonObject {
    return readBody(this.request);
  }

  get query(): JsonObject {
    return readQuery(this.request);
  }

  /** The order of the path. Throws `SandboxError` 404. */
  get order(): JsonObject {
    return findOrder(this.sandbox, this.account, this.name('order'));
  }

  /** Code of the module of the path. Throws `SandboxError` 404 for `@` and an integration that none has. */
  get module(): string {
    return findModuleCode(this.account, this.request);
  }

  /** Returns a part of the path. */
  readonly name = (part: string): string => parameter(this.request, part);

  /** Shows an order with its deliveries. */
  readonly show = (order: JsonObject): JsonObject => describeOrder(this.sandbox, this.account, order);
}
