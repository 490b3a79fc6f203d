import { ApiError, invalid, notFound } from '../engine/api-error.js';
import type { Call, Handlers } from '../engine/call.js';
import { type Json, type JsonObject, asList, asObject, asObjects, asText, isObject, pick } from '../json.js';
import { buildChatToken, registerBot, registerTransport } from '../module/chat-gateway.js';
import { checkRegistration, type FieldErrors, readModuleCode } from '../module/registration.js';
import type { Sandbox } from '../sandbox.js';
import type { AccountContext } from '../store/account-context.js';

/** `integration-modules/*`: registrations of modules, checked strictly, and keys with more scopes. */
export function integrationHandlers(sandbox: Sandbox): Handlers {
  return {
    'integration.get': (call) => {
      const module = call.crm.account.modules[call.path['code'] ?? ''];
      if (!module) throw notFound();
      return { integrationModule: { ...module.registration, active: module.active, freeze: module.freeze } };
    },

    'integration.edit': async (call) => {
      const code = call.path['code'] ?? '';
      const given = asObject(call.input['integrationModule']);
      const known = call.crm.account.modules[code];
      const registration = merged(known?.registration, given);
      const { errors, hints } = checkRegistration(registration, code, call.crm);
      for (const [field, message] of Object.entries(hints)) call.remark(`${field} ${message}`);
      Object.assign(errors, checkInstance(registration, code, call.crm));
      if (Object.keys(errors).length > 0) throw invalid(errors);
      const info = {
        ...(await editInfo(registration, code, call.crm, sandbox.chatGateway)),
        ...(known?.billing && { billingInfo: known.billing }),
      };
      call.crm.account.modules[code] = {
        ...known,
        code,
        active: typeof given['active'] === 'boolean' ? given['active'] : (known?.active ?? true),
        freeze: typeof given['freeze'] === 'boolean' ? given['freeze'] : (known?.freeze ?? false),
        registration,
        registeredAt: call.crm.instant().toISOString(),
      };
      call.crm.changed();
      return { info };
    },

    'integration.updateScopes': (call) => {
      const code = call.path['code'] ?? '';
      const module = call.crm.account.modules[code];
      if (!module) throw notFound();
      const scopes = asList(asObject(call.input['requires'])['scopes']).map(String);
      if (scopes.length === 0) throw invalid({ 'requires.scopes': 'must name the permissions that are needed' });
      return { apiKey: sandbox.makeKey(call.crm.account, scopes, readModuleCode(module)).key };
    },
  };
}

/**
 * Checks which module an instance belongs to. The first instance has the module's code and makes the module
 * known to the account. A further instance has its own code and clientId, which cannot change.
 */
function checkInstance(registration: JsonObject, code: string, { account }: AccountContext): FieldErrors {
  const errors: FieldErrors = {};
  const of = asText(registration['integrationCode']);
  const clientId = asText(registration['clientId']);
  const known = account.modules[code];
  if (of === undefined) errors['integrationModule.integrationCode'] = 'must be the code of the module';
  else if (known && readModuleCode(known) !== of)
    errors['integrationModule.integrationCode'] = `"${code}" is an instance of "${readModuleCode(known)}"`;
  else if (of !== code && (!account.modules[of] || readModuleCode(account.modules[of]) !== of))
    errors['integrationModule.integrationCode'] = `no module "${of}" is known in this account`;
  if (known && of !== code && asText(known.registration['clientId']) !== clientId)
    errors['integrationModule.code'] = `"${code}" is the code of another instance`;
  const others = Object.values(account.modules).filter((one) => one.code !== code && readModuleCode(one) === of);
  if (clientId !== undefined && others.some((one) => asText(one.registration['clientId']) === clientId))
    errors['integrationModule.clientId'] = 'belongs to another instance';
  return errors;
}

/** Members of a configuration that users change. An edit without them keeps them. */
const CHOSEN_BY_USERS: { readonly [kind: string]: string } = { delivery: 'settings', telephony: 'additionalCodes' };

/** Merges an edit with the stored registration, because an edit may leave out unchanged fields. */
function merged(known: JsonObject | undefined, given: JsonObject): JsonObject {
  const before = asObject(known?.['integrations']);
  const integrations = Object.entries(asObject(given['integrations'])).map(([kind, one]): [string, Json | undefined] => [
    kind,
    isObject(one) ? { ...pick(asObject(before[kind]), [CHOSEN_BY_USERS[kind] ?? '']), ...one } : one,
  ]);
  return { ...known, ...given, ...(given['integrations'] !== undefined && { integrations: Object.fromEntries(integrations) }) };
}

async function editInfo(registration: JsonObject, code: string, crm: AccountContext, chatGateway: string | undefined): Promise<JsonObject> {
  const integrations = asObject(registration['integrations']);
  const info: JsonObject = {};
  if (integrations['delivery'] !== undefined) info['deliveryType'] = findDeliveryType(registration, code, crm);
  const telephony = asObject(integrations['telephony']);
  const users = asObjects(telephony['additionalCodes']).filter((row) => !crm.find('users', 'id', asText(row['userId'])));
  if (users.length > 0) info['notExistUsersIds'] = users.map((row) => row['userId'] ?? null);
  const sites = asObjects(telephony['externalPhones']).filter((row) => !crm.find('sites', 'code', asText(row['siteCode'])));
  if (sites.length > 0) info['notExistSiteCodes'] = sites.map((row) => row['siteCode'] ?? null);
  if (integrations['mgTransport'] !== undefined) info['mgTransport'] = await findGateway(registration, code, crm, chatGateway);
  // Without a double of the gateway, there are no bots.
  if (isObject(integrations['mgBot']) && chatGateway !== undefined)
    info['mgBot'] = await findBot(integrations['mgBot'], code, crm, chatGateway);
  return info;
}

/** Returns the message gateway's URL for the module. Without a double, a URL that returns 404. */
async function findGateway(
  registration: JsonObject,
  code: string,
  crm: AccountContext,
  chatGateway: string | undefined,
): Promise<JsonObject> {
  const account = crm.account.code;
  const token = buildChatToken('transport', account, code, crm.account.modules[code]?.chatTokensReplaced);
  if (chatGateway === undefined) return { endpointUrl: crm.url, token };
  const transport = asObject(asObject(registration['integrations'])['mgTransport']);
  return {
    ...(await registerTransport(chatGateway, {
      account,
      code,
      webhookUrl: asText(transport['webhookUrl']),
      clientId: asText(registration['clientId']),
      token,
    })),
  };
}

/** Registers the module's bot at the message gateway, with a new token if one is requested. */
async function findBot(bot: JsonObject, code: string, crm: AccountContext, chatGateway: string): Promise<JsonObject> {
  const account = crm.account.code;
  const module = crm.account.modules[code];
  if (module && bot['refreshToken'] === true) module.botTokensReplaced = (module.botTokensReplaced ?? 0) + 1;
  const token = buildChatToken('bot', account, code, module?.botTokensReplaced);
  return { ...(await registerBot(chatGateway, { account, code, token })) };
}

/** Returns the delivery type that represents the module. Creates it at the first registration. */
function findDeliveryType(registration: JsonObject, code: string, crm: AccountContext): JsonObject {
  const known = crm.find('deliveryTypes', 'integrationCode', code) ?? crm.find('deliveryTypes', 'code', code);
  const delivery = asObject(asObject(registration['integrations'])['delivery']);
  const paymentTypes = asObjects(asObject(delivery['settings'])['paymentTypes']).filter((row) => row['active'] !== false);
  const fields: JsonObject = {
    name: registration['name'],
    integrationCode: code,
    active: true,
    ...(paymentTypes.length > 0
      ? {
          paymentTypes: paymentTypes.map((row) => row['code'] ?? null),
          deliveryPaymentTypes: paymentTypes.map((row) => ({ code: row['code'], cod: row['cod'] === true })),
        }
      : {}),
  };
  const row =
    known ??
    crm.insert('deliveryTypes', {
      code,
      isDynamicCostCalculation: true,
      isAutoCostCalculation: true,
      isAutoNetCostCalculation: true,
      isCostDependsOnRegionAndWeightAndSum: false,
      isCostDependsOnDateTime: false,
      defaultCost: 0,
      defaultNetCost: 0,
      defaultForCrm: false,
      vatRate: 'none',
      deliveryServices: [],
      sites: [],
      paymentTypes: ['cash', 'bank-card', 'bank-transfer'],
      deliveryPaymentTypes: [
        { code: 'cash', cod: true },
        { code: 'bank-card', cod: false },
        { code: 'bank-transfer', cod: false },
      ],
    });
  Object.assign(row, fields);
  return { id: row['id'], code: row['code'] };
}

/** Returns the module's registration, or throws an error that lists the installed modules. */
export function installedModule(call: Call, code: string): JsonObject {
  const module = call.crm.account.modules[code];
  if (!module) {
    const codes = Object.keys(call.crm.account.modules);
    throw new ApiError(404, `No module with the code "${code}" is installed; installed: ${codes.join(', ') || 'none'}`);
  }
  return module.registration;
}
