import { Refusal } from '../../../libs/testing/double/refusal.js';

/** The codes that the double answers, with their statuses and texts. */
const CODES: Readonly<Record<number, readonly [status: number, text: string]>> = {
  1008: [404, 'The object is gone'],
  1016: [403, 'No right to see objects of this type'],
  1017: [403, 'No right to edit objects of this type'],
  1018: [403, 'No right to delete objects of this type'],
  1020: [404, 'The object is gone'],
  1021: [404, 'There is no object of this id'],
  1043: [403, 'The tariff forbids it'],
  1045: [403, 'No right to create objects of this type'],
  1047: [400, 'syncId cannot be set in an update'],
  1048: [401, 'Too many log-ins that failed'],
  1049: [429, 'Too many requests'],
  1056: [401, 'Wrong login, password or token'],
  1061: [403, 'This user may not use the API'],
  1062: [400, 'Wrong value of the header Accept: application/json;charset=utf-8 is the only one'],
  1065: [409, 'The object is being changed by a parallel request'],
  1070: [403, 'The tariff forbids it'],
  1073: [429, 'Too many requests at once'],
  1074: [503, 'The service is not available'],
  1075: [403, 'No right to edit this field'],
  1088: [504, 'The request took too long'],
  1092: [403, 'No right to post documents'],
  1095: [503, 'The service is not available'],
  1998: [301, 'The address of the API is another one'],
  2010: [400, 'A reference without meta.href'],
  2011: [400, 'A reference without meta.type'],
  2013: [400, 'A reference with a wrong meta.href'],
  2024: [400, 'A reference to an object that is not there'],
  3007: [400, 'The object breaks a rule of its kind'],
  3000: [412, 'A required field is missing or empty'],
  3001: [400, 'The field is read-only'],
  3002: [400, 'The value must not be negative'],
  3003: [400, 'The value must be above zero'],
  3005: [400, 'The value is not one of the list'],
  3006: [400, 'The value is not unique'],
  3008: [400, 'The value is too large'],
  13003: [403, 'No right to see reports of stock'],
  13004: [403, 'No right to see the current stock'],
  13005: [400, 'The report is too large: use a filter'],
  17003: [400, 'reserve is above the quantity of the position'],
  17009: [400, 'The period is closed'],
  17010: [403, 'The store is of another department'],
  17011: [403, 'The document is of another department'],
  30003: [400, 'There is such a webhook already'],
  30004: [403, 'Only an administrator may have webhooks'],
  30006: [403, 'The tariff forbids webhooks'],
  30007: [400, 'There are as many webhooks of this kind as may be'],
  30010: [400, 'The url is too long'],
  47000: [403, 'The tariff forbids it'],
  55005: [403, 'Only a user may ask for this'],
  55006: [403, 'Only an application may ask for this'],
  61002: [429, 'Too many asynchronous jobs'],
};

/** A rejection in the API's words. Nothing was done. Without a code the status counts. */
export class MoySkladRefusal extends Refusal {
  constructor(
    private readonly number: number | undefined,
    private readonly parameter?: string,
    { status, text, headers }: { status?: number; text?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    const [usual, words] = (number === undefined ? undefined : CODES[number]) ?? [400, 'The request is wrong'];
    super(status ?? usual, String(number ?? ''), text ?? words, undefined, headers);
  }

  /** The body. */
  get json(): object {
    const { number: code, parameter, message } = this;
    const more = `https://dev.moysklad.ru/doc/api/remap/1.2/#error_${code ?? this.status}`;
    return {
      errors: [{ error: message, ...(parameter !== undefined && { parameter }), ...(code !== undefined && { code }), moreInfo: more }],
    };
  }
}

/** A wrong request that the API has no code for. */
export function wrong(text: string, parameter?: string): MoySkladRefusal {
  return new MoySkladRefusal(undefined, parameter, { text });
}
