/* Generated from contract/ by generator/generate.mjs. Do not edit: run `npm run generate:crm-types`. */

import type { BatchOptions, BatchReport, CallOptions, Caller, CrmFile, PathPart, Reply, ReplyMode } from '../caller.js';
import type * as exact from './exact.js';
import { METHODS } from './methods.js';
import type * as wire from './types.js';

/** Methods of the group `api`. */
export class ApiMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The API versions this account can use.
   *
   * `GET /api/api-versions`. The reference names no scope. 10 requests a second.
   */
  apiVersions(options?: CallOptions): Promise<Reply<Mode, wire.ApiVersionsResponse, exact.ApiVersionsResponse>> {
    return this.#caller.call(METHODS[0], [], undefined, options);
  }

  /**
   * The scopes and sites of the key in use.
   *
   * `GET /api/credentials`. The reference names no scope. 10 requests a second.
   */
  credentials(options?: CallOptions): Promise<Reply<Mode, wire.Credentials, exact.Credentials>> {
    return this.#caller.call(METHODS[1], [], undefined, options);
  }

  /**
   * Version and addresses of the account.
   *
   * `GET /api/system-info`. The reference names no scope. 10 requests a second.
   */
  systemInfo(options?: CallOptions): Promise<Reply<Mode, wire.ApiSystemInfoResponse, exact.ApiSystemInfoResponse>> {
    return this.#caller.call(METHODS[2], [], undefined, options);
  }
}

/** Methods of the group `costs`. */
export class CostsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Costs that match the filter.
   *
   * `GET /api/v5/costs`. Scope `cost_read`. 10 requests a second.
   */
  list(request: wire.CostsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CostsResponse, exact.CostsResponse>> {
    return this.#caller.call(METHODS[3], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.CostsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.Cost, exact.Cost>, void> {
    return this.#caller.all(METHODS[3], [], request, options);
  }

  /**
   * Deletes costs by their ids.
   *
   * `POST /api/v5/costs/delete`. Scope `cost_write` (not in the reference; by its siblings). 10 requests a second.
   */
  costsDelete(request: wire.CostsDeleteRequest, options?: CallOptions): Promise<Reply<Mode, wire.CostsDeleteResponse, exact.CostsDeleteResponse>> {
    return this.#caller.call(METHODS[4], [], request, options);
  }

  /**
   * Creates many costs at once.
   *
   * `POST /api/v5/costs/upload`. Scope `cost_write`. 10 requests a second, at most 50 `costs`.
   */
  costsUpload(request: wire.CostsUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.CostsUploadResponse, exact.CostsUploadResponse>> {
    return this.#caller.call(METHODS[5], [], request, options);
  }

  /** `costsUpload` for any number of `costs`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  costsUploadInBatches(request: wire.CostsUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.CostsUploadResponse, exact.CostsUploadResponse>>, void> {
    return this.#caller.batches(METHODS[5], [], request, options);
  }

  /**
   * Creates a cost.
   *
   * `POST /api/v5/costs/create`. Scope `cost_write`. 10 requests a second.
   */
  create(request: wire.CostsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[6], [], request, options);
  }

  /**
   * One cost by its id.
   *
   * `GET /api/v5/costs/{id}`. Scope `cost_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.CostsGetResponse, exact.CostsGetResponse>> {
    return this.#caller.call(METHODS[7], [id], undefined, options);
  }

  /**
   * Deletes a cost.
   *
   * `POST /api/v5/costs/{id}/delete`. Scope `cost_write` (not in the reference; by its siblings). 10 requests a second.
   */
  delete(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[8], [id], undefined, options);
  }

  /**
   * Edits a cost.
   *
   * `POST /api/v5/costs/{id}/edit`. Scope `cost_write`. 10 requests a second.
   */
  edit(id: PathPart, request: wire.CostsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[9], [id], request, options);
  }
}

/** Methods of the group `customFields`. */
export class CustomFieldsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Custom fields that match the filter.
   *
   * `GET /api/v5/custom-fields`. Scope `custom_fields_read` (not in the reference; by its siblings). 10 requests a second.
   */
  list(request: wire.CustomFieldsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsResponse, exact.CustomFieldsResponse>> {
    return this.#caller.call(METHODS[10], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.CustomFieldsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomField, exact.CustomField>, void> {
    return this.#caller.all(METHODS[10], [], request, options);
  }

  /**
   * Dictionaries of custom fields.
   *
   * `GET /api/v5/custom-fields/dictionaries`. Scope `custom_fields_read` (not in the reference; by its siblings). 10 requests a second.
   */
  dictionaries(request: wire.CustomFieldsDictionariesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsDictionariesResponse, exact.CustomFieldsDictionariesResponse>> {
    return this.#caller.call(METHODS[11], [], request, options);
  }

  /** Every item of `dictionaries`, one by one: page by page, 100 a page unless `limit` is given. */
  dictionariesAll(request: wire.CustomFieldsDictionariesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomFieldsCustomDictionary, exact.CustomFieldsCustomDictionary>, void> {
    return this.#caller.all(METHODS[11], [], request, options);
  }

  /**
   * Creates a dictionary.
   *
   * `POST /api/v5/custom-fields/dictionaries/create`. Scope `custom_fields_write` (not in the reference; by its siblings). 10 requests a second.
   */
  dictionariesCreate(request: wire.CustomFieldsCustomDictionaryCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsCustomDictionaryCreateResponse, exact.CustomFieldsCustomDictionaryCreateResponse>> {
    return this.#caller.call(METHODS[12], [], request, options);
  }

  /**
   * One dictionary by its code.
   *
   * `GET /api/v5/custom-fields/dictionaries/{code}`. Scope `custom_fields_read` (not in the reference; by its siblings). 10 requests a second.
   */
  dictionariesGet(code: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsCustomDictionaryGetResponse, exact.CustomFieldsCustomDictionaryGetResponse>> {
    return this.#caller.call(METHODS[13], [code], undefined, options);
  }

  /**
   * Edits a dictionary.
   *
   * `POST /api/v5/custom-fields/dictionaries/{code}/edit`. Scope `custom_fields_write` (not in the reference; by its siblings). 10 requests a second.
   */
  dictionariesEdit(code: PathPart, request: wire.CustomFieldsCustomDictionaryCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsCustomDictionaryCreateResponse, exact.CustomFieldsCustomDictionaryCreateResponse>> {
    return this.#caller.call(METHODS[14], [code], request, options);
  }

  /**
   * Creates a custom field of an entity (order, customer, customer_corporate, company).
   *
   * `POST /api/v5/custom-fields/{entity}/create`. Scope `custom_fields_write`. 10 requests a second.
   */
  create(entity: PathPart, request: wire.CustomFieldsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsCreateResponse, exact.CustomFieldsCreateResponse>> {
    return this.#caller.call(METHODS[15], [entity], request, options);
  }

  /**
   * One custom field by entity and code.
   *
   * `GET /api/v5/custom-fields/{entity}/{code}`. Scope `custom_fields_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(entity: PathPart, code: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsGetResponse, exact.CustomFieldsGetResponse>> {
    return this.#caller.call(METHODS[16], [entity, code], undefined, options);
  }

  /**
   * Edits a custom field.
   *
   * `POST /api/v5/custom-fields/{entity}/{code}/edit`. Scope `custom_fields_write` (not in the reference; by its siblings). 10 requests a second.
   */
  edit(entity: PathPart, code: PathPart, request: wire.CustomFieldsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomFieldsEditResponse, exact.CustomFieldsEditResponse>> {
    return this.#caller.call(METHODS[17], [entity, code], request, options);
  }
}

/** Methods of the group `customerInteraction`. */
export class CustomerInteractionMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Empties the customer's cart.
   *
   * `POST /api/v5/customer-interaction/{site}/cart/clear`. Scope `customer_interaction_write`. 10 requests a second.
   */
  cartClear(site: PathPart, request: wire.CustomerInteractionCartClearRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[18], [site], request, options);
  }

  /**
   * Creates or overwrites the customer's cart.
   *
   * `POST /api/v5/customer-interaction/{site}/cart/set`. Scope `customer_interaction_write`. 10 requests a second.
   */
  cartSet(site: PathPart, request: wire.CustomerInteractionCartSetRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[19], [site], request, options);
  }

  /**
   * The customer's current cart.
   *
   * `GET /api/v5/customer-interaction/{site}/cart/{customerId}`. Scope `customer_interaction_read`. 10 requests a second.
   */
  cartGet(site: PathPart, customerId: PathPart, request: wire.ByAndSiteByRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomerInteractionCartGetResponse, exact.CustomerInteractionCartGetResponse>> {
    return this.#caller.call(METHODS[20], [site, customerId], request, options);
  }

  /**
   * The customer's favourite offers.
   *
   * `GET /api/v5/customer-interaction/{site}/favorites/{customerId}`. Scope `customer_interaction_read`. 10 requests a second.
   */
  favorites(site: PathPart, customerId: PathPart, request: wire.ByAndSiteByRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomerInteractionFavoritesResponse, exact.CustomerInteractionFavoritesResponse>> {
    return this.#caller.call(METHODS[21], [site, customerId], request, options);
  }

  /**
   * Adds an offer to the customer's favourites; one already there is a success.
   * A customer has at most 1000 favourites; one more is refused.
   *
   * `POST /api/v5/customer-interaction/{site}/favorites/{customerId}/add`. Scope `customer_interaction_write`. 10 requests a second.
   */
  favoritesAdd(site: PathPart, customerId: PathPart, request: wire.CustomerInteractionFavoriteRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[22], [site, customerId], request, options);
  }

  /**
   * Takes an offer out of the customer's favourites; one not there is a success.
   *
   * `POST /api/v5/customer-interaction/{site}/favorites/{customerId}/remove`. Scope `customer_interaction_write`. 10 requests a second.
   */
  favoritesRemove(site: PathPart, customerId: PathPart, request: wire.CustomerInteractionFavoriteRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[23], [site, customerId], request, options);
  }
}

/** Methods of the group `customers`. */
export class CustomersMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Customers that match the filter.
   *
   * `GET /api/v5/customers`. Scope `customer_read`. 10 requests a second.
   */
  list(request: wire.CustomersRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersResponse, exact.CustomersResponse>> {
    return this.#caller.call(METHODS[24], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.CustomersRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.Customer, exact.Customer>, void> {
    return this.#caller.all(METHODS[24], [], request, options);
  }

  /**
   * Merges customers into one; the merged ones are removed for good.
   * Runs later: success means accepted, the outcome shows in the history.
   *
   * `POST /api/v5/customers/combine`. Scope `customer_write`. 10 requests a second, at most 50 `customers`.
   */
  combine(request: wire.CustomersCombineRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[25], [], request, options);
  }

  /** `combine` for any number of `customers`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  combineInBatches(request: wire.CustomersCombineRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>>, void> {
    return this.#caller.batches(METHODS[25], [], request, options);
  }

  /**
   * Creates a customer.
   *
   * `POST /api/v5/customers/create`. Scope `customer_write`. 10 requests a second.
   */
  create(request: wire.CustomersCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[26], [], request, options);
  }

  /**
   * Records the external ids of customers.
   *
   * `POST /api/v5/customers/fix-external-ids`. Scope `customer_write`. 10 requests a second.
   */
  fixExternalIds(request: wire.CustomersFixExternalIdsRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[27], [], request, options);
  }

  /**
   * Changes of customers.
   * Page with filter.sinceId, not with page.
   *
   * `GET /api/v5/customers/history`. Scope `customer_read`. 10 requests a second.
   */
  history(request: wire.CustomersHistoryRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersHistoryResponse, exact.CustomersHistoryResponse>> {
    return this.#caller.call(METHODS[28], [], request, options);
  }

  /** Every item of `history`, one by one: follows `filter.sinceId`, 100 a page unless `limit` is given. */
  historyAll(request: wire.CustomersHistoryRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerHistory, exact.CustomerHistory>, void> {
    return this.#caller.all(METHODS[28], [], request, options);
  }

  /**
   * Notes on customers that match the filter.
   *
   * `GET /api/v5/customers/notes`. Scope `customer_read` (not in the reference; by its siblings). 10 requests a second.
   */
  notes(request: wire.CustomersNotesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomerNotesResponse, exact.CustomerNotesResponse>> {
    return this.#caller.call(METHODS[29], [], request, options);
  }

  /** Every item of `notes`, one by one: page by page, 100 a page unless `limit` is given. */
  notesAll(request: wire.CustomersNotesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerNote, exact.CustomerNote>, void> {
    return this.#caller.all(METHODS[29], [], request, options);
  }

  /**
   * Creates a note on a customer; its text has 1 to 2000 characters.
   *
   * `POST /api/v5/customers/notes/create`. Scope `customer_write`. 10 requests a second.
   */
  notesCreate(request: wire.CustomersNotesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[30], [], request, options);
  }

  /**
   * Deletes a note.
   *
   * `POST /api/v5/customers/notes/{id}/delete`. Scope `customer_write` (not in the reference; by its siblings). 10 requests a second.
   */
  notesDelete(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[31], [id], undefined, options);
  }

  /**
   * Creates many customers at once.
   *
   * `POST /api/v5/customers/upload`. Scope `customer_write` (not in the reference; by its siblings). 10 requests a second, at most 50 `customers`.
   */
  upload(request: wire.CustomersUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomersUploadResponse, exact.CustomersUploadResponse>> {
    return this.#caller.call(METHODS[32], [], request, options);
  }

  /** `upload` for any number of `customers`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  uploadInBatches(request: wire.CustomersUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.CustomersUploadResponse, exact.CustomersUploadResponse>>, void> {
    return this.#caller.batches(METHODS[32], [], request, options);
  }

  /**
   * One customer, by external id or by id (by).
   *
   * `GET /api/v5/customers/{identifier}`. Scope `customer_read`. 10 requests a second.
   */
  get(identifier: PathPart, request: wire.BySiteRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersGetResponse, exact.CustomersGetResponse>> {
    return this.#caller.call(METHODS[33], [identifier], request, options);
  }

  /**
   * Edits a customer, found by external id or by id (by).
   *
   * `POST /api/v5/customers/{identifier}/edit`. Scope `customer_write`. 10 requests a second.
   */
  edit(identifier: PathPart, request: wire.CustomersEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomersEditResponse, exact.CustomersEditResponse>> {
    return this.#caller.call(METHODS[34], [identifier], request, options);
  }

  /**
   * Subscribes a customer to mailings or unsubscribes it.
   *
   * `POST /api/v5/customers/{identifier}/subscriptions`. Scope `customer_write`. 10 requests a second.
   */
  subscriptions(identifier: PathPart, request: wire.CustomersSubscriptionsRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[35], [identifier], request, options);
  }
}

/** Methods of the group `customersCorporate`. */
export class CustomersCorporateMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Corporate customers that match the filter.
   *
   * `GET /api/v5/customers-corporate`. Scope `customer_read`. 10 requests a second.
   */
  list(request: wire.CustomersCorporateRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateResponse, exact.CustomersCorporateResponse>> {
    return this.#caller.call(METHODS[36], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.CustomersCorporateRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerCorporate, exact.CustomerCorporate>, void> {
    return this.#caller.all(METHODS[36], [], request, options);
  }

  /**
   * Merges corporate customers into one; the merged ones are removed for good.
   *
   * `POST /api/v5/customers-corporate/combine`. Scope `customer_write`. 10 requests a second.
   */
  combine(request: wire.CustomersCombineRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[37], [], request, options);
  }

  /**
   * Creates a corporate customer.
   *
   * `POST /api/v5/customers-corporate/create`. Scope `customer_write`. 10 requests a second.
   */
  create(request: wire.CustomersCorporateCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[38], [], request, options);
  }

  /**
   * Records the external ids of corporate customers.
   *
   * `POST /api/v5/customers-corporate/fix-external-ids`. Scope `customer_write`. 10 requests a second.
   */
  fixExternalIds(request: wire.CustomersCorporateFixExternalIdsRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[39], [], request, options);
  }

  /**
   * Changes of corporate customers.
   * Page with filter.sinceId, not with page.
   *
   * `GET /api/v5/customers-corporate/history`. Scope `customer_read`. 10 requests a second.
   */
  history(request: wire.CustomersHistoryRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateHistoryResponse, exact.CustomersCorporateHistoryResponse>> {
    return this.#caller.call(METHODS[40], [], request, options);
  }

  /** Every item of `history`, one by one: follows `filter.sinceId`, 100 a page unless `limit` is given. */
  historyAll(request: wire.CustomersHistoryRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerCorporateHistory, exact.CustomerCorporateHistory>, void> {
    return this.#caller.all(METHODS[40], [], request, options);
  }

  /**
   * Notes on corporate customers that match the filter.
   *
   * `GET /api/v5/customers-corporate/notes`. Scope `customer_read` (not in the reference; by its siblings). 10 requests a second.
   */
  notes(request: wire.CustomersNotesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomerNotesResponse, exact.CustomerNotesResponse>> {
    return this.#caller.call(METHODS[41], [], request, options);
  }

  /** Every item of `notes`, one by one: page by page, 100 a page unless `limit` is given. */
  notesAll(request: wire.CustomersNotesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerNote, exact.CustomerNote>, void> {
    return this.#caller.all(METHODS[41], [], request, options);
  }

  /**
   * Creates a note on a corporate customer; its text has 1 to 2000 characters.
   *
   * `POST /api/v5/customers-corporate/notes/create`. Scope `customer_write`. 10 requests a second.
   */
  notesCreate(request: wire.CustomersNotesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[42], [], request, options);
  }

  /**
   * Deletes a note on a corporate customer.
   *
   * `POST /api/v5/customers-corporate/notes/{id}/delete`. Scope `customer_write` (not in the reference; by its siblings). 10 requests a second.
   */
  notesDelete(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[43], [id], undefined, options);
  }

  /**
   * Creates many corporate customers at once.
   *
   * `POST /api/v5/customers-corporate/upload`. Scope `customer_write` (not in the reference; by its siblings). 10 requests a second, at most 50 `customersCorporate`.
   */
  upload(request: wire.CustomersCorporateUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomersUploadResponse, exact.CustomersUploadResponse>> {
    return this.#caller.call(METHODS[44], [], request, options);
  }

  /** `upload` for any number of `customersCorporate`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  uploadInBatches(request: wire.CustomersCorporateUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.CustomersUploadResponse, exact.CustomersUploadResponse>>, void> {
    return this.#caller.batches(METHODS[44], [], request, options);
  }

  /**
   * One corporate customer, by external id or by id (by).
   *
   * `GET /api/v5/customers-corporate/{identifier}`. Scope `customer_read`. 10 requests a second.
   */
  get(identifier: PathPart, request: wire.BySiteRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateGetResponse, exact.CustomersCorporateGetResponse>> {
    return this.#caller.call(METHODS[45], [identifier], request, options);
  }

  /**
   * Addresses of a corporate customer.
   *
   * `GET /api/v5/customers-corporate/{identifier}/addresses`. Scope `customer_read`. 10 requests a second.
   */
  addresses(identifier: PathPart, request: wire.CustomersCorporateAddressesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateAddressesResponse, exact.CustomersCorporateAddressesResponse>> {
    return this.#caller.call(METHODS[46], [identifier], request, options);
  }

  /** Every item of `addresses`, one by one: page by page, 100 a page unless `limit` is given. */
  addressesAll(identifier: PathPart, request: wire.CustomersCorporateAddressesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomerAddress, exact.CustomerAddress>, void> {
    return this.#caller.all(METHODS[46], [identifier], request, options);
  }

  /**
   * Adds an address to a corporate customer.
   * A customer has at most 100 addresses.
   *
   * `POST /api/v5/customers-corporate/{identifier}/addresses/create`. Scope `customer_write`. 10 requests a second.
   */
  addressesCreate(identifier: PathPart, request: wire.CustomersCorporateAddressesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[47], [identifier], request, options);
  }

  /**
   * Edits an address of a corporate customer (by, entityBy).
   *
   * `POST /api/v5/customers-corporate/{customerId}/addresses/{addressId}/edit`. Scope `customer_write`. 10 requests a second.
   */
  addressesEdit(customerId: PathPart, addressId: PathPart, request: wire.CustomersCorporateAddressesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[48], [customerId, addressId], request, options);
  }

  /**
   * Companies of a corporate customer.
   *
   * `GET /api/v5/customers-corporate/{identifier}/companies`. Scope `customer_read`. 10 requests a second.
   */
  companies(identifier: PathPart, request: wire.CustomersCorporateCompaniesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateCompaniesResponse, exact.CustomersCorporateCompaniesResponse>> {
    return this.#caller.call(METHODS[49], [identifier], request, options);
  }

  /** Every item of `companies`, one by one: page by page, 100 a page unless `limit` is given. */
  companiesAll(identifier: PathPart, request: wire.CustomersCorporateCompaniesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomersCorporateCompany, exact.CustomersCorporateCompany>, void> {
    return this.#caller.all(METHODS[49], [identifier], request, options);
  }

  /**
   * Adds a company to a corporate customer.
   *
   * `POST /api/v5/customers-corporate/{identifier}/companies/create`. Scope `customer_write`. 10 requests a second.
   */
  companiesCreate(identifier: PathPart, request: wire.CustomersCorporateCompaniesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[50], [identifier], request, options);
  }

  /**
   * Edits a company of a corporate customer (by, entityBy).
   *
   * `POST /api/v5/customers-corporate/{customerId}/companies/{companyId}/edit`. Scope `customer_write`. 10 requests a second.
   */
  companiesEdit(customerId: PathPart, companyId: PathPart, request: wire.CustomersCorporateCompaniesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[51], [customerId, companyId], request, options);
  }

  /**
   * Contact persons of a corporate customer.
   *
   * `GET /api/v5/customers-corporate/{identifier}/contacts`. Scope `customer_read`. 10 requests a second.
   */
  contacts(identifier: PathPart, request: wire.CustomersCorporateContactsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.CustomersCorporateContactsResponse, exact.CustomersCorporateContactsResponse>> {
    return this.#caller.call(METHODS[52], [identifier], request, options);
  }

  /** Every item of `contacts`, one by one: page by page, 100 a page unless `limit` is given. */
  contactsAll(identifier: PathPart, request: wire.CustomersCorporateContactsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomersCorporateCustomerContact, exact.CustomersCorporateCustomerContact>, void> {
    return this.#caller.all(METHODS[52], [identifier], request, options);
  }

  /**
   * Adds a contact person to a corporate customer.
   *
   * `POST /api/v5/customers-corporate/{identifier}/contacts/create`. Scope `customer_write`. 10 requests a second.
   */
  contactsCreate(identifier: PathPart, request: wire.CustomersCorporateContactsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[53], [identifier], request, options);
  }

  /**
   * Edits a contact person of a corporate customer (by, entityBy).
   *
   * `POST /api/v5/customers-corporate/{customerId}/contacts/{contactId}/edit`. Scope `customer_write`. 10 requests a second.
   */
  contactsEdit(customerId: PathPart, contactId: PathPart, request: wire.CustomersCorporateContactsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[54], [customerId, contactId], request, options);
  }

  /**
   * Edits a corporate customer, found by external id or by id (by).
   *
   * `POST /api/v5/customers-corporate/{identifier}/edit`. Scope `customer_write`. 10 requests a second.
   */
  edit(identifier: PathPart, request: wire.CustomersCorporateEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.CustomersEditResponse, exact.CustomersEditResponse>> {
    return this.#caller.call(METHODS[55], [identifier], request, options);
  }
}

/** Methods of the group `delivery`. */
export class DeliveryMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Costs of an order by the chosen delivery types.
   *
   * `POST /api/v5/delivery/calculate`. The reference names no scope. 10 requests a second.
   */
  calculate(request: wire.DeliveryCalculateRequest, options?: CallOptions): Promise<Reply<Mode, wire.DeliveryCalculateResponse, exact.DeliveryCalculateResponse>> {
    return this.#caller.call(METHODS[56], [], request, options);
  }

  /**
   * Pushes delivery statuses; the answer is one success for the whole batch, none per item.
   *
   * `POST /api/v5/delivery/generic/{subcode}/tracking`. The reference names no scope. 10 requests a second, at most 100 `statusUpdate`.
   */
  tracking(subcode: PathPart, request: wire.DeliveryTrackingRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[57], [subcode], request, options);
  }

  /** `tracking` for any number of `statusUpdate`: 100 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  trackingInBatches(subcode: PathPart, request: wire.DeliveryTrackingRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>>, void> {
    return this.#caller.batches(METHODS[57], [subcode], request, options);
  }

  /**
   * Shipments to delivery services that match the filter.
   *
   * `GET /api/v5/delivery/shipments`. Scope `delivery_read`. 10 requests a second.
   */
  shipments(request: wire.DeliveryShipmentsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.DeliveryShipmentsResponse, exact.DeliveryShipmentsResponse>> {
    return this.#caller.call(METHODS[58], [], request, options);
  }

  /** Every item of `shipments`, one by one: page by page, 100 a page unless `limit` is given. */
  shipmentsAll(request: wire.DeliveryShipmentsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.DeliveryShipment, exact.DeliveryShipment>, void> {
    return this.#caller.all(METHODS[58], [], request, options);
  }

  /**
   * Creates a shipment.
   *
   * `POST /api/v5/delivery/shipments/create`. Scope `delivery_write`. 10 requests a second.
   */
  shipmentsCreate(request: wire.DeliveryShipmentsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.DeliveryShipmentsCreateResponse, exact.DeliveryShipmentsCreateResponse>> {
    return this.#caller.call(METHODS[59], [], request, options);
  }

  /**
   * One shipment by its id.
   *
   * `GET /api/v5/delivery/shipments/{id}`. Scope `delivery_read`. 10 requests a second.
   */
  shipmentsGet(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.DeliveryShipmentsGetResponse, exact.DeliveryShipmentsGetResponse>> {
    return this.#caller.call(METHODS[60], [id], undefined, options);
  }

  /**
   * Edits a shipment; only one with the status created can be edited.
   *
   * `POST /api/v5/delivery/shipments/{id}/edit`. Scope `delivery_write`. 10 requests a second.
   */
  shipmentsEdit(id: PathPart, request: wire.DeliveryShipmentsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.DeliveryShipmentsCreateResponse, exact.DeliveryShipmentsCreateResponse>> {
    return this.#caller.call(METHODS[61], [id], request, options);
  }
}

/** Methods of the group `features`. */
export class FeaturesMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Tells which of the named features the account has.
   *
   * `GET /api/v5/features/check`. The reference names no scope. 10 requests a second.
   */
  check(request: wire.ApiFeaturesCheckRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.ApiFeaturesCheckResponse, exact.ApiFeaturesCheckResponse>> {
    return this.#caller.call(METHODS[62], [], request, options);
  }
}

/** Methods of the group `files`. */
export class FilesMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Files that match the filter.
   *
   * `GET /api/v5/files`. Scope `file_read` (not in the reference; by its siblings). 10 requests a second.
   */
  list(request: wire.FilesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.FilesResponse, exact.FilesResponse>> {
    return this.#caller.call(METHODS[63], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.FilesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.FilesFile, exact.FilesFile>, void> {
    return this.#caller.all(METHODS[63], [], request, options);
  }

  /**
   * Uploads a file: its bytes are the request's body. Some types are forbidden.
   *
   * `POST /api/v5/files/upload`. Scope `file_write`. 10 requests a second.
   */
  upload(request: wire.FilesUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.FilesUploadResponse, exact.FilesUploadResponse>> {
    return this.#caller.call(METHODS[64], [], request, options);
  }

  /**
   * What is known of one file.
   *
   * `GET /api/v5/files/{fileId}`. Scope `file_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(fileId: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.FilesGetResponse, exact.FilesGetResponse>> {
    return this.#caller.call(METHODS[65], [fileId], undefined, options);
  }

  /**
   * Deletes a file.
   *
   * `POST /api/v5/files/{fileId}/delete`. Scope `file_write` (not in the reference; by its siblings). 10 requests a second.
   */
  delete(fileId: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[66], [fileId], undefined, options);
  }

  /**
   * The file's bytes as a stream, its name in Content-Disposition.
   *
   * `GET /api/v5/files/{fileId}/download`. Scope `file_read`. 10 requests a second.
   */
  download(fileId: PathPart, options?: CallOptions): Promise<CrmFile> {
    return this.#caller.file(METHODS[67], [fileId], undefined, options);
  }

  /**
   * Edits a file's name and links; links not named are dropped.
   *
   * `POST /api/v5/files/{fileId}/edit`. Scope `file_write`. 10 requests a second.
   */
  edit(fileId: PathPart, request: wire.FilesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.FilesUploadResponse, exact.FilesUploadResponse>> {
    return this.#caller.call(METHODS[68], [fileId], request, options);
  }
}

/** Methods of the group `integration`. */
export class IntegrationMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * A module's registration.
   *
   * `GET /api/v5/integration-modules/{code}`. Scope `integration_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(code: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.IntegrationModulesGetResponse, exact.IntegrationModulesGetResponse>> {
    return this.#caller.call(METHODS[69], [code], undefined, options);
  }

  /**
   * Registers a module or edits its registration.
   *
   * `POST /api/v5/integration-modules/{code}/edit`. Scope `integration_write`. 10 requests a second.
   */
  edit(code: PathPart, request: wire.IntegrationModulesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IntegrationModulesEditResponse, exact.IntegrationModulesEditResponse>> {
    return this.#caller.call(METHODS[70], [code], request, options);
  }

  /**
   * A new API key with the wanted scopes for the module.
   *
   * `POST /api/v5/integration-modules/{code}/update-scopes`. Scope `integration_write`. 10 requests a second.
   */
  updateScopes(code: PathPart, request: wire.IntegrationModuleUpdateScopesRequest, options?: CallOptions): Promise<Reply<Mode, wire.IntegrationModuleUpdateScopesResponse, exact.IntegrationModuleUpdateScopesResponse>> {
    return this.#caller.call(METHODS[71], [code], request, options);
  }
}

/** Methods of the group `loyalty`. */
export class LoyaltyMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Creates a participation in a loyalty programme.
   *
   * `POST /api/v5/loyalty/account/create`. Scope `loyalty_write`. 10 requests a second.
   */
  accountCreate(request: wire.LoyaltyAccountCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAccountCreateResponse, exact.LoyaltyAccountCreateResponse>> {
    return this.#caller.call(METHODS[72], [], request, options);
  }

  /**
   * Activates a participation.
   *
   * `POST /api/v5/loyalty/account/{id}/activate`. Scope `loyalty_write`. 10 requests a second.
   */
  accountActivate(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAccountActivateResponse, exact.LoyaltyAccountActivateResponse>> {
    return this.#caller.call(METHODS[73], [id], undefined, options);
  }

  /**
   * Takes bonuses off a participation.
   *
   * `POST /api/v5/loyalty/account/{id}/bonus/charge`. Scope `loyalty_write`. 10 requests a second.
   */
  accountBonusCharge(id: PathPart, request: wire.LoyaltyBonusChargeRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[74], [id], request, options);
  }

  /**
   * Adds bonuses to a participation.
   *
   * `POST /api/v5/loyalty/account/{id}/bonus/credit`. Scope `loyalty_write`. 10 requests a second.
   */
  accountBonusCredit(id: PathPart, request: wire.LoyaltyBonusCreditRequest, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyBonusCreditResponse, exact.LoyaltyBonusCreditResponse>> {
    return this.#caller.call(METHODS[75], [id], request, options);
  }

  /**
   * Bonus history of one participation.
   *
   * `GET /api/v5/loyalty/account/{id}/bonus/operations`. Scope `loyalty_read`. 10 requests a second.
   */
  accountBonusOperations(id: PathPart, request: wire.LoyaltyBonusOperationsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyBonusOperationsResponse, exact.LoyaltyBonusOperationsResponse>> {
    return this.#caller.call(METHODS[76], [id], request, options);
  }

  /** Every item of `accountBonusOperations`, one by one: page by page, 100 a page unless `limit` is given. */
  accountBonusOperationsAll(id: PathPart, request: wire.LoyaltyBonusOperationsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.LoyaltyOperation, exact.LoyaltyOperation>, void> {
    return this.#caller.all(METHODS[76], [id], request, options);
  }

  /**
   * Edits a participation.
   *
   * `POST /api/v5/loyalty/account/{id}/edit`. Scope `loyalty_write` (not in the reference; by its siblings). 10 requests a second.
   */
  accountEdit(id: PathPart, request: wire.LoyaltyAccountEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAccountCreateResponse, exact.LoyaltyAccountCreateResponse>> {
    return this.#caller.call(METHODS[77], [id], request, options);
  }

  /**
   * Participations that match the filter.
   *
   * `GET /api/v5/loyalty/accounts`. Scope `loyalty_read` (not in the reference; by its siblings). 10 requests a second.
   */
  accounts(request: wire.LoyaltyAccountsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAccountsResponse, exact.LoyaltyAccountsResponse>> {
    return this.#caller.call(METHODS[78], [], request, options);
  }

  /** Every item of `accounts`, one by one: page by page, 100 a page unless `limit` is given. */
  accountsAll(request: wire.LoyaltyAccountsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.LoyaltyAccount, exact.LoyaltyAccount>, void> {
    return this.#caller.all(METHODS[78], [], request, options);
  }

  /**
   * One participation by its id.
   *
   * `GET /api/v5/loyalty/account/{id}`. Scope `loyalty_read`. 10 requests a second.
   */
  accountGet(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAccountResponse, exact.LoyaltyAccountResponse>> {
    return this.#caller.call(METHODS[79], [id], undefined, options);
  }

  /**
   * Bonus history of all participations, by cursor.
   *
   * `GET /api/v5/loyalty/bonus/operations`. Scope `loyalty_read`. 10 requests a second.
   */
  bonusOperations(request: wire.LoyaltyAllBonusOperationsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyAllBonusOperationsResponse, exact.LoyaltyAllBonusOperationsResponse>> {
    return this.#caller.call(METHODS[80], [], request, options);
  }

  /** Every item of `bonusOperations`, one by one: follows the cursor, 100 a page unless `limit` is given. */
  bonusOperationsAll(request: wire.LoyaltyAllBonusOperationsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.LoyaltyOperation, exact.LoyaltyOperation>, void> {
    return this.#caller.all(METHODS[80], [], request, options);
  }

  /**
   * The greatest discount of an order by the customer's privileges.
   *
   * `POST /api/v5/loyalty/calculate`. Scope `loyalty_read`. 10 requests a second.
   */
  calculate(request: wire.LoyaltyCalculateRequest, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyCalculateResponse, exact.LoyaltyCalculateResponse>> {
    return this.#caller.call(METHODS[81], [], request, options);
  }

  /**
   * Loyalty programmes that match the filter.
   *
   * `GET /api/v5/loyalty/loyalties`. Scope `loyalty_read`. 10 requests a second.
   */
  loyalties(request: wire.LoyaltyLoyaltiesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyLoyaltiesResponse, exact.LoyaltyLoyaltiesResponse>> {
    return this.#caller.call(METHODS[82], [], request, options);
  }

  /** Every item of `loyalties`, one by one: page by page, 100 a page unless `limit` is given. */
  loyaltiesAll(request: wire.LoyaltyLoyaltiesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.Loyalty, exact.Loyalty>, void> {
    return this.#caller.all(METHODS[82], [], request, options);
  }

  /**
   * One loyalty programme by its id.
   *
   * `GET /api/v5/loyalty/loyalties/{id}`. Scope `loyalty_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyResponse, exact.LoyaltyResponse>> {
    return this.#caller.call(METHODS[83], [id], undefined, options);
  }

  /**
   * Bonuses that wait for activation or burn soon, by status waiting_activation or burn_soon.
   *
   * `GET /api/v5/loyalty/account/{id}/bonus/{status}/details`. Scope `loyalty_read`. 10 requests a second.
   */
  getBonusAccountDetails(id: PathPart, status: PathPart, request: wire.LoyaltyBonusAccountDetailsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.LoyaltyBonusAccountDetailsResponse, exact.LoyaltyBonusAccountDetailsResponse>> {
    return this.#caller.call(METHODS[84], [id, status], request, options);
  }

  /** Every item of `getBonusAccountDetails`, one by one: page by page, 100 a page unless `limit` is given. */
  getBonusAccountDetailsAll(id: PathPart, status: PathPart, request: wire.LoyaltyBonusAccountDetailsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.LoyaltyBonusDetail, exact.LoyaltyBonusDetail>, void> {
    return this.#caller.all(METHODS[84], [id, status], request, options);
  }
}

/** Methods of the group `notifications`. */
export class NotificationsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Sends a notification to users or to the group superadmins, one of the two.
   * A user takes at most 3 api.error an hour and 10 api.info in 30 minutes from one module.
   *
   * `POST /api/v5/notifications/send`. Scope `notification_write`. 10 requests a second.
   */
  send(request: wire.NotificationsSendRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[85], [], request, options);
  }
}

/** Methods of the group `orders`. */
export class OrdersMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Orders that match the filter; filter.numbers holds at most 100.
   *
   * `GET /api/v5/orders`. Scope `order_read`. 10 requests a second.
   */
  list(request: wire.OrdersRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.OrdersResponse, exact.OrdersResponse>> {
    return this.#caller.call(METHODS[86], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.OrdersRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.Order, exact.Order>, void> {
    return this.#caller.all(METHODS[86], [], request, options);
  }

  /**
   * Merges an order into another; the merged one is removed for good.
   * Runs later: success means accepted, the outcome shows in the history.
   *
   * `POST /api/v5/orders/combine`. Scope `order_write`. 10 requests a second.
   */
  combine(request: wire.OrdersCombineRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersCombineResponse, exact.OrdersCombineResponse>> {
    return this.#caller.call(METHODS[87], [], request, options);
  }

  /**
   * Creates an order.
   *
   * `POST /api/v5/orders/create`. Scope `order_write`. 10 requests a second.
   */
  create(request: wire.OrdersCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersCreateResponse, exact.OrdersCreateResponse>> {
    return this.#caller.call(METHODS[88], [], request, options);
  }

  /**
   * Records the external ids of orders.
   *
   * `POST /api/v5/orders/fix-external-ids`. Scope `order_write`. 10 requests a second.
   */
  fixExternalIds(request: wire.OrdersFixExternalIdsRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[89], [], request, options);
  }

  /**
   * Changes of orders.
   * Page with filter.sinceId, not with page.
   *
   * `GET /api/v5/orders/history`. Scope `order_read`. 10 requests a second.
   */
  history(request: wire.OrdersHistoryRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.OrdersHistoryResponse, exact.OrdersHistoryResponse>> {
    return this.#caller.call(METHODS[90], [], request, options);
  }

  /** Every item of `history`, one by one: follows `filter.sinceId`, 100 a page unless `limit` is given. */
  historyAll(request: wire.OrdersHistoryRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.OrderHistory, exact.OrderHistory>, void> {
    return this.#caller.all(METHODS[90], [], request, options);
  }

  /**
   * Links orders with each other.
   *
   * `POST /api/v5/orders/links/create`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second.
   */
  linksCreate(request: wire.OrdersLinksCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[91], [], request, options);
  }

  /**
   * Spends bonuses on an order.
   *
   * `POST /api/v5/orders/loyalty/apply`. Scope `order_write`. 10 requests a second.
   */
  loyaltyApply(request: wire.OrdersLoyaltyApplyRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersLoyaltyApplyResponse, exact.OrdersLoyaltyApplyResponse>> {
    return this.#caller.call(METHODS[92], [], request, options);
  }

  /**
   * Takes back the bonus operations of an order.
   *
   * `POST /api/v5/orders/loyalty/cancel-bonus-operations`. Scope `order_write`. 10 requests a second.
   */
  cancelBonusOperations(request: wire.OrderLoyaltyCancelBonusOperationsRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersGetResponse, exact.OrdersGetResponse>> {
    return this.#caller.call(METHODS[93], [], request, options);
  }

  /**
   * Adds a payment to an order.
   *
   * `POST /api/v5/orders/payments/create`. Scope `order_write`. 10 requests a second.
   */
  paymentsCreate(request: wire.OrdersPaymentsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[94], [], request, options);
  }

  /**
   * Deletes a payment.
   *
   * `POST /api/v5/orders/payments/{id}/delete`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentsDelete(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[95], [id], undefined, options);
  }

  /**
   * Edits a payment.
   *
   * `POST /api/v5/orders/payments/{identifier}/edit`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentsEdit(identifier: PathPart, request: wire.OrdersPaymentsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[96], [identifier], request, options);
  }

  /**
   * Statuses of orders by their ids or external ids.
   *
   * `GET /api/v5/orders/statuses`. Scope `order_read` (not in the reference; by its siblings). 10 requests a second.
   */
  statuses(request: wire.OrdersStatusesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.OrdersStatusesResponse, exact.OrdersStatusesResponse>> {
    return this.#caller.call(METHODS[97], [], request, options);
  }

  /**
   * Creates many orders at once.
   *
   * `POST /api/v5/orders/upload`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second, at most 50 `orders` (not in the reference).
   */
  upload(request: wire.OrdersUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersUploadResponse, exact.OrdersUploadResponse>> {
    return this.#caller.call(METHODS[98], [], request, options);
  }

  /** `upload` for any number of `orders`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  uploadInBatches(request: wire.OrdersUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.OrdersUploadResponse, exact.OrdersUploadResponse>>, void> {
    return this.#caller.batches(METHODS[98], [], request, options);
  }

  /**
   * One order, by external id or by id (by).
   *
   * `GET /api/v5/orders/{identifier}`. Scope `order_read`. 10 requests a second.
   */
  get(identifier: PathPart, request: wire.BySiteRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.OrdersGetResponse, exact.OrdersGetResponse>> {
    return this.#caller.call(METHODS[99], [identifier], request, options);
  }

  /**
   * Edits an order, found by external id or by id (by).
   *
   * `POST /api/v5/orders/{identifier}/edit`. Scope `order_write`. 10 requests a second.
   */
  edit(identifier: PathPart, request: wire.OrdersEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.OrdersCreateResponse, exact.OrdersCreateResponse>> {
    return this.#caller.call(METHODS[100], [identifier], request, options);
  }

  /**
   * Cancels the integrated delivery of an order; force cancels it in the CRM even when the service refuses.
   *
   * `POST /api/v5/orders/{identifier}/delivery/cancel`. Scope `order_write`. 10 requests a second.
   */
  deliveryCancel(identifier: PathPart, request: wire.OrderDeliveryCancelRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[101], [identifier], request, options);
  }

  /**
   * A printed form of an order as a stream, its name in Content-Disposition.
   *
   * `GET /api/v5/orders/{identifier}/plates/{plateId}/print`. Scope `order_read`. 10 requests a second.
   */
  platesPrint(identifier: PathPart, plateId: PathPart, request: wire.BySiteRequest = {}, options?: CallOptions): Promise<CrmFile> {
    return this.#caller.file(METHODS[102], [identifier, plateId], request, options);
  }
}

/** Methods of the group `packs`. */
export class PacksMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Packs that match the filter.
   *
   * `GET /api/v5/orders/packs`. Scope `order_read` (not in the reference; by its siblings). 10 requests a second.
   */
  list(request: wire.PacksRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.PacksResponse, exact.PacksResponse>> {
    return this.#caller.call(METHODS[103], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.PacksRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.PacksOrderProductPack, exact.PacksOrderProductPack>, void> {
    return this.#caller.all(METHODS[103], [], request, options);
  }

  /**
   * Creates a pack; not for cancelled items and services.
   *
   * `POST /api/v5/orders/packs/create`. Scope `order_write`. 10 requests a second.
   */
  create(request: wire.PacksCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[104], [], request, options);
  }

  /**
   * Changes of packs.
   * Page with filter.sinceId, not with page.
   *
   * `GET /api/v5/orders/packs/history`. Scope `order_read` (not in the reference; by its siblings). 10 requests a second.
   */
  history(request: wire.PacksHistoryRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.PacksHistoryResponse, exact.PacksHistoryResponse>> {
    return this.#caller.call(METHODS[105], [], request, options);
  }

  /** Every item of `history`, one by one: follows `filter.sinceId`, 100 a page unless `limit` is given. */
  historyAll(request: wire.PacksHistoryRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.PacksOrderProductPackHistory, exact.PacksOrderProductPackHistory>, void> {
    return this.#caller.all(METHODS[105], [], request, options);
  }

  /**
   * One pack by its id.
   *
   * `GET /api/v5/orders/packs/{id}`. Scope `order_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.PacksGetResponse, exact.PacksGetResponse>> {
    return this.#caller.call(METHODS[106], [id], undefined, options);
  }

  /**
   * Deletes a pack.
   *
   * `POST /api/v5/orders/packs/{id}/delete`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second.
   */
  delete(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[107], [id], undefined, options);
  }

  /**
   * Edits a pack.
   *
   * `POST /api/v5/orders/packs/{id}/edit`. Scope `order_write` (not in the reference; by its siblings). 10 requests a second.
   */
  edit(id: PathPart, request: wire.PacksCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[108], [id], request, options);
  }
}

/** Methods of the group `payments`. */
export class PaymentsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Asks whether an invoice may be captured with this amount.
   *
   * `POST /api/v5/payment/check`. Scope `payments_read`. 10 requests a second.
   */
  check(request: wire.PaymentCheckRequest, options?: CallOptions): Promise<Reply<Mode, wire.PaymentCheckResponse, exact.PaymentCheckResponse>> {
    return this.#caller.call(METHODS[109], [], request, options);
  }

  /**
   * Creates a payment link for a payment.
   *
   * `POST /api/v5/payment/create-invoice`. Scope `payments_write`. 10 requests a second.
   */
  createInvoice(request: wire.PaymentCreateInvoiceRequest, options?: CallOptions): Promise<Reply<Mode, wire.PaymentCreateInvoiceResponse, exact.PaymentCreateInvoiceResponse>> {
    return this.#caller.call(METHODS[110], [], request, options);
  }

  /**
   * Tells the CRM an invoice's new state.
   *
   * `POST /api/v5/payment/update-invoice`. Scope `payments_write`. 10 requests a second.
   */
  updateInvoice(request: wire.PaymentUpdateInvoiceRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[111], [], request, options);
  }

  /**
   * One invoice by its uuid.
   *
   * `GET /api/v5/payment/invoice/{invoiceUuid}`. Scope `payments_read` (not in the reference; by its siblings). 10 requests a second.
   */
  getInvoice(invoiceUuid: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.PaymentGetInvoiceResponse, exact.PaymentGetInvoiceResponse>> {
    return this.#caller.call(METHODS[112], [invoiceUuid], undefined, options);
  }

  /**
   * Imports a paid invoice; its status and those of its refunds can only be succeeded.
   *
   * `POST /api/v5/payment/invoice/import`. Scope `payments_write`. 10 requests a second.
   */
  importInvoice(request: wire.PaymentImportInvoiceRequest, options?: CallOptions): Promise<Reply<Mode, wire.PaymentImportInvoiceResponse, exact.PaymentImportInvoiceResponse>> {
    return this.#caller.call(METHODS[113], [], request, options);
  }
}

/** Methods of the group `references`. */
export class ReferencesMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Groups of costs.
   *
   * `GET /api/v5/reference/cost-groups`. Scope `reference_read`. 10 requests a second.
   */
  costGroups(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesCostGroupsResponse, exact.ReferencesCostGroupsResponse>> {
    return this.#caller.call(METHODS[114], [], undefined, options);
  }

  /**
   * Creates or edits a group of costs.
   *
   * `POST /api/v5/reference/cost-groups/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  costGroupsEdit(code: PathPart, request: wire.ReferencesCostGroupsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[115], [code], request, options);
  }

  /**
   * Items of costs.
   *
   * `GET /api/v5/reference/cost-items`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  costItems(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesCostItemsResponse, exact.ReferencesCostItemsResponse>> {
    return this.#caller.call(METHODS[116], [], undefined, options);
  }

  /**
   * Creates or edits an item of costs.
   *
   * `POST /api/v5/reference/cost-items/{code}/edit`. Scope `reference_write`. 10 requests a second.
   */
  costItemsEdit(code: PathPart, request: wire.ReferencesCostItemsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[117], [code], request, options);
  }

  /**
   * Countries of the account, ISO 3166 codes.
   *
   * `GET /api/v5/reference/countries`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  countries(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesCountriesResponse, exact.ReferencesCountriesResponse>> {
    return this.#caller.call(METHODS[118], [], undefined, options);
  }

  /**
   * Couriers.
   *
   * `GET /api/v5/reference/couriers`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  couriers(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesCouriersResponse, exact.ReferencesCouriersResponse>> {
    return this.#caller.call(METHODS[119], [], undefined, options);
  }

  /**
   * Creates a courier.
   *
   * `POST /api/v5/reference/couriers/create`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  couriersCreate(request: wire.ReferencesCouriersCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[120], [], request, options);
  }

  /**
   * Edits a courier.
   *
   * `POST /api/v5/reference/couriers/{id}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  couriersEdit(id: PathPart, request: wire.ReferencesCouriersCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[121], [id], request, options);
  }

  /**
   * Currencies with their conversion.
   *
   * `GET /api/v5/reference/currencies`. Scope `reference_read`. 10 requests a second.
   */
  currencies(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesCurrenciesResponse, exact.ReferencesCurrenciesResponse>> {
    return this.#caller.call(METHODS[122], [], undefined, options);
  }

  /**
   * Creates an additional currency.
   *
   * `POST /api/v5/reference/currencies/create`. Scope `reference_write`. 10 requests a second.
   */
  currenciesCreate(request: wire.ReferencesCurrenciesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[123], [], request, options);
  }

  /**
   * Edits a currency; of the base one only its code.
   *
   * `POST /api/v5/reference/currencies/{id}/edit`. Scope `reference_write`. 10 requests a second.
   */
  currenciesEdit(id: PathPart, request: wire.ReferencesCurrenciesCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[124], [id], request, options);
  }

  /**
   * Delivery services.
   *
   * `GET /api/v5/reference/delivery-services`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  deliveryServices(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesDeliveryServicesResponse, exact.ReferencesDeliveryServicesResponse>> {
    return this.#caller.call(METHODS[125], [], undefined, options);
  }

  /**
   * Creates or edits a delivery service.
   *
   * `POST /api/v5/reference/delivery-services/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  deliveryServicesEdit(code: PathPart, request: wire.ReferencesDeliveryServicesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[126], [code], request, options);
  }

  /**
   * Delivery types.
   *
   * `GET /api/v5/reference/delivery-types`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  deliveryTypes(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesDeliveryTypesResponse, exact.ReferencesDeliveryTypesResponse>> {
    return this.#caller.call(METHODS[127], [], undefined, options);
  }

  /**
   * Creates or edits a delivery type.
   *
   * `POST /api/v5/reference/delivery-types/{code}/edit`. Scope `reference_write`. 10 requests a second.
   */
  deliveryTypesEdit(code: PathPart, request: wire.ReferencesDeliveryTypesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[128], [code], request, options);
  }

  /**
   * Legal entities.
   *
   * `GET /api/v5/reference/legal-entities`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  legalEntities(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesLegalEntitiesResponse, exact.ReferencesLegalEntitiesResponse>> {
    return this.#caller.call(METHODS[129], [], undefined, options);
  }

  /**
   * Creates or edits a legal entity.
   *
   * `POST /api/v5/reference/legal-entities/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  legalEntitiesEdit(code: PathPart, request: wire.ReferencesLegalEntityEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[130], [code], request, options);
  }

  /**
   * Chat channels.
   *
   * `GET /api/v5/reference/mg-channels`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  mgChannels(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesMgChannelsResponse, exact.ReferencesMgChannelsResponse>> {
    return this.#caller.call(METHODS[131], [], undefined, options);
  }

  /**
   * Order methods.
   *
   * `GET /api/v5/reference/order-methods`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  orderMethods(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesOrderMethodsResponse, exact.ReferencesOrderMethodsResponse>> {
    return this.#caller.call(METHODS[132], [], undefined, options);
  }

  /**
   * Creates or edits an order method.
   *
   * `POST /api/v5/reference/order-methods/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  orderMethodsEdit(code: PathPart, request: wire.ReferencesOrderMethodsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[133], [code], request, options);
  }

  /**
   * Order types.
   *
   * `GET /api/v5/reference/order-types`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  orderTypes(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesOrderTypesResponse, exact.ReferencesOrderTypesResponse>> {
    return this.#caller.call(METHODS[134], [], undefined, options);
  }

  /**
   * Creates or edits an order type.
   *
   * `POST /api/v5/reference/order-types/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  orderTypesEdit(code: PathPart, request: wire.ReferencesOrderTypesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[135], [code], request, options);
  }

  /**
   * Payment statuses.
   *
   * `GET /api/v5/reference/payment-statuses`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentStatuses(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesPaymentStatusesResponse, exact.ReferencesPaymentStatusesResponse>> {
    return this.#caller.call(METHODS[136], [], undefined, options);
  }

  /**
   * Creates or edits a payment status.
   *
   * `POST /api/v5/reference/payment-statuses/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentStatusesEdit(code: PathPart, request: wire.ReferencesPaymentStatusesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[137], [code], request, options);
  }

  /**
   * Payment types.
   *
   * `GET /api/v5/reference/payment-types`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentTypes(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesPaymentTypesResponse, exact.ReferencesPaymentTypesResponse>> {
    return this.#caller.call(METHODS[138], [], undefined, options);
  }

  /**
   * Creates or edits a payment type.
   *
   * `POST /api/v5/reference/payment-types/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  paymentTypesEdit(code: PathPart, request: wire.ReferencesPaymentTypesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[139], [code], request, options);
  }

  /**
   * Price types.
   *
   * `GET /api/v5/reference/price-types`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  priceTypes(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesPriceTypesResponse, exact.ReferencesPriceTypesResponse>> {
    return this.#caller.call(METHODS[140], [], undefined, options);
  }

  /**
   * Creates or edits a price type.
   *
   * `POST /api/v5/reference/price-types/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  priceTypesEdit(code: PathPart, request: wire.ReferencesPriceTypesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[141], [code], request, options);
  }

  /**
   * Statuses of order items.
   *
   * `GET /api/v5/reference/product-statuses`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  productStatuses(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesProductStatusesResponse, exact.ReferencesProductStatusesResponse>> {
    return this.#caller.call(METHODS[142], [], undefined, options);
  }

  /**
   * Creates or edits a status of order items.
   *
   * `POST /api/v5/reference/product-statuses/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  productStatusesEdit(code: PathPart, request: wire.ReferencesProductStatusesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[143], [code], request, options);
  }

  /**
   * Sites (stores) of the account.
   *
   * `GET /api/v5/reference/sites`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  sites(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesSitesResponse, exact.ReferencesSitesResponse>> {
    return this.#caller.call(METHODS[144], [], undefined, options);
  }

  /**
   * Creates or edits a site.
   *
   * `POST /api/v5/reference/sites/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  sitesEdit(code: PathPart, request: wire.ReferencesSitesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[145], [code], request, options);
  }

  /**
   * Groups of order statuses.
   *
   * `GET /api/v5/reference/status-groups`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  statusGroups(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesStatusGroupsResponse, exact.ReferencesStatusGroupsResponse>> {
    return this.#caller.call(METHODS[146], [], undefined, options);
  }

  /**
   * Order statuses.
   *
   * `GET /api/v5/reference/statuses`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  statuses(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesStatusesResponse, exact.ReferencesStatusesResponse>> {
    return this.#caller.call(METHODS[147], [], undefined, options);
  }

  /**
   * Creates or edits an order status.
   *
   * `POST /api/v5/reference/statuses/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  statusesEdit(code: PathPart, request: wire.ReferencesStatusesEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[148], [code], request, options);
  }

  /**
   * Warehouses.
   *
   * `GET /api/v5/reference/stores`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  stores(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesStoresResponse, exact.ReferencesStoresResponse>> {
    return this.#caller.call(METHODS[149], [], undefined, options);
  }

  /**
   * Creates or edits a warehouse.
   *
   * `POST /api/v5/reference/stores/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  storesEdit(code: PathPart, request: wire.ReferencesStoresEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[150], [code], request, options);
  }

  /**
   * Units of measure.
   *
   * `GET /api/v5/reference/units`. Scope `reference_read` (not in the reference; by its siblings). 10 requests a second.
   */
  units(options?: CallOptions): Promise<Reply<Mode, wire.ReferencesUnitsResponse, exact.ReferencesUnitsResponse>> {
    return this.#caller.call(METHODS[151], [], undefined, options);
  }

  /**
   * Creates or edits a unit of measure.
   *
   * `POST /api/v5/reference/units/{code}/edit`. Scope `reference_write` (not in the reference; by its siblings). 10 requests a second.
   */
  unitsEdit(code: PathPart, request: wire.ReferencesUnitsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[152], [code], request, options);
  }
}

/** Methods of the group `segments`. */
export class SegmentsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Customer segments that match the filter.
   *
   * `GET /api/v5/segments`. Scope `segment_read` (not in the reference; by its siblings). 10 requests a second.
   */
  list(request: wire.SegmentsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.SegmentsResponse, exact.SegmentsResponse>> {
    return this.#caller.call(METHODS[153], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.SegmentsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.CustomersSegment, exact.CustomersSegment>, void> {
    return this.#caller.all(METHODS[153], [], request, options);
  }
}

/** Methods of the group `settings`. */
export class SettingsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * The account's currency, language, time zone, working hours.
   *
   * `GET /api/v5/settings`. The reference names no scope. 10 requests a second.
   */
  get(options?: CallOptions): Promise<Reply<Mode, wire.SettingsResponse, exact.SettingsResponse>> {
    return this.#caller.call(METHODS[154], [], undefined, options);
  }
}

/** Methods of the group `statistics`. */
export class StatisticsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Queues a recalculation of the account's statistics.
   *
   * `GET /api/v5/statistic/update`. Scope `analytics_write`. 10 requests a second.
   */
  update(options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[155], [], undefined, options);
  }
}

/** Methods of the group `store`. */
export class StoreMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Stock and purchase prices of offers; filter.details=1 adds warehouses.
   *
   * `GET /api/v5/store/inventories`. Scope `store_read`. 10 requests a second.
   */
  inventories(request: wire.StoreInventoriesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreInventoriesResponse, exact.StoreInventoriesResponse>> {
    return this.#caller.call(METHODS[156], [], request, options);
  }

  /** Every item of `inventories`, one by one: page by page, 100 a page unless `limit` is given. */
  inventoriesAll(request: wire.StoreInventoriesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreOffer, exact.StoreOffer>, void> {
    return this.#caller.all(METHODS[156], [], request, options);
  }

  /**
   * Sets stock and purchase prices by warehouse; an offer names at most 500 warehouses.
   *
   * `POST /api/v5/store/inventories/upload`. Scope `store_write`. 10 requests a second, at most 250 `offers`.
   */
  inventoriesUpload(request: wire.StoreInventoriesUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.StoreInventoriesUploadResponse, exact.StoreInventoriesUploadResponse>> {
    return this.#caller.call(METHODS[157], [], request, options);
  }

  /** `inventoriesUpload` for any number of `offers`: 250 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  inventoriesUploadInBatches(request: wire.StoreInventoriesUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.StoreInventoriesUploadResponse, exact.StoreInventoriesUploadResponse>>, void> {
    return this.#caller.batches(METHODS[157], [], request, options);
  }

  /**
   * Sets prices of offers.
   *
   * `POST /api/v5/store/prices/upload`. Scope `store_write` (not in the reference; by its siblings). 10 requests a second, at most 250 `prices` (not in the reference).
   */
  pricesUpload(request: wire.StorePricesUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.StorePricesUploadResponse, exact.StorePricesUploadResponse>> {
    return this.#caller.call(METHODS[158], [], request, options);
  }

  /** `pricesUpload` for any number of `prices`: 250 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  pricesUploadInBatches(request: wire.StorePricesUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.StorePricesUploadResponse, exact.StorePricesUploadResponse>>, void> {
    return this.#caller.batches(METHODS[158], [], request, options);
  }

  /**
   * Product groups that match the filter.
   *
   * `GET /api/v5/store/product-groups`. Scope `store_read`. 10 requests a second.
   */
  productGroups(request: wire.StoreProductGroupsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductGroupsResponse, exact.StoreProductGroupsResponse>> {
    return this.#caller.call(METHODS[159], [], request, options);
  }

  /** Every item of `productGroups`, one by one: page by page, 100 a page unless `limit` is given. */
  productGroupsAll(request: wire.StoreProductGroupsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreProductGroup, exact.StoreProductGroup>, void> {
    return this.#caller.all(METHODS[159], [], request, options);
  }

  /**
   * Creates a product group.
   *
   * `POST /api/v5/store/product-groups/create`. Scope `store_write`. 10 requests a second.
   */
  productGroupsCreate(request: wire.StoreProductGroupsCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[160], [], request, options);
  }

  /**
   * Edits a product group, found by external id or by id (by).
   *
   * `POST /api/v5/store/product-groups/{identifier}/edit`. Scope `store_write`. 10 requests a second.
   */
  productGroupsEdit(identifier: PathPart, request: wire.StoreProductGroupsEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[161], [identifier], request, options);
  }

  /**
   * Products with their offers; follow changes with filter.sinceId.
   *
   * `GET /api/v5/store/products`. Scope `store_read`. 10 requests a second.
   */
  products(request: wire.StoreProductsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductsResponse, exact.StoreProductsResponse>> {
    return this.#caller.call(METHODS[162], [], request, options);
  }

  /** Every item of `products`, one by one: page by page, or by `filter.sinceId` when it is given, 100 a page unless `limit` is given. */
  productsAll(request: wire.StoreProductsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreProduct, exact.StoreProduct>, void> {
    return this.#caller.all(METHODS[162], [], request, options);
  }

  /**
   * Properties of products that match the filter.
   *
   * `GET /api/v5/store/products/properties`. Scope `store_read`. 10 requests a second.
   */
  productsProperties(request: wire.StoreProductPropertiesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductPropertiesResponse, exact.StoreProductPropertiesResponse>> {
    return this.#caller.call(METHODS[163], [], request, options);
  }

  /** Every item of `productsProperties`, one by one: page by page, 100 a page unless `limit` is given. */
  productsPropertiesAll(request: wire.StoreProductPropertiesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreProductProperty, exact.StoreProductProperty>, void> {
    return this.#caller.all(METHODS[163], [], request, options);
  }

  /**
   * Edits many products and services at once.
   *
   * `POST /api/v5/store/products/batch/edit`. Scope `store_write`. 10 requests a second, at most 50 `products`.
   */
  productBatchEdit(request: wire.StoreProductBatchEditRequest, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductBatchEditResponse, exact.StoreProductBatchEditResponse>> {
    return this.#caller.call(METHODS[164], [], request, options);
  }

  /** `productBatchEdit` for any number of `products`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  productBatchEditInBatches(request: wire.StoreProductBatchEditRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.StoreProductBatchEditResponse, exact.StoreProductBatchEditResponse>>, void> {
    return this.#caller.batches(METHODS[164], [], request, options);
  }

  /**
   * Creates many products and services at once.
   *
   * `POST /api/v5/store/products/batch/create`. Scope `store_write`. 10 requests a second, at most 50 `products`.
   */
  productsBatchCreate(request: wire.StoreProductsBatchCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductsBatchCreateResponse, exact.StoreProductsBatchCreateResponse>> {
    return this.#caller.call(METHODS[165], [], request, options);
  }

  /** `productsBatchCreate` for any number of `products`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  productsBatchCreateInBatches(request: wire.StoreProductsBatchCreateRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.StoreProductsBatchCreateResponse, exact.StoreProductsBatchCreateResponse>>, void> {
    return this.#caller.batches(METHODS[165], [], request, options);
  }

  /**
   * Offers that match the filter; follow changes with filter.sinceId.
   *
   * `GET /api/v5/store/offers`. Scope `store_read` (not in the reference; by its siblings). 10 requests a second.
   */
  offers(request: wire.StoreOffersRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreOffersResponse, exact.StoreOffersResponse>> {
    return this.#caller.call(METHODS[166], [], request, options);
  }

  /** Every item of `offers`, one by one: page by page, or by `filter.sinceId` when it is given, 100 a page unless `limit` is given. */
  offersAll(request: wire.StoreOffersRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreProductOfferOfStore, exact.StoreProductOfferOfStore>, void> {
    return this.#caller.all(METHODS[166], [], request, options);
  }

  /**
   * Values of product properties that match the filter.
   *
   * `GET /api/v5/store/products/properties/values`. Scope `store_read` (not in the reference; by its siblings). 10 requests a second.
   */
  productsPropertyValues(request: wire.StoreProductPropertyValuesRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.StoreProductPropertyValuesResponse, exact.StoreProductPropertyValuesResponse>> {
    return this.#caller.call(METHODS[167], [], request, options);
  }

  /** Every item of `productsPropertyValues`, one by one: page by page, 100 a page unless `limit` is given. */
  productsPropertyValuesAll(request: wire.StoreProductPropertyValuesRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.StoreProductPropertyValue, exact.StoreProductPropertyValue>, void> {
    return this.#caller.all(METHODS[167], [], request, options);
  }
}

/** Methods of the group `tasks`. */
export class TasksMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Tasks that match the filter.
   *
   * `GET /api/v5/tasks`. Scope `task_read`. 10 requests a second.
   */
  list(request: wire.TasksRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.TasksResponse, exact.TasksResponse>> {
    return this.#caller.call(METHODS[168], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.TasksRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.Task, exact.Task>, void> {
    return this.#caller.all(METHODS[168], [], request, options);
  }

  /**
   * Creates a task; its date lies ahead.
   *
   * `POST /api/v5/tasks/create`. Scope `task_write`. 10 requests a second.
   */
  create(request: wire.TasksCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.IdResponse, exact.IdResponse>> {
    return this.#caller.call(METHODS[169], [], request, options);
  }

  /**
   * One task by its id.
   *
   * `GET /api/v5/tasks/{id}`. Scope `task_read` (not in the reference; by its siblings). 10 requests a second.
   */
  get(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.TasksGetResponse, exact.TasksGetResponse>> {
    return this.#caller.call(METHODS[170], [id], undefined, options);
  }

  /**
   * Edits a task.
   *
   * `POST /api/v5/tasks/{id}/edit`. Scope `task_write`. 10 requests a second.
   */
  edit(id: PathPart, request: wire.TasksCreateRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[171], [id], request, options);
  }

  /**
   * Changes of tasks.
   * Page with filter.sinceId, not with page.
   *
   * `GET /api/v5/tasks/history`. Scope `task_read`. 10 requests a second.
   */
  history(request: wire.TaskHistoryRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.TasksHistoryResponse, exact.TasksHistoryResponse>> {
    return this.#caller.call(METHODS[172], [], request, options);
  }

  /** Every item of `history`, one by one: follows `filter.sinceId`, 100 a page unless `limit` is given. */
  historyAll(request: wire.TaskHistoryRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.TaskHistory, exact.TaskHistory>, void> {
    return this.#caller.all(METHODS[172], [], request, options);
  }

  /**
   * Comments of a task.
   *
   * `GET /api/v5/tasks/{id}/comments`. Scope `task_read` (not in the reference; by its siblings). 10 requests a second.
   */
  getComments(id: PathPart, request: wire.TaskGetCommentsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.TaskGetCommentsResponse, exact.TaskGetCommentsResponse>> {
    return this.#caller.call(METHODS[173], [id], request, options);
  }

  /** Every item of `getComments`, one by one: page by page, 100 a page unless `limit` is given. */
  getCommentsAll(id: PathPart, request: wire.TaskGetCommentsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.TaskComment, exact.TaskComment>, void> {
    return this.#caller.all(METHODS[173], [id], request, options);
  }
}

/** Methods of the group `telephony`. */
export class TelephonyMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Tells of an incoming, outgoing or ended call.
   *
   * `POST /api/v5/telephony/call/event`. Scope `telephony_write`. 40 requests a second.
   */
  callEvent(request: wire.TelephonyCallEventRequest, options?: CallOptions): Promise<Reply<Mode, wire.TelephonyCallEventResponse, exact.TelephonyCallEventResponse>> {
    return this.#caller.call(METHODS[174], [], request, options);
  }

  /**
   * Stores calls that ended; one with a known externalId is not stored again.
   *
   * `POST /api/v5/telephony/calls/upload`. Scope `telephony_write`. 40 requests a second, at most 50 `calls`.
   */
  callsUpload(request: wire.TelephonyCallsUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.TelephonyCallsUploadResponse, exact.TelephonyCallsUploadResponse>> {
    return this.#caller.call(METHODS[175], [], request, options);
  }

  /** `callsUpload` for any number of `calls`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  callsUploadInBatches(request: wire.TelephonyCallsUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.TelephonyCallsUploadResponse, exact.TelephonyCallsUploadResponse>>, void> {
    return this.#caller.batches(METHODS[175], [], request, options);
  }

  /**
   * The manager responsible for a phone number, when online and free.
   *
   * `GET /api/v5/telephony/manager`. Scope `telephony_read`. 40 requests a second.
   */
  manager(request: wire.TelephonyManagerRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.TelephonyManagerResponse, exact.TelephonyManagerResponse>> {
    return this.#caller.call(METHODS[176], [], request, options);
  }
}

/** Methods of the group `users`. */
export class UsersMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Groups of users.
   *
   * `GET /api/v5/user-groups`. Scope `user_read`. 10 requests a second.
   */
  userGroups(request: wire.UserGroupsRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.UserGroupsResponse, exact.UserGroupsResponse>> {
    return this.#caller.call(METHODS[177], [], request, options);
  }

  /** Every item of `userGroups`, one by one: page by page, 100 a page unless `limit` is given. */
  userGroupsAll(request: wire.UserGroupsRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.UsersGroup, exact.UsersGroup>, void> {
    return this.#caller.all(METHODS[177], [], request, options);
  }

  /**
   * Users that match the filter.
   *
   * `GET /api/v5/users`. Scope `user_read`. 10 requests a second.
   */
  list(request: wire.UsersRequest = {}, options?: CallOptions): Promise<Reply<Mode, wire.UsersResponse, exact.UsersResponse>> {
    return this.#caller.call(METHODS[178], [], request, options);
  }

  /** Every item of `list`, one by one: page by page, 100 a page unless `limit` is given. */
  listAll(request: wire.UsersRequest = {}, options?: CallOptions): AsyncGenerator<Reply<Mode, wire.User, exact.User>, void> {
    return this.#caller.all(METHODS[178], [], request, options);
  }

  /**
   * One user by its id.
   *
   * `GET /api/v5/users/{id}`. Scope `user_read`. 10 requests a second.
   */
  get(id: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.UsersGetResponse, exact.UsersGetResponse>> {
    return this.#caller.call(METHODS[179], [id], undefined, options);
  }

  /**
   * Sets a user's status: free, busy, dinner or break.
   *
   * `POST /api/v5/users/{id}/status`. Scope `user_write`. 10 requests a second.
   */
  status(id: PathPart, request: wire.UsersStatusRequest, options?: CallOptions): Promise<Reply<Mode, wire.SuccessResponse, exact.SuccessResponse>> {
    return this.#caller.call(METHODS[180], [id], request, options);
  }
}

/** Methods of the group `verification`. */
export class VerificationMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Confirms an SMS code.
   *
   * `POST /api/v5/verification/sms/confirm`. Scope `verification_write`. 10 requests a second.
   */
  smsConfirm(request: wire.VerificationSmsVerificationConfirmRequest, options?: CallOptions): Promise<Reply<Mode, wire.VerificationSmsVerificationConfirmResponse, exact.VerificationSmsVerificationConfirmResponse>> {
    return this.#caller.call(METHODS[181], [], request, options);
  }

  /**
   * State of an SMS check.
   *
   * `GET /api/v5/verification/sms/{checkId}/status`. Scope `verification_read`. 10 requests a second.
   */
  smsStatus(checkId: PathPart, options?: CallOptions): Promise<Reply<Mode, wire.VerificationSmsVerificationStatusResponse, exact.VerificationSmsVerificationStatusResponse>> {
    return this.#caller.call(METHODS[182], [checkId], undefined, options);
  }
}

/** Methods of the group `webAnalytics`. */
export class WebAnalyticsMethods<Mode extends ReplyMode = 'wire'> {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Uploads sources of web visits.
   *
   * `POST /api/v5/web-analytics/sources/upload`. Scope `web_analytics_write`. 10 requests a second, at most 100 `sources`.
   */
  sourcesUpload(request: wire.WebAnalyticsSourcesUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.WebAnalyticsSourcesUploadResponse, exact.WebAnalyticsSourcesUploadResponse>> {
    return this.#caller.call(METHODS[183], [], request, options);
  }

  /** `sourcesUpload` for any number of `sources`: 100 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  sourcesUploadInBatches(request: wire.WebAnalyticsSourcesUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.WebAnalyticsSourcesUploadResponse, exact.WebAnalyticsSourcesUploadResponse>>, void> {
    return this.#caller.batches(METHODS[183], [], request, options);
  }

  /**
   * Uploads client ids of web analytics.
   *
   * `POST /api/v5/web-analytics/client-ids/upload`. Scope `web_analytics_write`. 10 requests a second, at most 100 `clientIds`.
   */
  clientIdsUpload(request: wire.WebAnalyticsClientIdUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.WebAnalyticsClientIdUploadResponse, exact.WebAnalyticsClientIdUploadResponse>> {
    return this.#caller.call(METHODS[184], [], request, options);
  }

  /** `clientIdsUpload` for any number of `clientIds`: 100 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  clientIdsUploadInBatches(request: wire.WebAnalyticsClientIdUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.WebAnalyticsClientIdUploadResponse, exact.WebAnalyticsClientIdUploadResponse>>, void> {
    return this.#caller.batches(METHODS[184], [], request, options);
  }

  /**
   * Uploads web visits.
   *
   * `POST /api/v5/web-analytics/visits/upload`. Scope `web_analytics_write`. 10 requests a second, at most 50 `visits`.
   */
  visitsUpload(request: wire.WebAnalyticsVisitsUploadRequest, options?: CallOptions): Promise<Reply<Mode, wire.WebAnalyticsVisitsUploadResponse, exact.WebAnalyticsVisitsUploadResponse>> {
    return this.#caller.call(METHODS[185], [], request, options);
  }

  /** `visitsUpload` for any number of `visits`: 50 to a call, one report for each call; an error is in its report and the next batch is sent when you ask for it. */
  visitsUploadInBatches(request: wire.WebAnalyticsVisitsUploadRequest, options?: BatchOptions): AsyncGenerator<BatchReport<Reply<Mode, wire.WebAnalyticsVisitsUploadResponse, exact.WebAnalyticsVisitsUploadResponse>>, void> {
    return this.#caller.batches(METHODS[185], [], request, options);
  }
}

/** All groups of the API. */
export class CrmApi<Mode extends ReplyMode = 'wire'> {
  readonly api: ApiMethods<Mode>;
  readonly costs: CostsMethods<Mode>;
  readonly customFields: CustomFieldsMethods<Mode>;
  readonly customerInteraction: CustomerInteractionMethods<Mode>;
  readonly customers: CustomersMethods<Mode>;
  readonly customersCorporate: CustomersCorporateMethods<Mode>;
  readonly delivery: DeliveryMethods<Mode>;
  readonly features: FeaturesMethods<Mode>;
  readonly files: FilesMethods<Mode>;
  readonly integration: IntegrationMethods<Mode>;
  readonly loyalty: LoyaltyMethods<Mode>;
  readonly notifications: NotificationsMethods<Mode>;
  readonly orders: OrdersMethods<Mode>;
  readonly packs: PacksMethods<Mode>;
  readonly payments: PaymentsMethods<Mode>;
  readonly references: ReferencesMethods<Mode>;
  readonly segments: SegmentsMethods<Mode>;
  readonly settings: SettingsMethods<Mode>;
  readonly statistics: StatisticsMethods<Mode>;
  readonly store: StoreMethods<Mode>;
  readonly tasks: TasksMethods<Mode>;
  readonly telephony: TelephonyMethods<Mode>;
  readonly users: UsersMethods<Mode>;
  readonly verification: VerificationMethods<Mode>;
  readonly webAnalytics: WebAnalyticsMethods<Mode>;

  constructor(caller: Caller) {
    this.api = new ApiMethods(caller);
    this.costs = new CostsMethods(caller);
    this.customFields = new CustomFieldsMethods(caller);
    this.customerInteraction = new CustomerInteractionMethods(caller);
    this.customers = new CustomersMethods(caller);
    this.customersCorporate = new CustomersCorporateMethods(caller);
    this.delivery = new DeliveryMethods(caller);
    this.features = new FeaturesMethods(caller);
    this.files = new FilesMethods(caller);
    this.integration = new IntegrationMethods(caller);
    this.loyalty = new LoyaltyMethods(caller);
    this.notifications = new NotificationsMethods(caller);
    this.orders = new OrdersMethods(caller);
    this.packs = new PacksMethods(caller);
    this.payments = new PaymentsMethods(caller);
    this.references = new ReferencesMethods(caller);
    this.segments = new SegmentsMethods(caller);
    this.settings = new SettingsMethods(caller);
    this.statistics = new StatisticsMethods(caller);
    this.store = new StoreMethods(caller);
    this.tasks = new TasksMethods(caller);
    this.telephony = new TelephonyMethods(caller);
    this.users = new UsersMethods(caller);
    this.verification = new VerificationMethods(caller);
    this.webAnalytics = new WebAnalyticsMethods(caller);
  }
}
