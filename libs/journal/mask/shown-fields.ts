/** Shapes of a field's values that are shown. */
export type Shape = 'id' | 'code' | 'number' | 'date' | 'error';

/** Fields that are shown, by their names in lower case without `_` and `-`. All others are masked. */
const FIELDS: Readonly<Record<Shape, string>> = {
  id: `id ids uuid order orderid orderids ordernumber ordernumbers deliveryid deliveryids shipmentid shipmentids packageid
    offerid offerids xmlid itemid productid paymentid paymentids invoiceid invoiceuuid invoicenumber refundid chargeid
    tracknumber trackingnumber cdeknumber imnumber requestuuid entityuuid requestid request dialogid dialogueid messageid channelid eventid
    callid crmcallid callexternalid uniqueid linkedid storeid warehouseid siteid regionid cityid tariffid statusid batchid historyid sinceid
    reference externalreference transactionid caseid data.id shopid deliverynotenumber managerid responsiblemanagerid paymentintent latestcharge
    clientnumber providernumber providerconnectid pointinid pointoutid`,
  code: `code codes errorcode status statuscode state type kind entitytype group groupcode tariff tariffcode mode deliverymode payertype
    vatrate currency countryiso countrycode countryisocode language locale timezone event eventtype object paymentmethod paymentobject
    invoicetype site store warehouse channel channeltype integrationcode module scope scopes action operation declinecode failurecode
    dialstatus disposition direction integration integrationmodule deliverytype apiversion apimethod paymentstatus capturemethod
    cancellationreason errortype by deliverystatus vatcode paymentmode paymentsubject measure party parameter statusdetail
    processingmode capturemode paymenttypeid providerkey pickuptype`,
  number: `cost price amount amounts sum summ total totalsumm totalsum cod declaredvalue purchaseprice initialprice discount discounttotal
    weight width length height volume quantity count available minterm maxterm periodmin periodmax deliverysum totalcost netcost
    duration attempts page limit totalcount totalpagecount currentpage amountreceived amountcapturable amounttotal amountrefunded
    unitamount paidamount refundamount vat vatsum vatamount processedcount processedorderscount notfoundoffers status statuscode
    hangupcause retryafter version totalamount totalpaidamount refundedamount unitprice
    assessedcost codcost deliverycost costvat deliverycostvat insurancefee cashservicefee`,
  date: `at date datetime time createdat updatedat shipmentdate deliverydate statusdate expiredat expiresat expires paidat since from to
    created updated start end starttime endtime lunchstarttime lunchendtime begin finish occurredat canceledat succeededat capturedat timestamp
    deliverytime createddate lastupdateddate datecreated dateofexpiration`,
  error: `errormsg errors error message errordescription errormessage detail details description reason decline failuremessage`,
};

const shapes = new Map<string, Shape[]>();
for (const [shape, names] of Object.entries(FIELDS) as [Shape, string][])
  for (const name of names.split(/\s+/)) shapes.set(name, [...(shapes.get(name) ?? []), shape]);

/** Returns the shapes in which a field's values are shown. Empty if they are never shown. */
export function listShapes(field: string): readonly Shape[] {
  return shapes.get(field.toLowerCase().replace(/[_-]/g, '')) ?? [];
}

const PATTERNS: Readonly<Record<Exclude<Shape, 'error'>, RegExp>> = {
  id: /^[\w.:-]{1,64}$/,
  code: /^[A-Za-z0-9][\w.:/-]{0,47}$/,
  number: /^-?\d{1,9}(\.\d{1,6})?$/,
  date: /^(\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?|\d\d:\d\d(:\d\d)?|1\d{9}(\d{3})?)$/,
};
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Ids of Stripe's objects, which are secrets if a further part follows, and of Mercado Pago's objects. */
const OBJECT_ID =
  /^((pi|cs_test|cs_live|ch|re|py|pyr|evt|txn|acct|we|seti|in|du|dp|req)_[A-Za-z0-9]{8,80}|(ORD(TST)?|PAY|REF)[0-9A-Z]{26})$/;
const DIGITS = /\d/g;
/** 13 to 19 digits, perhaps in groups. */
const CARD = /(?<!\d)\d(?:[-.:_/]?\d){12,18}(?!\d)/g;
/** Longer runs of letters mixed with digits are keys and tokens. */
const LONGEST_MIX = 15;

/** Whether a value of a shown field has one of its shapes and does not look personal or secret. */
export function mayBeShown(value: string, fieldShapes: readonly Shape[]): boolean {
  for (const shape of fieldShapes) {
    if (shape === 'error' || !PATTERNS[shape].test(value)) continue;
    if (shape === 'number' || shape === 'date') return true;
    if (shape === 'id' && UUID.test(value)) return true;
    if (!looksSecret(value) && !looksLikeNumberOfPerson(value)) return true;
    if (shape === 'id' && OBJECT_ID.test(value)) return true;
  }
  return false;
}

/** Whether a text contains a key, recognized by its prefix, however short: `sk_test_1`. */
export function looksLikeKey(value: string): boolean {
  return /(?<![A-Za-z0-9])(sk|pk|rk|whsec)[_-]\w/.test(value);
}

/** Whether a text without spaces may be a key, a token or a password. */
export function looksSecret(value: string): boolean {
  if (value.includes('_secret_') || looksLikeKey(value)) return true;
  if (value.length > 8 && /^(ghp|gho|xox[abprs]|eyJ|AKIA|Bearer|Basic)[-_A-Za-z0-9]/.test(value) && /[_\d]/.test(value)) return true;
  return (
    value.length > LONGEST_MIX &&
    value
      .split(/[_.:/-]/)
      .some((part) => part.length > LONGEST_MIX && (/\d/.test(part) ? /[A-Za-z]/.test(part) : part.length > 24 || isMixedCase(part)))
  );
}

function isMixedCase(text: string): boolean {
  return (text.match(/[A-Z]/g) ?? []).length > 3 && /[a-z]/.test(text);
}

/**
 * Whether a text has as many digits as a phone or a card. Some ids also do, and are masked as
 * well.
 */
export function looksLikeNumberOfPerson(value: string): boolean {
  const digits = value.length < 10 ? 0 : (value.match(DIGITS)?.length ?? 0);
  if (digits < 10) return false;
  if (digits >= 13 && value.match(CARD)?.some((card) => passesLuhn(card.replace(/\D/g, '')))) return true;
  if (digits > 19 || /[A-Za-z]{3,}/.test(value)) return false;
  // Ids of ten and eleven digits count as phones only if they begin like a phone.
  if (digits >= 12) return digits <= 15 || passesLuhn(value.replace(/\D/g, ''));
  return !/^[2-6]\d{9}$|^1[01]\d{8}$/.test(value) || value.startsWith('+');
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
