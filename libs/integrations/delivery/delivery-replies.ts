import {
  checkAll,
  checkAnyNumber,
  checkAnyText,
  checkCount,
  checkCurrency,
  checkDay,
  checkDocument,
  checkId,
  checkList,
  checkMap,
  checkMoment,
  checkMoney,
  checkOneOf,
  checkOptional,
  checkRegister,
  checkShape,
  checkStatus,
  checkText,
  type ReplyCheck,
  type ReplyChecks,
  type ReplyFacts,
} from '#integration-kit';
import type { LocalText } from '#platform';
import { FORMATS, findFormat } from './form-formats.js';
import type {
  AddressCheck,
  CarrierReport,
  CollectedMoney,
  DeliveredItem,
  DeliveryDay,
  DeliveryManifest,
  DeliveryProvider,
  ParcelNumbers,
  PickupPoint,
  RelatedParcel,
  Reported,
  SavedDelivery,
  SavedShipment,
  Suggestion,
  Tariff,
  TariffInfo,
  TimeWindow,
  WebhookEvent,
} from './port/index.js';

type Manifest = Pick<DeliveryManifest<object>, 'statuses' | 'forms'>;

const SIMPLE: readonly string[] = ['string', 'number', 'boolean'];

const checkExtraData = checkMap((value, field, found, facts) => {
  if (Array.isArray(value)) checkList(checkAnyText)(value, field, found, facts);
  else if (!SIMPLE.includes(typeof value)) found.push({ field, problem: 'must be a text, a number, true, false or a list of texts' });
});

const POINT: ReplyCheck = checkShape<PickupPoint>({
  code: checkText,
  name: checkAnyText,
  address: checkAnyText,
  description: checkOptional(checkAnyText),
  schedule: checkOptional(checkAnyText),
  phone: checkOptional(checkAnyText),
  cost: checkOptional(checkMoney),
  extraData: checkOptional(checkExtraData),
  coordinates: checkOptional(checkShape<NonNullable<PickupPoint['coordinates']>>({ latitude: checkAnyNumber, longitude: checkAnyNumber })),
});

/** Points without a price that were checked: adapters keep lists of thousands. */
const soundPoints = new WeakSet<object>();

const checkPoint: ReplyCheck = (value, field, found, facts) => {
  if (typeof value === 'object' && value !== null && soundPoints.has(value)) return;
  const before = found.length;
  POINT(value, field, found, facts);
  if (found.length === before && (value as PickupPoint).cost === undefined) soundPoints.add(value as object);
};

const checkTariff: ReplyCheck = checkAll(
  checkShape<Tariff>({
    code: checkText,
    name: checkText,
    type: checkOneOf('courier', 'selfDelivery'),
    group: checkOptional(checkAnyText),
    description: checkOptional(checkAnyText),
    cost: checkOptional(checkMoney),
    minTerm: checkOptional(checkCount),
    maxTerm: checkOptional(checkCount),
    extraData: checkOptional(checkExtraData),
    extraDataAvailable: checkOptional(checkList(checkText)),
    pickupPoints: checkOptional(checkList(checkPoint)),
  }),
  (value, field, found) => {
    const { cost, description, pickupPoints = [] } = value as Tariff;
    const hasPointPrices = pickupPoints.length > 0 && pickupPoints.every((point) => point.cost);
    if (cost || description || hasPointPrices) return;
    found.push({ field: `${field}.cost`, problem: 'is missing, and description does not say why' });
  },
);

const REPORTED: { readonly [Name in keyof Reported]-?: ReplyCheck } = {
  trackNumber: checkOptional(checkAnyText),
  trackUrl: checkOptional(checkAnyText),
  cost: checkOptional(checkMoney),
  extraData: checkOptional(checkExtraData),
  collected: checkOptional(
    checkShape<CollectedMoney>({
      ...{ currency: checkCurrency, total: checkCount },
      ...{ by: checkOptional(checkOneOf('cash', 'card', 'other')), at: checkOptional(checkMoment) },
    }),
  ),
  delivered: checkOptional(checkList(checkShape<DeliveredItem>({ parcel: checkCount, item: checkCount, quantity: checkAnyNumber }))),
  parcels: checkOptional(
    checkList(
      checkShape<ParcelNumbers>({
        ...{ packageId: checkOptional(checkAnyText), trackNumber: checkOptional(checkAnyText), barcode: checkOptional(checkAnyText) },
      }),
    ),
  ),
  related: checkOptional(
    checkList(
      checkShape<RelatedParcel>({
        ...{ kind: checkOneOf('return', 'clientReturn', 'reverse'), externalId: checkId, trackNumber: checkOptional(checkAnyText) },
        ...{ state: checkOneOf('going', 'back', 'lost', 'withdrawn'), at: checkOptional(checkMoment) },
      }),
    ),
  ),
  warnings: checkOptional(checkList(checkMap(checkAnyText))),
};

const checkSaved: ReplyCheck = checkShape<SavedDelivery>({
  ...REPORTED,
  externalId: checkId,
  status: checkStatus,
  statusAt: checkOptional(checkMoment),
  deliveryDate: checkOptional(checkDay),
});

const checkShipment: ReplyCheck = checkShape<SavedShipment>({ externalId: checkId, extraData: checkOptional(checkExtraData) });

const readFacts = ({ statuses }: Pick<Manifest, 'statuses'>): ReplyFacts => ({ statuses: statuses.map(({ code }) => code) });

/** Checks the replies of carriers against the port. */
export const deliveryReplies: ReplyChecks<DeliveryProvider> = {
  calculate: { check: checkTariff, wrongItems: 'leave-out', readFacts: ([{ currency }]) => ({ currency }) },
  checkAddress: {
    check: checkShape<AddressCheck & { address?: string; reasons?: readonly LocalText[] }>({
      result: checkOneOf('accepted', 'corrected', 'rejected'),
      address: checkOptional(checkText),
      reasons: checkOptional(checkList(checkMap(checkAnyText), 1)),
    }),
  },
  // A cost in another currency is kept and not sent to the CRM.
  save: { check: checkSaved, failsAs: 'unknown_outcome', readFacts: (_args, manifest) => readFacts(manifest) },
  find: { check: checkOptional(checkSaved), readFacts: (_args, manifest) => readFacts(manifest) },
  get: { check: checkSaved, readFacts: (_args, manifest) => readFacts(manifest) },
  print: { check: checkDocument, readFacts: ([request], manifest) => ({ mark: FORMATS[findFormat(manifest, request)].mark }) },
  listPickupPoints: { check: checkPoint, wrongItems: 'leave-out' },
  listTariffs: {
    check: checkShape<TariffInfo>({
      ...{ code: checkText, name: checkText, type: checkOneOf('courier', 'selfDelivery') },
      description: checkOptional(checkAnyText),
    }),
    wrongItems: 'leave-out',
  },
  autocomplete: {
    check: checkShape<Suggestion>({ value: checkText, label: checkText, description: checkOptional(checkAnyText) }),
    wrongItems: 'leave-out',
  },
  listDeliveryDays: {
    check: checkShape<DeliveryDay>({
      date: checkDay,
      times: checkList(
        checkShape<TimeWindow>({ from: checkOptional(checkText), to: checkOptional(checkText), custom: checkOptional(checkText) }),
      ),
    }),
    wrongItems: 'leave-out',
  },
  press: { check: checkOptional(checkMap(checkAnyText)), failsAs: 'unknown_outcome' },
  saveShipment: { check: checkShipment, failsAs: 'unknown_outcome' },
  listRegisters: { check: checkList(checkRegister) },
  findShipment: { check: checkOptional(checkShipment) },
  webhook: {
    of: 'parse',
    isSync: true,
    // Statuses of unsigned events are not used: `track` reads them.
    check: checkList(
      checkShape<WebhookEvent>({
        id: checkId,
        reports: checkList(checkShape<Pick<CarrierReport, 'externalId' | 'updatedAt'>>({ externalId: checkId, updatedAt: checkMoment })),
      }),
    ),
    failsAs: 'invalid',
  },
  track: {
    check: checkShape<CarrierReport>({
      ...{ externalId: checkId, code: checkOptional(checkStatus), updatedAt: checkMoment },
      ...REPORTED,
      comment: checkOptional(checkAnyText),
    }),
    wrongItems: 'leave-out',
    readFacts: (_args, manifest) => readFacts(manifest),
  },
};
