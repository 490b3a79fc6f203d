/* Generated from contract/ by generator/generate.mjs. Do not edit: run `npm run generate:crm-types`. */

import type { ByIdentifier, BySite, CombineTechnique, CountryCodeIso3166, CustomFieldDisplayArea, CustomFieldEntity, CustomFieldType, CustomFieldViewMode, CustomerType, CustomersAttachmentsStatus, CustomersContragentType, CustomersGender, CustomersTasksCountsStatus, LoyaltyAccountStatus, LoyaltyBonusOperationEventType, LoyaltyBonusOperationType, LoyaltyLevelType, LoyaltyPrivilegeType, NumericBoolean, OrderDeliveryState, OrderDiscountType, OrderPrivilegeType, PaginationLimit, PaymentInvoiceType, PaymentObjectType, ProductType, ReferenceCostGroupColor, ReferenceStoreInventoryType, ReferenceStoreType, SiteAccess, TaskStatus, TelephonyCallEventHangupStatus, TelephonyCallEventType, TelephonyCallResult, UserStatus } from './enums.js';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
/** A number as the CRM sends it: it may come as its string. */
export type WireNumber = number | string;
/** A text that the CRM may send as a number, as an object with its code, or as `[]` when empty. */
export type WireString = string | number | WireCoded | never[];
/** A thing named by its code or id. */
export interface WireCoded {
  code?: string | number | null;
  id?: string | number | null;
  name?: string | null;
}
/** One of a closed list as the CRM sends it; a value that the list lacks may come with a newer CRM. */
export type WireEnum<Value extends string> = OpenEnum<Value> | Exclude<WireString, string>;
/** The same once normalised. */
export type OpenEnum<Value extends string> = Value | (string & Record<never, never>);
/** The numbers that an enum of the contract spells as texts. */
export type NumberOf<Value extends string> = Value extends `${infer Number extends number}` ? Number : never;
/** A yes or no as the CRM sends it: also 1, 0, "1", "0". */
export type WireBoolean = boolean | number | string;
/** A date as the CRM sends it, in the field's format; without an offset it is in the account's zone. */
export type WireDate = string;
/** A nested thing: an empty one arrives as `[]`, and it may be only its code or id. */
export type WireObject<T> = T | never[] | string | number;
/** A list: numbered, or keyed by code or id. */
export type WireList<T> = T[] | { [key: string]: T };
/** A map: an empty one arrives as `[]`. */
export type WireMap<T> = { [key: string]: T } | T[];

/** A list in a request. */
export type List<T> = readonly T[];
/** A map in a request. */
export interface Dictionary<T> {
  readonly [key: string]: T;
}
/**
 * A date: a `Date` is formatted in the account's zone and the field's format, a string is sent unchanged.
 */
export type DateInput = Date | string;
/** A filter value; a boolean is sent as 1 or 0. */
export type FilterValue = string | number | boolean;
/** The bytes of a file. */
export type UploadSource = Uint8Array | AsyncIterable<Uint8Array>;

/** Callback entity `Callback/Entity/Delivery/BaseStore`, as it is read. */
export interface CallbackDeliveryBaseStore {
  code?: WireString | null;
  name?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/Coordinates`, as it is read. */
export interface CallbackDeliveryCoordinates {
  latitude?: WireNumber | null;
  longitude?: WireNumber | null;
}

/** Callback entity `Callback/Entity/Delivery/Coordinates`, as it is written. */
export interface CallbackDeliveryCoordinatesInput {
  latitude?: number | string | null;
  longitude?: number | string | null;
}

/** Callback entity `Callback/Entity/Delivery/Customer`, as it is read. */
export interface CallbackDeliveryCustomer {
  type?: WireEnum<CustomerType> | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  isContact?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  managerId?: WireNumber | null;
  vip?: WireBoolean | null;
  bad?: WireBoolean | null;
  browserId?: WireString | null;
  site?: WireString | null;
  contragent?: WireObject<CustomerContragent> | null;
  tags?: WireList<WireObject<CustomerTag>> | null;
  avgMarginSumm?: WireNumber | null;
  marginSumm?: WireNumber | null;
  totalSumm?: WireNumber | null;
  averageSumm?: WireNumber | null;
  ordersCount?: WireNumber | null;
  costSumm?: WireNumber | null;
  customFields?: Json | null;
  personalDiscount?: WireNumber | null;
  cumulativeDiscount?: WireNumber | null;
  discountCardNumber?: WireString | null;
  firstClientId?: WireString | null;
  lastClientId?: WireString | null;
  address?: WireObject<CustomerAddress> | null;
  segments?: WireList<WireObject<CustomersSegment>> | null;
  maturationTime?: WireNumber | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  sex?: WireEnum<CustomersGender> | null;
  presumableSex?: WireEnum<CustomersGender> | null;
  email?: WireString | null;
  /** Format Y-m-d H:i:s. */
  emailMarketingUnsubscribedAt?: WireDate | null;
  phones?: WireList<WireString> | null;
  /** Format Y-m-d H:i:s. */
  birthday?: WireDate | null;
  source?: WireObject<Source> | null;
  photoUrl?: WireString | null;
  mgCustomerId?: WireNumber | null;
  subscribed?: WireBoolean | null;
}

/** Callback entity `Callback/Entity/Delivery/DeliveryAddress`, as it is read. */
export interface CallbackDeliveryAddress {
  index?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  region?: WireString | null;
  regionId?: WireNumber | null;
  city?: WireString | null;
  cityId?: WireNumber | null;
  cityType?: WireString | null;
  street?: WireString | null;
  streetId?: WireNumber | null;
  streetType?: WireString | null;
  building?: WireString | null;
  flat?: WireString | null;
  floor?: WireNumber | null;
  block?: WireNumber | null;
  house?: WireString | null;
  housing?: WireString | null;
  metro?: WireString | null;
  notes?: WireString | null;
  text?: WireString | null;
  terminal?: WireString | null;
  terminalData?: WireObject<CallbackDeliveryTerminal> | null;
}

/** Callback entity `Callback/Entity/Delivery/DeliveryAddress`, as it is written. */
export interface CallbackDeliveryAddressInput {
  index?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  region?: string | null;
  regionId?: number | null;
  city?: string | null;
  cityId?: number | null;
  cityType?: string | null;
  street?: string | null;
  streetId?: number | null;
  streetType?: string | null;
  building?: string | null;
  flat?: string | null;
  floor?: number | null;
  block?: number | null;
  house?: string | null;
  housing?: string | null;
  metro?: string | null;
  notes?: string | null;
  text?: string | null;
  terminal?: string | null;
  terminalData?: CallbackDeliveryTerminalInput | null;
}

/** Callback entity `Callback/Entity/Delivery/Manager`, as it is read. */
export interface CallbackDeliveryManager {
  id?: WireNumber | null;
  lastName?: WireString | null;
  firstName?: WireString | null;
  patronymic?: WireString | null;
  phone?: WireString | null;
  email?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/Package`, as it is read. */
export interface CallbackDeliveryPackage {
  weight?: WireNumber | null;
  packageId?: WireString | null;
  width?: WireNumber | null;
  length?: WireNumber | null;
  height?: WireNumber | null;
  items?: WireList<WireObject<CallbackDeliveryPackageItem>> | null;
}

/** Callback entity `Callback/Entity/Delivery/PackageItem`, as it is read. */
export interface CallbackDeliveryPackageItem {
  offerId?: WireString | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
  name?: WireString | null;
  declaredValue?: WireNumber | null;
  cod?: WireNumber | null;
  vatRate?: WireString | null;
  quantity?: WireNumber | null;
  unit?: WireObject<CallbackDeliveryUnit> | null;
  cost?: WireNumber | null;
  markingCodes?: WireList<WireString> | null;
  properties?: Json | null;
  weight?: WireNumber | null;
}

/** Callback entity `Callback/Entity/Delivery/PaymentType`, as it is read. */
export interface CallbackDeliveryPaymentType {
  code?: WireString | null;
  name?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestCalculate`, as it is read. */
export interface CallbackDeliveryRequestCalculate {
  packages?: WireList<WireObject<CallbackDeliveryPackage>> | null;
  payerType?: WireString | null;
  declaredValue?: WireNumber | null;
  shipmentAddress?: WireObject<CallbackDeliveryAddress> | null;
  store?: WireObject<CallbackDeliveryBaseStore> | null;
  deliveryAddress?: WireObject<CallbackDeliveryAddress> | null;
  cod?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  shipmentDate?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  deliveryDate?: WireDate | null;
  deliveryTime?: WireObject<DeliveryTimeInterval> | null;
  currency?: WireString | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestDelete`, as it is read. */
export interface CallbackDeliveryRequestDelete {
  deliveryId?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestPrint`, as it is read. */
export interface CallbackDeliveryRequestPrint {
  entityType?: WireString | null;
  type?: WireString | null;
  deliveryIds?: WireList<WireList<WireString>> | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestSave`, as it is read. */
export interface CallbackDeliveryRequestSave {
  deliveryId?: WireString | null;
  order?: WireString | null;
  orderNumber?: WireString | null;
  site?: WireString | null;
  siteName?: WireString | null;
  store?: WireObject<CallbackDeliveryStore> | null;
  legalEntity?: WireString | null;
  customer?: WireObject<CallbackDeliveryCustomer> | null;
  manager?: WireObject<CallbackDeliveryManager> | null;
  packages?: WireList<WireObject<CallbackDeliveryPackage>> | null;
  delivery?: WireObject<CallbackDeliverySaveDeliveryData> | null;
  currency?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestShipmentDelete`, as it is read. */
export interface CallbackDeliveryRequestShipmentDelete {
  shipmentId?: WireString | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestShipmentSave`, as it is read. */
export interface CallbackDeliveryRequestShipmentSave {
  shipmentId?: WireString | null;
  manager?: WireObject<CallbackDeliveryManager> | null;
  /** Format Y-m-d H:i:s. */
  date?: WireDate | null;
  time?: WireObject<DeliveryTimeInterval> | null;
  address?: WireObject<CallbackDeliveryAddress> | null;
  store?: WireString | null;
  orders?: WireList<WireObject<CallbackDeliveryShipmentOrder>> | null;
  comment?: WireString | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/ResponseProperty/ResponseAutocompleteItem`, as it is written. */
export interface CallbackDeliveryResponseAutocompleteItem {
  value?: string | null;
  label?: string | null;
  description?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/ResponseProperty/ResponseCalculate`, as it is written. */
export interface CallbackDeliveryResponseCalculate {
  code?: string | null;
  group?: string | null;
  name?: string | null;
  type?: string | null;
  description?: string | null;
  cost?: number | null;
  minTerm?: number | null;
  maxTerm?: number | null;
  extraData?: Json | null;
  extraDataAvailable?: Json | null;
  pickuppointList?: List<CallbackDeliveryTerminalInput> | null;
}

/** Callback entity `Callback/Entity/Delivery/ResponseProperty/ResponseLoadDeliveryData`, as it is written. */
export interface CallbackDeliveryResponseLoadDeliveryData {
  trackNumber?: string | null;
  cost?: number | null;
  /** Format Y-m-d. */
  shipmentDate?: DateInput | null;
  /** Format Y-m-d. */
  deliveryDate?: DateInput | null;
  deliveryTime?: DeliveryTimeIntervalInput | null;
  tariff?: string | null;
  tariffName?: string | null;
  payerType?: string | null;
  status?: DeliveryStatusInfo | null;
  extraData?: Json | null;
  shipmentAddress?: CallbackDeliveryAddressInput | null;
  deliveryAddress?: CallbackDeliveryAddressInput | null;
}

/** Callback entity `Callback/Entity/Delivery/ResponseProperty/ResponseSave`, as it is written. */
export interface CallbackDeliveryResponseSave {
  deliveryId?: string | null;
  trackNumber?: string | null;
  cost?: number | null;
  status?: string | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/ResponseProperty/ResponseShipmentSave`, as it is written. */
export interface CallbackDeliveryResponseShipmentSave {
  shipmentId?: string | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/SaveDeliveryData`, as it is read. */
export interface CallbackDeliverySaveDeliveryData {
  shipmentAddress?: WireObject<CallbackDeliveryAddress> | null;
  deliveryAddress?: WireObject<CallbackDeliveryAddress> | null;
  codPaymentType?: WireObject<CallbackDeliveryPaymentType> | null;
  withCod?: WireBoolean | null;
  cod?: WireNumber | null;
  cost?: WireNumber | null;
  vatRate?: WireString | null;
  tariff?: WireString | null;
  payerType?: WireString | null;
  /** Format Y-m-d H:i:s. */
  shipmentDate?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  deliveryDate?: WireDate | null;
  deliveryTime?: WireObject<DeliveryTimeInterval> | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/SerializedStoreWeekOpeningHours`, as it is read. */
export interface CallbackDeliverySerializedStoreWeekOpeningHours {
  mo?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  tu?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  we?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  th?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  fr?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  sa?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
  su?: WireList<WireObject<CallbackDeliveryStoreWorkTime>> | null;
}

/** Callback entity `Callback/Entity/Delivery/SerializedStoreWeekOpeningHours`, as it is written. */
export interface CallbackDeliverySerializedStoreWeekOpeningHoursInput {
  mo?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  tu?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  we?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  th?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  fr?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  sa?: List<CallbackDeliveryStoreWorkTimeInput> | null;
  su?: List<CallbackDeliveryStoreWorkTimeInput> | null;
}

/** Callback entity `Callback/Entity/Delivery/ShipmentOrder`, as it is read. */
export interface CallbackDeliveryShipmentOrder {
  deliveryId?: WireString | null;
  packages?: WireList<WireObject<CallbackDeliveryPackage>> | null;
}

/** Callback entity `Callback/Entity/Delivery/ShipmentPointList`, as it is read. */
export interface CallbackDeliveryShipmentPointList extends ReferencesGeoHierarchyRow {
  clientId?: WireString | null;
  code?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/Store`, as it is read. */
export interface CallbackDeliveryStore extends CallbackDeliveryBaseStore {
  workTime?: WireObject<CallbackDeliverySerializedStoreWeekOpeningHours> | null;
}

/** Callback entity `Callback/Entity/Delivery/StoreWorkTime`, as it is read. */
export interface CallbackDeliveryStoreWorkTime {
  startTime?: WireString | null;
  endTime?: WireString | null;
  lunchStartTime?: WireString | null;
  lunchEndTime?: WireString | null;
}

/** Callback entity `Callback/Entity/Delivery/StoreWorkTime`, as it is written. */
export interface CallbackDeliveryStoreWorkTimeInput {
  startTime?: string | null;
  endTime?: string | null;
  lunchStartTime?: string | null;
  lunchEndTime?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Tariff`, as it is written. */
export interface CallbackDeliveryTariff {
  code?: string | null;
  name?: string | null;
  description?: string | null;
  type?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Terminal`, as it is read. */
export interface CallbackDeliveryTerminal {
  code?: WireString | null;
  cost?: WireNumber | null;
  name?: WireString | null;
  description?: WireString | null;
  address?: WireString | null;
  schedule?: WireString | null;
  phone?: WireString | null;
  extraData?: Json | null;
  coordinates?: WireObject<CallbackDeliveryCoordinates> | null;
}

/** Callback entity `Callback/Entity/Delivery/Terminal`, as it is written. */
export interface CallbackDeliveryTerminalInput {
  code?: string | null;
  cost?: number | null;
  name?: string | null;
  description?: string | null;
  address?: string | null;
  schedule?: string | null;
  phone?: string | null;
  extraData?: Json | null;
  coordinates?: CallbackDeliveryCoordinatesInput | null;
}

/** Callback entity `Callback/Entity/Delivery/Unit`, as it is read. */
export interface CallbackDeliveryUnit {
  code?: WireString | null;
  name?: WireString | null;
  sym?: WireString | null;
}

/** Callback entity `Callback/Entity/Integration/BillingInfo`, as it is read. */
export interface CallbackIntegrationBillingInfo extends IntegrationBillingInfo {}

/** Callback entity `Callback/Entity/Integration/IntegrationModule`, as it is read. */
export interface CallbackIntegrationModule {
  active?: WireBoolean | null;
  freeze?: WireBoolean | null;
}

/** Callback entity `Callback/Entity/Integration/Settings`, as it is read. */
export interface CallbackIntegrationSettings {
  clientId?: WireString | null;
  settings?: WireObject<Settings> | null;
}

/** Callback entity `Callback/Entity/Payments/Create`, as it is read. */
export interface CallbackPaymentsCreate {
  shopId?: WireString | null;
  invoiceUuid?: WireString | null;
  invoiceType?: WireEnum<PaymentInvoiceType> | null;
  amount?: WireNumber | null;
  currency?: WireString | null;
  orderNumber?: WireString | null;
  orderId?: WireNumber | null;
  siteUrl?: WireString | null;
  returnUrl?: WireString | null;
  items?: WireList<WireObject<CallbackPaymentsItemResponse>> | null;
  customer?: WireObject<Customer> | null;
}

/** Callback entity `Callback/Entity/Payments/ModuleApiRequest`, as it is read. */
export interface CallbackPaymentsModuleApiRequest {
  paymentId?: WireString | null;
  amount?: WireNumber | null;
}

/** Callback entity `Callback/Entity/Payments/ModuleRefund`, as it is written. */
export interface CallbackPaymentsModuleRefund {
  status?: string | null;
  id?: string | null;
  comment?: string | null;
  amount?: number | null;
}

/** Callback entity `Callback/Entity/Payments/PaymentCreateResult`, as it is written. */
export interface CallbackPaymentCreateResult {
  paymentId?: string | null;
  invoiceUrl?: string | null;
  cancellable?: boolean | null;
}

/** Callback entity `Callback/Entity/SimpleConnection/RequestProperty/RequestConnectionRegister`, as it is read. */
export interface CallbackSimpleConnectionRequestConnectionRegister {
  systemUrl?: WireString | null;
  apiKey?: WireString | null;
  token?: WireString | null;
}

/** Callback entity `Callback/Entity/Store/InventoriesDataModel`, as it is written. */
export interface CallbackStoreInventoriesDataModel {
  offers?: List<StoreOfferInput> | null;
}

/** Callback entity `Callback/Entity/Store/OrderDataModel`, as it is read. */
export interface CallbackStoreOrderDataModel {
  id?: WireNumber | null;
  externalId?: WireString | null;
  site?: WireString | null;
}

/** Callback entity `Callback/Entity/Store/PackDataModel`, as it is read. */
export interface CallbackStorePackDataModel {
  item?: WireObject<CallbackStorePackItemModel> | null;
  offer?: WireObject<StoreOffer> | null;
  quantity?: WireNumber | null;
  store?: WireString | null;
  purchasePrice?: WireNumber | null;
  /** Format Y-m-d. */
  shipmentDate?: WireDate | null;
  invoiceNumber?: WireString | null;
  deliveryNoteNumber?: WireString | null;
}

/** Callback entity `Callback/Entity/Store/PackItemModel`, as it is read. */
export interface CallbackStorePackItemModel {
  id?: WireNumber | null;
  externalIds?: WireList<WireObject<CodeValueModel>> | null;
}

/** Callback answer `Callback/Response/Delivery/AutocompleteResponse`, as it is written. */
export interface CallbackDeliveryAutocompleteResponse extends SuccessResponseInput {
  result?: List<CallbackDeliveryResponseAutocompleteItem> | null;
}

/** Callback answer `Callback/Response/Delivery/CalculateResponse`, as it is written. */
export interface CallbackDeliveryCalculateResponse extends SuccessResponseInput {
  result?: List<CallbackDeliveryResponseCalculate> | null;
}

/** Callback answer `Callback/Response/Delivery/GetResponse`, as it is written. */
export interface CallbackDeliveryGetResponse extends SuccessResponseInput {
  result?: CallbackDeliveryResponseLoadDeliveryData | null;
}

/** Callback answer `Callback/Response/Delivery/SaveResponse`, as it is written. */
export interface CallbackDeliverySaveResponse extends SuccessResponseInput {
  result?: CallbackDeliveryResponseSave | null;
}

/** Callback answer `Callback/Response/Delivery/ShipmentPointListResponse`, as it is written. */
export interface CallbackDeliveryShipmentPointListResponse extends SuccessResponseInput {
  result?: List<CallbackDeliveryTerminalInput> | null;
}

/** Callback answer `Callback/Response/Delivery/ShipmentSaveResponse`, as it is written. */
export interface CallbackDeliveryShipmentSaveResponse extends SuccessResponseInput {
  result?: CallbackDeliveryResponseShipmentSave | null;
}

/** Callback answer `Callback/Response/Delivery/TariffListResponse`, as it is written. */
export interface CallbackDeliveryTariffListResponse extends SuccessResponseInput {
  result?: List<CallbackDeliveryTariff> | null;
}

/** Callback answer `Callback/Response/ErrorResponse`, as it is written. */
export interface CallbackErrorResponse extends ErrorResponseInput {}

/** Callback answer `Callback/Response/Payments/Item`, as it is read. */
export interface CallbackPaymentsItemResponse {
  name?: WireString | null;
  price?: WireNumber | null;
  quantity?: WireNumber | null;
  measurementUnit?: WireString | null;
  vat?: WireString | null;
  paymentMethod?: WireString | null;
  paymentObject?: WireEnum<PaymentObjectType> | null;
  productCode?: WireString | null;
  markingCode?: WireString | null;
}

/** Callback answer `Callback/Response/Payments/Item`, as it is written. */
export interface CallbackPaymentsItemResponseInput {
  name?: string | null;
  price?: number | null;
  quantity?: number | null;
  measurementUnit?: string | null;
  vat?: string | null;
  paymentMethod?: string | null;
  paymentObject?: PaymentObjectType | null;
  productCode?: string | null;
  markingCode?: string | null;
}

/** Callback answer `Callback/Response/Payments/PaymentCreateResponse`, as it is written. */
export interface CallbackPaymentCreateResponse extends CallbackErrorResponse {
  result?: CallbackPaymentCreateResult | null;
}

/** Callback answer `Callback/Response/Payments/PaymentRefundResponse`, as it is written. */
export interface CallbackPaymentRefundResponse extends CallbackErrorResponse {
  result?: CallbackPaymentsModuleRefund | null;
}

/** Callback answer `Callback/Response/Recommendation/RecommendationResponse`, as it is written. */
export interface CallbackRecommendationResponse {
  by?: string | null;
  ids?: List<string> | null;
}

/** Callback answer `Callback/Response/SimpleConnection/ConnectionConfigResponse`, as it is written. */
export interface CallbackSimpleConnectionConnectionConfigResponse {
  success?: boolean | null;
  scopes?: Json | null;
  registerUrl?: string | null;
}

/** Callback answer `Callback/Response/SimpleConnection/ConnectionRegisterResponse`, as it is written. */
export interface CallbackSimpleConnectionConnectionRegisterResponse {
  success?: boolean | null;
  accountUrl?: string | null;
}

/** Callback answer `Callback/Response/Store/InventoriesUploadResponse`, as it is written. */
export interface CallbackStoreInventoriesUploadResponse {
  success?: boolean | null;
  errorMsg?: string | null;
  offers?: List<StoreOfferInput> | null;
}

/** Callback answer `Callback/Response/Store/ReserveResponse`, as it is written. */
export interface CallbackStoreReserveResponse {
  success?: boolean | null;
  errorMsg?: string | null;
  inventories?: List<CallbackStoreInventoriesDataModel> | null;
}

/** Entity `Entity/CodeValueModel`, as it is read. */
export interface CodeValueModel {
  code?: WireString | null;
  value?: WireString | null;
}

/** Entity `Entity/CodeValueModel`, as it is written. */
export interface CodeValueModelInput {
  code?: string | null;
  value?: string | null;
}

/** Entity `Entity/Costs/Cost`, as it is read. */
export interface Cost {
  source?: WireObject<Source> | null;
  id?: WireNumber | null;
  /** Format Y-m-d. */
  dateFrom?: WireDate | null;
  /** Format Y-m-d. */
  dateTo?: WireDate | null;
  summ?: WireNumber | null;
  costItem?: WireString | null;
  comment?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  createdBy?: WireString | null;
  order?: WireObject<CostOrder> | null;
  userId?: WireNumber | null;
  sites?: WireList<WireString> | null;
}

/** Entity `Entity/Costs/Cost`, as it is written. */
export interface CostInput {
  source?: SourceInput | null;
  id?: number | null;
  /** Format Y-m-d. */
  dateFrom?: DateInput | null;
  /** Format Y-m-d. */
  dateTo?: DateInput | null;
  summ?: number | null;
  costItem?: string | null;
  comment?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  createdBy?: string | null;
  order?: CostOrderInput | null;
  userId?: number | null;
  sites?: List<string> | null;
}

/** Entity `Entity/Costs/CostOrder`, as it is read. */
export interface CostOrder {
  id?: WireNumber | null;
  number?: WireString | null;
  externalId?: WireString | null;
}

/** Entity `Entity/Costs/CostOrder`, as it is written. */
export interface CostOrderInput {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
}

/** Entity `Entity/CursorPagination`, as it is read. */
export interface CursorPagination {
  nextCursor?: WireString | null;
}

/** Entity `Entity/CustomFields/CustomDictionary`, as it is read. */
export interface CustomFieldsCustomDictionary {
  name?: WireString | null;
  code?: WireString | null;
  elements?: WireList<WireObject<CustomFieldsSerializedCustomDictionaryElement>> | null;
}

/** Entity `Entity/CustomFields/CustomDictionary`, as it is written. */
export interface CustomFieldsCustomDictionaryInput {
  name?: string | null;
  code?: string | null;
  elements?: List<CustomFieldsSerializedCustomDictionaryElementInput> | null;
}

/** Entity `Entity/CustomFields/CustomField`, as it is read. */
export interface CustomField {
  name?: WireString | null;
  code?: WireString | null;
  required?: WireBoolean | null;
  inFilter?: WireBoolean | null;
  inList?: WireBoolean | null;
  inGroupActions?: WireBoolean | null;
  type?: WireEnum<CustomFieldType> | null;
  entity?: WireEnum<CustomFieldEntity> | null;
  default?: WireString | null;
  ordering?: WireNumber | null;
  displayArea?: WireEnum<CustomFieldDisplayArea> | null;
  viewMode?: WireEnum<CustomFieldViewMode> | null;
  viewModeMobile?: WireEnum<CustomFieldViewMode> | null;
  dictionary?: WireString | null;
  defaultTyped?: Json | null;
}

/** Entity `Entity/CustomFields/CustomField`, as it is written. */
export interface CustomFieldInput {
  name?: string | null;
  code?: string | null;
  required?: boolean | null;
  inFilter?: boolean | null;
  inList?: boolean | null;
  inGroupActions?: boolean | null;
  type?: CustomFieldType | null;
  entity?: CustomFieldEntity | null;
  default?: string | null;
  ordering?: number | null;
  displayArea?: CustomFieldDisplayArea | null;
  viewMode?: CustomFieldViewMode | null;
  viewModeMobile?: CustomFieldViewMode | null;
  dictionary?: string | null;
  defaultTyped?: Json | null;
}

/** Entity `Entity/CustomFields/SerializedCustomDictionaryElement`, as it is read. */
export interface CustomFieldsSerializedCustomDictionaryElement {
  name?: WireString | null;
  code?: WireString | null;
  ordering?: WireNumber | null;
}

/** Entity `Entity/CustomFields/SerializedCustomDictionaryElement`, as it is written. */
export interface CustomFieldsSerializedCustomDictionaryElementInput {
  name?: string | null;
  code?: string | null;
  ordering?: number | null;
}

/** Entity `Entity/CustomerInteraction/Cart`, as it is read. */
export interface CustomerInteractionCart {
  currency?: WireString | null;
  externalId?: WireString | null;
  /** Format Y-m-d H:i:sP. */
  droppedAt?: WireDate | null;
  /** Format Y-m-d H:i:sP. */
  clearedAt?: WireDate | null;
  link?: WireString | null;
  customer?: WireObject<CustomerInteractionCartCustomer> | null;
  items?: WireList<WireObject<CustomerInteractionCartItem>> | null;
  order?: WireObject<CustomerInteractionCartOrder> | null;
}

/** Entity `Entity/CustomerInteraction/Cart`, as it is written. */
export interface CustomerInteractionCartInput {
  currency?: string | null;
  externalId?: string | null;
  /** Format Y-m-d H:i:sP. */
  droppedAt?: DateInput | null;
  /** Format Y-m-d H:i:sP. */
  clearedAt?: DateInput | null;
  link?: string | null;
  customer?: CustomerInteractionCartCustomerInput | null;
  items?: List<CustomerInteractionCartItemInput> | null;
  order?: CustomerInteractionCartOrderInput | null;
}

/** Entity `Entity/CustomerInteraction/CartCustomer`, as it is read. */
export interface CustomerInteractionCartCustomer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  browserId?: WireString | null;
  site?: WireString | null;
  gaClientId?: WireString | null;
}

/** Entity `Entity/CustomerInteraction/CartCustomer`, as it is written. */
export interface CustomerInteractionCartCustomerInput {
  id?: number | null;
  externalId?: string | null;
  browserId?: string | null;
  site?: string | null;
  gaClientId?: string | null;
}

/** Entity `Entity/CustomerInteraction/CartItem`, as it is read. */
export interface CustomerInteractionCartItem {
  id?: WireNumber | null;
  offer?: WireObject<OrdersItemsOffer> | null;
  quantity?: WireNumber | null;
  price?: WireNumber | null;
}

/** Entity `Entity/CustomerInteraction/CartItem`, as it is written. */
export interface CustomerInteractionCartItemInput {
  id?: number | null;
  offer?: OrdersItemsOfferInput | null;
  quantity?: number | null;
  price?: number | null;
}

/** Entity `Entity/CustomerInteraction/CartOrder`, as it is read. */
export interface CustomerInteractionCartOrder {
  id?: WireNumber | null;
  externalId?: WireString | null;
  number?: WireString | null;
}

/** Entity `Entity/CustomerInteraction/CartOrder`, as it is written. */
export interface CustomerInteractionCartOrderInput {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/CustomerInteraction/Favorite`, as it is read. */
export interface CustomerInteractionFavorite {
  offer?: WireObject<CustomerInteractionFavoriteOffer> | null;
}

/** Entity `Entity/CustomerInteraction/Favorite`, as it is written. */
export interface CustomerInteractionFavoriteInput {
  offer?: CustomerInteractionFavoriteOfferInput | null;
}

/** Entity `Entity/CustomerInteraction/FavoriteOffer`, as it is read. */
export interface CustomerInteractionFavoriteOffer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
}

/** Entity `Entity/CustomerInteraction/FavoriteOffer`, as it is written. */
export interface CustomerInteractionFavoriteOfferInput {
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
}

/** Entity `Entity/Customers/Customer`, as it is read. */
export interface Customer {
  type?: WireEnum<CustomerType> | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  isContact?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  managerId?: WireNumber | null;
  vip?: WireBoolean | null;
  bad?: WireBoolean | null;
  browserId?: WireString | null;
  site?: WireString | null;
  contragent?: WireObject<CustomerContragent> | null;
  tags?: WireList<WireObject<CustomerTag>> | null;
  attachedTag?: WireString | null;
  addTags?: WireList<WireString> | null;
  removeTags?: WireList<WireString> | null;
  avgMarginSumm?: WireNumber | null;
  marginSumm?: WireNumber | null;
  totalSumm?: WireNumber | null;
  averageSumm?: WireNumber | null;
  ordersCount?: WireNumber | null;
  costSumm?: WireNumber | null;
  customFields?: Json | null;
  personalDiscount?: WireNumber | null;
  cumulativeDiscount?: WireNumber | null;
  discountCardNumber?: WireString | null;
  firstClientId?: WireString | null;
  lastClientId?: WireString | null;
  address?: WireObject<CustomerAddress> | null;
  segments?: WireList<WireObject<CustomersSegment>> | null;
  maturationTime?: WireNumber | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  sex?: WireEnum<CustomersGender> | null;
  presumableSex?: WireEnum<CustomersGender> | null;
  email?: WireString | null;
  /** Format Y-m-d H:i:s. */
  emailMarketingUnsubscribedAt?: WireDate | null;
  phones?: WireList<WireObject<CustomerPhone>> | null;
  /** Format Y-m-d. */
  birthday?: WireDate | null;
  source?: WireObject<Source> | null;
  photoUrl?: WireString | null;
  mgCustomerId?: WireNumber | null;
  subscribed?: WireBoolean | null;
  customerSubscriptions?: WireList<WireObject<CustomerSubscription>> | null;
  mgCustomers?: WireList<WireObject<CustomersMGCustomer>> | null;
}

/** Entity `Entity/Customers/Customer`, as it is written. */
export interface CustomerInput {
  type?: CustomerType | null;
  id?: number | null;
  externalId?: string | null;
  isContact?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  managerId?: number | null;
  vip?: boolean | null;
  bad?: boolean | null;
  browserId?: string | null;
  site?: string | null;
  contragent?: CustomerContragentInput | null;
  tags?: List<CustomerTagInput> | null;
  attachedTag?: string | null;
  addTags?: List<string> | null;
  removeTags?: List<string> | null;
  avgMarginSumm?: number | null;
  marginSumm?: number | null;
  totalSumm?: number | null;
  averageSumm?: number | null;
  ordersCount?: number | null;
  costSumm?: number | null;
  customFields?: Json | null;
  personalDiscount?: number | null;
  cumulativeDiscount?: number | null;
  discountCardNumber?: string | null;
  firstClientId?: string | null;
  lastClientId?: string | null;
  address?: CustomerAddressInput | null;
  segments?: List<CustomersSegmentInput> | null;
  maturationTime?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  sex?: CustomersGender | null;
  presumableSex?: CustomersGender | null;
  email?: string | null;
  /** Format Y-m-d H:i:s. */
  emailMarketingUnsubscribedAt?: DateInput | null;
  phones?: List<CustomerPhoneInput> | null;
  /** Format Y-m-d. */
  birthday?: DateInput | null;
  source?: SourceInput | null;
  photoUrl?: string | null;
  mgCustomerId?: number | null;
  subscribed?: boolean | null;
  customerSubscriptions?: List<CustomerSubscriptionInput> | null;
  mgCustomers?: List<CustomersMGCustomerInput> | null;
}

/** Entity `Entity/Customers/CustomerAddress`, as it is read. */
export interface CustomerAddress {
  id?: WireNumber | null;
  name?: WireString | null;
  isMain?: WireBoolean | null;
  index?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  region?: WireString | null;
  regionId?: WireNumber | null;
  city?: WireString | null;
  cityId?: WireNumber | null;
  cityType?: WireString | null;
  street?: WireString | null;
  streetId?: WireNumber | null;
  streetType?: WireString | null;
  building?: WireString | null;
  flat?: WireString | null;
  floor?: WireNumber | null;
  block?: WireNumber | null;
  house?: WireString | null;
  housing?: WireString | null;
  metro?: WireString | null;
  notes?: WireString | null;
  text?: WireString | null;
  externalId?: WireString | null;
}

/** Entity `Entity/Customers/CustomerAddress`, as it is written. */
export interface CustomerAddressInput {
  id?: number | null;
  name?: string | null;
  isMain?: boolean | null;
  index?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  region?: string | null;
  regionId?: number | null;
  city?: string | null;
  cityId?: number | null;
  cityType?: string | null;
  street?: string | null;
  streetId?: number | null;
  streetType?: string | null;
  building?: string | null;
  flat?: string | null;
  floor?: number | null;
  block?: number | null;
  house?: string | null;
  housing?: string | null;
  metro?: string | null;
  notes?: string | null;
  text?: string | null;
  externalId?: string | null;
}

/** Entity `Entity/Customers/CustomerContragent`, as it is read. */
export interface CustomerContragent {
  contragentType?: WireEnum<CustomersContragentType> | null;
  type?: WireString | null;
  legalName?: WireString | null;
  legalAddress?: WireString | null;
  INN?: WireString | null;
  OKPO?: WireString | null;
  KPP?: WireString | null;
  OGRN?: WireString | null;
  OGRNIP?: WireString | null;
  certificateNumber?: WireString | null;
  /** Format Y-m-d. */
  certificateDate?: WireDate | null;
  BIK?: WireString | null;
  bank?: WireString | null;
  bankAddress?: WireString | null;
  corrAccount?: WireString | null;
  bankAccount?: WireString | null;
}

/** Entity `Entity/Customers/CustomerContragent`, as it is written. */
export interface CustomerContragentInput {
  contragentType?: CustomersContragentType | null;
  type?: string | null;
  legalName?: string | null;
  legalAddress?: string | null;
  INN?: string | null;
  OKPO?: string | null;
  KPP?: string | null;
  OGRN?: string | null;
  OGRNIP?: string | null;
  certificateNumber?: string | null;
  /** Format Y-m-d. */
  certificateDate?: DateInput | null;
  BIK?: string | null;
  bank?: string | null;
  bankAddress?: string | null;
  corrAccount?: string | null;
  bankAccount?: string | null;
}

/** Entity `Entity/Customers/CustomerHistory`, as it is read. */
export interface CustomerHistory {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  created?: WireBoolean | null;
  deleted?: WireBoolean | null;
  source?: WireString | null;
  user?: WireObject<HistoryUser> | null;
  field?: WireString | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: WireObject<HistoryApiKey> | null;
  customer?: WireObject<Customer> | null;
  address?: WireObject<CustomersHistoryAddress> | null;
  combinedTo?: WireObject<Customer> | null;
}

/** Entity `Entity/Customers/CustomerNote`, as it is read. */
export interface CustomerNote {
  customer?: WireObject<Customer> | null;
  managerId?: WireNumber | null;
  id?: WireNumber | null;
  text?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
}

/** Entity `Entity/Customers/CustomerNote`, as it is written. */
export interface CustomerNoteInput {
  customer?: CustomerInput | null;
  managerId?: number | null;
  id?: number | null;
  text?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
}

/** Entity `Entity/Customers/CustomerPhone`, as it is read. */
export interface CustomerPhone {
  number?: WireString | null;
}

/** Entity `Entity/Customers/CustomerPhone`, as it is written. */
export interface CustomerPhoneInput {
  number?: string | null;
}

/** Entity `Entity/Customers/CustomerSubscription`, as it is read. */
export interface CustomerSubscription {
  subscription?: WireObject<CustomersSubscriptionCategory> | null;
  subscribed?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  changedAt?: WireDate | null;
}

/** Entity `Entity/Customers/CustomerSubscription`, as it is written. */
export interface CustomerSubscriptionInput {
  subscription?: CustomersSubscriptionCategoryInput | null;
  subscribed?: boolean | null;
  /** Format Y-m-d H:i:s. */
  changedAt?: DateInput | null;
}

/** Entity `Entity/Customers/CustomerTag`, as it is read. */
export interface CustomerTag {
  name?: WireString | null;
  color?: WireString | null;
  attached?: WireBoolean | null;
}

/** Entity `Entity/Customers/CustomerTag`, as it is written. */
export interface CustomerTagInput {
  name?: string | null;
  color?: string | null;
  attached?: boolean | null;
}

/** Entity `Entity/Customers/HistoryAddress`, as it is read. */
export interface CustomersHistoryAddress {
  id?: WireNumber | null;
  externalId?: WireString | null;
  name?: WireString | null;
  isMain?: WireBoolean | null;
}

/** Entity `Entity/Customers/MGChannel`, as it is read. */
export interface CustomersMGChannel {
  id?: WireNumber | null;
  externalId?: WireNumber | null;
  type?: WireString | null;
  active?: WireBoolean | null;
  name?: WireString | null;
  allowedSendByPhone?: WireBoolean | null;
}

/** Entity `Entity/Customers/MGChannel`, as it is written. */
export interface CustomersMGChannelInput {
  id?: number | null;
  externalId?: number | null;
  type?: string | null;
  active?: boolean | null;
  name?: string | null;
  allowedSendByPhone?: boolean | null;
}

/** Entity `Entity/Customers/MGCustomer`, as it is read. */
export interface CustomersMGCustomer {
  id?: WireNumber | null;
  externalId?: WireNumber | null;
  mgChannel?: WireObject<CustomersMGChannel> | null;
}

/** Entity `Entity/Customers/MGCustomer`, as it is written. */
export interface CustomersMGCustomerInput {
  id?: number | null;
  externalId?: number | null;
  mgChannel?: CustomersMGChannelInput | null;
}

/** Entity `Entity/Customers/Segment`, as it is read. */
export interface CustomersSegment {
  id?: WireNumber | null;
  code?: WireString | null;
  name?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  isDynamic?: WireBoolean | null;
  customersCount?: WireNumber | null;
  active?: WireBoolean | null;
}

/** Entity `Entity/Customers/Segment`, as it is written. */
export interface CustomersSegmentInput {
  id?: number | null;
  code?: string | null;
  name?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  isDynamic?: boolean | null;
  customersCount?: number | null;
  active?: boolean | null;
}

/** Entity `Entity/Customers/SerializedCustomerReference`, as it is written. */
export interface CustomersSerializedCustomerReference {
  id?: number | null;
}

/** Entity `Entity/Customers/Subscription`, as it is written. */
export interface CustomersSubscription {
  channel?: string | null;
  subscription?: string | null;
  active?: boolean | null;
  messageId?: number | null;
}

/** Entity `Entity/Customers/SubscriptionCategory`, as it is read. */
export interface CustomersSubscriptionCategory {
  id?: WireNumber | null;
  channel?: WireString | null;
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  autoSubscribe?: WireBoolean | null;
  ordering?: WireNumber | null;
}

/** Entity `Entity/Customers/SubscriptionCategory`, as it is written. */
export interface CustomersSubscriptionCategoryInput {
  id?: number | null;
  channel?: string | null;
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  autoSubscribe?: boolean | null;
  ordering?: number | null;
}

/** Entity `Entity/CustomersCorporate/Company`, as it is read. */
export interface CustomersCorporateCompany {
  id?: WireNumber | null;
  isMain?: WireBoolean | null;
  externalId?: WireString | null;
  active?: WireBoolean | null;
  name?: WireString | null;
  brand?: WireString | null;
  site?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  customer?: WireObject<CustomersCorporateSerializedEntityCustomer> | null;
  contragent?: WireObject<CustomerContragent> | null;
  address?: WireObject<CustomerAddress> | null;
  customFields?: Json | null;
  marginSumm?: WireNumber | null;
  totalSumm?: WireNumber | null;
  averageSumm?: WireNumber | null;
  ordersCount?: WireNumber | null;
  costSumm?: WireNumber | null;
}

/** Entity `Entity/CustomersCorporate/Company`, as it is written. */
export interface CustomersCorporateCompanyInput {
  id?: number | null;
  isMain?: boolean | null;
  externalId?: string | null;
  active?: boolean | null;
  name?: string | null;
  brand?: string | null;
  site?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  customer?: CustomersCorporateSerializedEntityCustomerInput | null;
  contragent?: CustomerContragentInput | null;
  address?: CustomerAddressInput | null;
  customFields?: Json | null;
  marginSumm?: number | null;
  totalSumm?: number | null;
  averageSumm?: number | null;
  ordersCount?: number | null;
  costSumm?: number | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContact`, as it is read. */
export interface CustomersCorporateCustomerContact {
  id?: WireNumber | null;
  isMain?: WireBoolean | null;
  customer?: WireObject<CustomersCorporateSerializedRelationAbstractCustomer> | null;
  companies?: WireList<WireObject<CustomersCorporateCustomerContactCompany>> | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContact`, as it is written. */
export interface CustomersCorporateCustomerContactInput {
  id?: number | null;
  isMain?: boolean | null;
  customer?: CustomersCorporateSerializedRelationAbstractCustomerInput | null;
  companies?: List<CustomersCorporateCustomerContactCompanyInput> | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContactCompany`, as it is read. */
export interface CustomersCorporateCustomerContactCompany extends CustomersCorporateEntityWithExternalIdInput {
  company?: WireObject<CustomersCorporateEntityWithExternalIdNameOutput> | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContactCompany`, as it is written. */
export interface CustomersCorporateCustomerContactCompanyInput extends CustomersCorporateEntityWithExternalIdInputInput {
  company?: CustomersCorporateEntityWithExternalIdNameOutputInput | null;
}

/** Entity `Entity/CustomersCorporate/CustomerCorporate`, as it is read. */
export interface CustomerCorporate {
  type?: WireEnum<CustomerType> | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  nickName?: WireString | null;
  mainAddress?: WireObject<CustomersCorporateEntityWithExternalIdNameOutput> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  managerId?: WireNumber | null;
  source?: WireObject<Source> | null;
  customerContacts?: WireList<WireObject<CustomersCorporateCustomerContact>> | null;
  companies?: WireList<WireObject<CustomersCorporateCompany>> | null;
  addresses?: WireList<WireObject<CustomerAddress>> | null;
  vip?: WireBoolean | null;
  bad?: WireBoolean | null;
  site?: WireString | null;
  tags?: WireList<WireObject<CustomerTag>> | null;
  avgMarginSumm?: WireNumber | null;
  marginSumm?: WireNumber | null;
  totalSumm?: WireNumber | null;
  averageSumm?: WireNumber | null;
  ordersCount?: WireNumber | null;
  costSumm?: WireNumber | null;
  customFields?: Json | null;
  personalDiscount?: WireNumber | null;
  cumulativeDiscount?: WireNumber | null;
  discountCardNumber?: WireString | null;
  firstClientId?: WireString | null;
  lastClientId?: WireString | null;
  mainCustomerContact?: WireObject<CustomersCorporateCustomerContact> | null;
  mainCompany?: WireObject<CustomersCorporateEntityWithExternalIdNameOutput> | null;
}

/** Entity `Entity/CustomersCorporate/CustomerCorporate`, as it is written. */
export interface CustomerCorporateInput {
  type?: CustomerType | null;
  id?: number | null;
  externalId?: string | null;
  nickName?: string | null;
  mainAddress?: CustomersCorporateEntityWithExternalIdNameOutputInput | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  managerId?: number | null;
  source?: SourceInput | null;
  customerContacts?: List<CustomersCorporateCustomerContactInput> | null;
  companies?: List<CustomersCorporateCompanyInput> | null;
  addresses?: List<CustomerAddressInput> | null;
  vip?: boolean | null;
  bad?: boolean | null;
  site?: string | null;
  tags?: List<CustomerTagInput> | null;
  avgMarginSumm?: number | null;
  marginSumm?: number | null;
  totalSumm?: number | null;
  averageSumm?: number | null;
  ordersCount?: number | null;
  costSumm?: number | null;
  customFields?: Json | null;
  personalDiscount?: number | null;
  cumulativeDiscount?: number | null;
  discountCardNumber?: string | null;
  firstClientId?: string | null;
  lastClientId?: string | null;
  mainCustomerContact?: CustomersCorporateCustomerContactInput | null;
  mainCompany?: CustomersCorporateEntityWithExternalIdNameOutputInput | null;
}

/** Entity `Entity/CustomersCorporate/CustomerCorporateHistory`, as it is read. */
export interface CustomerCorporateHistory {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  created?: WireBoolean | null;
  deleted?: WireBoolean | null;
  source?: WireString | null;
  user?: WireObject<HistoryUser> | null;
  field?: WireString | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: WireObject<HistoryApiKey> | null;
  customer?: WireObject<CustomerCorporate> | null;
  address?: WireObject<CustomerAddress> | null;
  combinedTo?: WireObject<CustomerCorporate> | null;
  customerContact?: WireObject<CustomersCorporateCustomerContact> | null;
  company?: WireObject<CustomersCorporateCompany> | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdInput`, as it is read. */
export interface CustomersCorporateEntityWithExternalIdInput {
  id?: WireNumber | null;
  externalId?: WireString | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdInput`, as it is written. */
export interface CustomersCorporateEntityWithExternalIdInputInput {
  id?: number | null;
  externalId?: string | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdNameOutput`, as it is read. */
export interface CustomersCorporateEntityWithExternalIdNameOutput extends CustomersCorporateEntityWithExternalIdInput {
  name?: WireString | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdNameOutput`, as it is written. */
export interface CustomersCorporateEntityWithExternalIdNameOutputInput extends CustomersCorporateEntityWithExternalIdInputInput {
  name?: string | null;
}

/** Entity `Entity/CustomersCorporate/SerializedEntityCustomer`, as it is read. */
export interface CustomersCorporateSerializedEntityCustomer {
  site?: WireString | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  type?: WireEnum<CustomerType> | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  customFields?: Json | null;
}

/** Entity `Entity/CustomersCorporate/SerializedEntityCustomer`, as it is written. */
export interface CustomersCorporateSerializedEntityCustomerInput {
  site?: string | null;
  id?: number | null;
  externalId?: string | null;
  type?: CustomerType | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  customFields?: Json | null;
}

/** Entity `Entity/CustomersCorporate/SerializedRelationAbstractCustomer`, as it is read. */
export interface CustomersCorporateSerializedRelationAbstractCustomer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  browserId?: WireString | null;
  site?: WireString | null;
  companies?: WireList<WireObject<CustomersCorporateCustomerContactCompany>> | null;
}

/** Entity `Entity/CustomersCorporate/SerializedRelationAbstractCustomer`, as it is written. */
export interface CustomersCorporateSerializedRelationAbstractCustomerInput {
  id?: number | null;
  externalId?: string | null;
  browserId?: string | null;
  site?: string | null;
  companies?: List<CustomersCorporateCustomerContactCompanyInput> | null;
}

/** Entity `Entity/Delivery/DeliveryCalculation`, as it is read. */
export interface DeliveryCalculation {
  code?: WireString | null;
  available?: WireBoolean | null;
  vatRate?: WireString | null;
  cost?: WireNumber | null;
}

/** Entity `Entity/Delivery/DeliveryShipment`, as it is read. */
export interface DeliveryShipment {
  integrationCode?: WireString | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  deliveryType?: WireString | null;
  store?: WireString | null;
  managerId?: WireNumber | null;
  status?: WireString | null;
  /** Format Y-m-d. */
  date?: WireDate | null;
  time?: WireObject<DeliveryTimeInterval> | null;
  comment?: WireString | null;
  orders?: WireList<WireObject<DeliverySerializedEntityOrder>> | null;
  extraData?: Json | null;
  lunchTime?: WireObject<DeliveryTimeInterval> | null;
}

/** Entity `Entity/Delivery/DeliveryShipment`, as it is written. */
export interface DeliveryShipmentInput {
  integrationCode?: string | null;
  id?: number | null;
  externalId?: string | null;
  deliveryType?: string | null;
  store?: string | null;
  managerId?: number | null;
  status?: string | null;
  /** Format Y-m-d. */
  date?: DateInput | null;
  time?: DeliveryTimeIntervalInput | null;
  comment?: string | null;
  orders?: List<DeliverySerializedEntityOrderInput> | null;
  extraData?: Json | null;
  lunchTime?: DeliveryTimeIntervalInput | null;
}

/** Entity `Entity/Delivery/RequestStatusUpdateItem`, as it is written. */
export interface DeliveryRequestStatusUpdateItem {
  deliveryId?: string | null;
  history?: List<DeliveryStatusInfo> | null;
  trackNumber?: string | null;
  cost?: number | null;
  extraData?: Dictionary<string> | null;
}

/** Entity `Entity/Delivery/SerializedEntityOrder`, as it is read. */
export interface DeliverySerializedEntityOrder {
  id?: WireNumber | null;
  externalId?: WireString | null;
  number?: WireString | null;
  applyRound?: WireBoolean | null;
}

/** Entity `Entity/Delivery/SerializedEntityOrder`, as it is written. */
export interface DeliverySerializedEntityOrderInput {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
  applyRound?: boolean | null;
}

/** Entity `Entity/Delivery/SerializedOrder`, as it is written. */
export interface DeliverySerializedOrder {
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  items?: List<DeliverySerializedOrderProduct> | null;
  delivery?: DeliverySerializedOrderDelivery | null;
}

/** Entity `Entity/Delivery/SerializedOrderDelivery`, as it is written. */
export interface DeliverySerializedOrderDelivery {
  /** Format Y-m-d. */
  date?: DateInput | null;
  time?: DeliveryTimeIntervalInput | null;
  address?: OrdersDeliveryOrderDeliveryAddressInput | null;
}

/** Entity `Entity/Delivery/SerializedOrderProduct`, as it is written. */
export interface DeliverySerializedOrderProduct {
  initialPrice?: number | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  quantity?: number | null;
  offer?: LoyaltySerializedOrderProductOfferInput | null;
  priceType?: OrdersItemsPriceTypeInput | null;
}

/** Entity `Entity/Delivery/StatusInfo`, as it is written. */
export interface DeliveryStatusInfo {
  code?: string | null;
  /** Format Y-m-d\TH:i:sP. */
  updatedAt?: DateInput | null;
  comment?: string | null;
}

/** Entity `Entity/Delivery/TimeInterval`, as it is read. */
export interface DeliveryTimeInterval {
  /** Format H:i. */
  from?: WireDate | null;
  /** Format H:i. */
  to?: WireDate | null;
  custom?: WireString | null;
}

/** Entity `Entity/Delivery/TimeInterval`, as it is written. */
export interface DeliveryTimeIntervalInput {
  /** Format H:i. */
  from?: DateInput | null;
  /** Format H:i. */
  to?: DateInput | null;
  custom?: string | null;
}

/** Entity `Entity/EntityWithExternalId`, as it is read. */
export interface EntityWithExternalId {
  externalId?: WireString | null;
}

/** Entity `Entity/EntityWithExternalId`, as it is written. */
export interface EntityWithExternalIdInput {
  externalId?: string | null;
}

/** Entity `Entity/Files/Attachment`, as it is read. */
export interface FilesAttachment {
  customer?: WireObject<FilesAttachmentCustomer> | null;
  order?: WireObject<FilesAttachmentOrder> | null;
}

/** Entity `Entity/Files/Attachment`, as it is written. */
export interface FilesAttachmentInput {
  customer?: FilesAttachmentCustomerInput | null;
  order?: FilesAttachmentOrderInput | null;
}

/** Entity `Entity/Files/AttachmentCustomer`, as it is read. */
export interface FilesAttachmentCustomer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/Files/AttachmentCustomer`, as it is written. */
export interface FilesAttachmentCustomerInput {
  id?: number | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Files/AttachmentOrder`, as it is read. */
export interface FilesAttachmentOrder {
  id?: WireNumber | null;
  number?: WireString | null;
  externalId?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/Files/AttachmentOrder`, as it is written. */
export interface FilesAttachmentOrderInput {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Files/File`, as it is read. */
export interface FilesFile {
  id?: WireNumber | null;
  filename?: WireString | null;
  type?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  size?: WireNumber | null;
  attachment?: WireList<WireObject<FilesAttachment>> | null;
}

/** Entity `Entity/Files/File`, as it is written. */
export interface FilesFileInput {
  id?: number | null;
  filename?: string | null;
  type?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  size?: number | null;
  attachment?: List<FilesAttachmentInput> | null;
}

/** Entity `Entity/FixExternalRow`, as it is read. */
export interface FixExternalRow {
  id?: WireNumber | null;
  externalId?: WireString | null;
}

/** Entity `Entity/FixExternalRow`, as it is written. */
export interface FixExternalRowInput {
  id?: number | null;
  externalId?: string | null;
}

/** Entity `Entity/HistoryApiKey`, as it is read. */
export interface HistoryApiKey {
  current?: WireBoolean | null;
}

/** Entity `Entity/HistoryUser`, as it is read. */
export interface HistoryUser {
  id?: WireNumber | null;
}

/** Entity `Entity/IdModel`, as it is read. */
export interface IdModel {
  id?: WireNumber | null;
}

/** Entity `Entity/IdModel`, as it is written. */
export interface IdModelInput {
  id?: number | null;
}

/** Entity `Entity/Integration/BillingInfo`, as it is read. */
export interface IntegrationBillingInfo {
  price?: WireNumber | null;
  priceWithDiscount?: WireNumber | null;
  currency?: WireObject<IntegrationCurrency> | null;
  billingType?: WireString | null;
}

/** Entity `Entity/Integration/Bot/BotConfiguration`, as it is read. */
export interface IntegrationBotConfiguration {
  isActive?: WireBoolean | null;
  logo?: WireString | null;
  token?: WireString | null;
  name?: WireString | null;
  endpointUrl?: WireString | null;
}

/** Entity `Entity/Integration/Bot/BotConfiguration`, as it is written. */
export interface IntegrationBotConfigurationInput {
  isActive?: boolean | null;
  logo?: string | null;
  token?: string | null;
  name?: string | null;
  endpointUrl?: string | null;
}

/** Entity `Entity/Integration/Currency`, as it is read. */
export interface IntegrationCurrency {
  name?: WireString | null;
  shortName?: WireString | null;
  code?: WireString | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryConfiguration`, as it is read. */
export interface IntegrationDeliveryConfiguration {
  description?: WireString | null;
  actions?: WireMap<WireString> | null;
  payerType?: WireList<WireString> | null;
  platePrintLimit?: WireNumber | null;
  rateDeliveryCost?: WireBoolean | null;
  allowPackages?: WireBoolean | null;
  codAvailable?: WireBoolean | null;
  selfShipmentAvailable?: WireBoolean | null;
  duplicateOrderProductSupported?: WireBoolean | null;
  allowTrackNumber?: WireBoolean | null;
  availableCountries?: Json | null;
  requiredFields?: Json | null;
  statusList?: WireList<WireObject<IntegrationDeliveryStatus>> | null;
  plateList?: WireList<WireObject<IntegrationDeliveryPlate>> | null;
  deliveryDataFieldList?: WireList<WireObject<IntegrationDeliveryDataField>> | null;
  shipmentDataFieldList?: WireList<WireObject<IntegrationDeliveryDataField>> | null;
  settings?: WireObject<IntegrationDeliverySettings> | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryConfiguration`, as it is written. */
export interface IntegrationDeliveryConfigurationInput {
  description?: string | null;
  actions?: Dictionary<string> | null;
  payerType?: List<string> | null;
  platePrintLimit?: number | null;
  rateDeliveryCost?: boolean | null;
  allowPackages?: boolean | null;
  codAvailable?: boolean | null;
  selfShipmentAvailable?: boolean | null;
  duplicateOrderProductSupported?: boolean | null;
  allowTrackNumber?: boolean | null;
  availableCountries?: Json | null;
  requiredFields?: Json | null;
  statusList?: List<IntegrationDeliveryStatusInput> | null;
  plateList?: List<IntegrationDeliveryPlateInput> | null;
  deliveryDataFieldList?: List<IntegrationDeliveryDataFieldInput> | null;
  shipmentDataFieldList?: List<IntegrationDeliveryDataFieldInput> | null;
  settings?: IntegrationDeliverySettingsInput | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryDataField`, as it is read. */
export interface IntegrationDeliveryDataField {
  code?: WireString | null;
  label?: WireString | null;
  hint?: WireString | null;
  type?: WireString | null;
  multiple?: WireBoolean | null;
  choices?: WireMap<WireString> | null;
  autocompleteUrl?: WireString | null;
  visible?: WireBoolean | null;
  required?: WireBoolean | null;
  affectsCost?: WireBoolean | null;
  editable?: WireBoolean | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryDataField`, as it is written. */
export interface IntegrationDeliveryDataFieldInput {
  code?: string | null;
  label?: string | null;
  hint?: string | null;
  type?: string | null;
  multiple?: boolean | null;
  choices?: Dictionary<string> | null;
  autocompleteUrl?: string | null;
  visible?: boolean | null;
  required?: boolean | null;
  affectsCost?: boolean | null;
  editable?: boolean | null;
}

/** Entity `Entity/Integration/Delivery/PaymentType`, as it is read. */
export interface IntegrationDeliveryPaymentType {
  code?: WireString | null;
  active?: WireBoolean | null;
  cod?: WireBoolean | null;
}

/** Entity `Entity/Integration/Delivery/PaymentType`, as it is written. */
export interface IntegrationDeliveryPaymentTypeInput {
  code?: string | null;
  active?: boolean | null;
  cod?: boolean | null;
}

/** Entity `Entity/Integration/Delivery/Plate`, as it is read. */
export interface IntegrationDeliveryPlate {
  type?: WireString | null;
  code?: WireString | null;
  label?: WireString | null;
}

/** Entity `Entity/Integration/Delivery/Plate`, as it is written. */
export interface IntegrationDeliveryPlateInput {
  type?: string | null;
  code?: string | null;
  label?: string | null;
}

/** Entity `Entity/Integration/Delivery/Settings`, as it is read. */
export interface IntegrationDeliverySettings {
  defaultPayerType?: WireString | null;
  costCalculateBy?: WireString | null;
  nullDeclaredValue?: WireBoolean | null;
  lockedByDefault?: WireBoolean | null;
  paymentTypes?: WireList<WireObject<IntegrationDeliveryPaymentType>> | null;
  shipmentPoints?: WireList<WireObject<IntegrationDeliveryShipmentPoint>> | null;
  statuses?: WireList<WireObject<IntegrationDeliverySettingsStatus>> | null;
  deliveryExtraData?: Json | null;
  shipmentExtraData?: Json | null;
}

/** Entity `Entity/Integration/Delivery/Settings`, as it is written. */
export interface IntegrationDeliverySettingsInput {
  defaultPayerType?: string | null;
  costCalculateBy?: string | null;
  nullDeclaredValue?: boolean | null;
  lockedByDefault?: boolean | null;
  paymentTypes?: List<IntegrationDeliveryPaymentTypeInput> | null;
  shipmentPoints?: List<IntegrationDeliveryShipmentPointInput> | null;
  statuses?: List<IntegrationDeliverySettingsStatusInput> | null;
  deliveryExtraData?: Json | null;
  shipmentExtraData?: Json | null;
}

/** Entity `Entity/Integration/Delivery/SettingsStatus`, as it is read. */
export interface IntegrationDeliverySettingsStatus {
  code?: WireString | null;
  trackingStatusCode?: WireString | null;
}

/** Entity `Entity/Integration/Delivery/SettingsStatus`, as it is written. */
export interface IntegrationDeliverySettingsStatusInput {
  code?: string | null;
  trackingStatusCode?: string | null;
}

/** Entity `Entity/Integration/Delivery/ShipmentPoint`, as it is read. */
export interface IntegrationDeliveryShipmentPoint {
  code?: WireString | null;
  shipmentPointId?: WireString | null;
  shipmentPointLabel?: WireString | null;
}

/** Entity `Entity/Integration/Delivery/ShipmentPoint`, as it is written. */
export interface IntegrationDeliveryShipmentPointInput {
  code?: string | null;
  shipmentPointId?: string | null;
  shipmentPointLabel?: string | null;
}

/** Entity `Entity/Integration/Delivery/Status`, as it is read. */
export interface IntegrationDeliveryStatus {
  code?: WireString | null;
  name?: WireString | null;
  isEditable?: WireBoolean | null;
  isError?: WireBoolean | null;
  isPreprocessing?: WireBoolean | null;
}

/** Entity `Entity/Integration/Delivery/Status`, as it is written. */
export interface IntegrationDeliveryStatusInput {
  code?: string | null;
  name?: string | null;
  isEditable?: boolean | null;
  isError?: boolean | null;
  isPreprocessing?: boolean | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsConfiguration`, as it is read. */
export interface IntegrationEmbedJsConfiguration {
  entrypoint?: WireString | null;
  stylesheet?: WireString | null;
  targets?: WireList<WireString> | null;
  runner?: WireString | null;
  pages?: WireList<WireObject<IntegrationEmbedJsPage>> | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsConfiguration`, as it is written. */
export interface IntegrationEmbedJsConfigurationInput {
  entrypoint?: string | null;
  stylesheet?: string | null;
  targets?: List<string> | null;
  runner?: string | null;
  pages?: List<IntegrationEmbedJsPageInput> | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsPage`, as it is read. */
export interface IntegrationEmbedJsPage {
  code?: WireString | null;
  menu?: WireString | null;
  parentMenuItemCode?: WireString | null;
  menuItemOrdering?: WireNumber | null;
  menuItemTitle?: WireObject<IntegrationEmbedJsTranslation> | null;
  pageHelpLink?: WireObject<IntegrationEmbedJsTranslation> | null;
  isSettingsMainPage?: WireBoolean | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsPage`, as it is written. */
export interface IntegrationEmbedJsPageInput {
  code?: string | null;
  menu?: string | null;
  parentMenuItemCode?: string | null;
  menuItemOrdering?: number | null;
  menuItemTitle?: IntegrationEmbedJsTranslationInput | null;
  pageHelpLink?: IntegrationEmbedJsTranslationInput | null;
  isSettingsMainPage?: boolean | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsTranslation`, as it is read. */
export interface IntegrationEmbedJsTranslation {
  en?: WireString | null;
  es?: WireString | null;
  ru?: WireString | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsTranslation`, as it is written. */
export interface IntegrationEmbedJsTranslationInput {
  en?: string | null;
  es?: string | null;
  ru?: string | null;
}

/** Entity `Entity/Integration/IntegrationModule`, as it is read. */
export interface IntegrationModule {
  code?: WireString | null;
  integrationCode?: WireString | null;
  active?: WireBoolean | null;
  freeze?: WireBoolean | null;
  name?: WireString | null;
  logo?: WireString | null;
  clientId?: WireString | null;
  native?: WireBoolean | null;
  baseUrl?: WireString | null;
  actions?: WireMap<WireString> | null;
  availableCountries?: WireList<WireEnum<CountryCodeIso3166>> | null;
  accountUrl?: WireString | null;
  integrations?: WireObject<Integrations> | null;
}

/** Entity `Entity/Integration/IntegrationModule`, as it is written. */
export interface IntegrationModuleInput {
  code?: string | null;
  integrationCode?: string | null;
  active?: boolean | null;
  freeze?: boolean | null;
  name?: string | null;
  logo?: string | null;
  clientId?: string | null;
  native?: boolean | null;
  baseUrl?: string | null;
  actions?: Dictionary<string> | null;
  availableCountries?: List<CountryCodeIso3166> | null;
  accountUrl?: string | null;
  integrations?: IntegrationsInput | null;
}

/** Entity `Entity/Integration/IntegrationModuleEditInfo`, as it is read. */
export interface IntegrationModuleEditInfo {
  mgTransport?: WireObject<IntegrationTransportConfiguration> | null;
  mgBot?: WireObject<IntegrationBotConfiguration> | null;
  notExistUsersIds?: WireList<WireNumber> | null;
  notExistSiteCodes?: WireList<WireString> | null;
  deliveryType?: WireObject<ReferencesDeliveryType> | null;
  billingInfo?: WireObject<IntegrationBillingInfo> | null;
}

/** Entity `Entity/Integration/Integrations`, as it is read. */
export interface Integrations {
  telephony?: WireObject<IntegrationTelephonyConfiguration> | null;
  delivery?: WireObject<IntegrationDeliveryConfiguration> | null;
  store?: WireObject<IntegrationStoreConfiguration> | null;
  recommendation?: WireObject<IntegrationRecommendationConfiguration> | null;
  payment?: WireObject<IntegrationPaymentConfiguration> | null;
  mgTransport?: WireObject<IntegrationTransportConfiguration> | null;
  mgBot?: WireObject<IntegrationBotConfiguration> | null;
  embedJs?: WireObject<IntegrationEmbedJsConfiguration> | null;
}

/** Entity `Entity/Integration/Integrations`, as it is written. */
export interface IntegrationsInput {
  telephony?: IntegrationTelephonyConfigurationInput | null;
  delivery?: IntegrationDeliveryConfigurationInput | null;
  store?: IntegrationStoreConfigurationInput | null;
  recommendation?: IntegrationRecommendationConfigurationInput | null;
  payment?: IntegrationPaymentConfigurationInput | null;
  mgTransport?: IntegrationTransportConfigurationInput | null;
  mgBot?: IntegrationBotConfigurationInput | null;
  embedJs?: IntegrationEmbedJsConfigurationInput | null;
}

/** Entity `Entity/Integration/Payment/Actions`, as it is read. */
export interface IntegrationPaymentActions {
  create?: WireString | null;
  approve?: WireString | null;
  cancel?: WireString | null;
  refund?: WireString | null;
  status?: WireString | null;
}

/** Entity `Entity/Integration/Payment/Actions`, as it is written. */
export interface IntegrationPaymentActionsInput {
  create?: string | null;
  approve?: string | null;
  cancel?: string | null;
  refund?: string | null;
  status?: string | null;
}

/** Entity `Entity/Integration/Payment/PaymentConfiguration`, as it is read. */
export interface IntegrationPaymentConfiguration {
  actions?: WireObject<IntegrationPaymentActions> | null;
  currencies?: WireList<WireString> | null;
  invoiceTypes?: WireList<WireEnum<PaymentInvoiceType>> | null;
  shops?: WireList<WireObject<IntegrationPaymentShop>> | null;
}

/** Entity `Entity/Integration/Payment/PaymentConfiguration`, as it is written. */
export interface IntegrationPaymentConfigurationInput {
  actions?: IntegrationPaymentActionsInput | null;
  currencies?: List<string> | null;
  invoiceTypes?: List<PaymentInvoiceType> | null;
  shops?: List<IntegrationPaymentShopInput> | null;
}

/** Entity `Entity/Integration/Payment/Shop`, as it is read. */
export interface IntegrationPaymentShop {
  code?: WireString | null;
  name?: WireString | null;
  active?: WireBoolean | null;
}

/** Entity `Entity/Integration/Payment/Shop`, as it is written. */
export interface IntegrationPaymentShopInput {
  code?: string | null;
  name?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/Integration/Recommendation/Mode`, as it is read. */
export interface IntegrationRecommendationMode {
  code?: WireString | null;
  names?: Json | null;
}

/** Entity `Entity/Integration/Recommendation/Mode`, as it is written. */
export interface IntegrationRecommendationModeInput {
  code?: string | null;
  names?: Json | null;
}

/** Entity `Entity/Integration/Recommendation/RecommendationConfiguration`, as it is read. */
export interface IntegrationRecommendationConfiguration {
  actions?: WireMap<WireString> | null;
  addDefaultModes?: WireBoolean | null;
  modes?: WireList<WireObject<IntegrationRecommendationMode>> | null;
}

/** Entity `Entity/Integration/Recommendation/RecommendationConfiguration`, as it is written. */
export interface IntegrationRecommendationConfigurationInput {
  actions?: Dictionary<string> | null;
  addDefaultModes?: boolean | null;
  modes?: List<IntegrationRecommendationModeInput> | null;
}

/** Entity `Entity/Integration/Requires`, as it is written. */
export interface IntegrationRequires {
  scopes?: Json | null;
}

/** Entity `Entity/Integration/Store/Action`, as it is read. */
export interface IntegrationStoreAction {
  code?: WireString | null;
  url?: WireString | null;
  callPoints?: WireList<WireString> | null;
}

/** Entity `Entity/Integration/Store/Action`, as it is written. */
export interface IntegrationStoreActionInput {
  code?: string | null;
  url?: string | null;
  callPoints?: List<string> | null;
}

/** Entity `Entity/Integration/Store/StoreConfiguration`, as it is read. */
export interface IntegrationStoreConfiguration {
  actions?: WireList<WireObject<IntegrationStoreAction>> | null;
}

/** Entity `Entity/Integration/Store/StoreConfiguration`, as it is written. */
export interface IntegrationStoreConfigurationInput {
  actions?: List<IntegrationStoreActionInput> | null;
}

/** Entity `Entity/Integration/Telephony/SerializedAdditionalCodes`, as it is read. */
export interface IntegrationTelephonySerializedAdditionalCodes {
  userId?: WireNumber | null;
  code?: WireString | null;
}

/** Entity `Entity/Integration/Telephony/SerializedAdditionalCodes`, as it is written. */
export interface IntegrationTelephonySerializedAdditionalCodesInput {
  userId?: number | null;
  code?: string | null;
}

/** Entity `Entity/Integration/Telephony/SerializedExternalPhones`, as it is read. */
export interface IntegrationTelephonySerializedExternalPhones {
  siteCode?: WireString | null;
  externalPhone?: WireString | null;
}

/** Entity `Entity/Integration/Telephony/SerializedExternalPhones`, as it is written. */
export interface IntegrationTelephonySerializedExternalPhonesInput {
  siteCode?: string | null;
  externalPhone?: string | null;
}

/** Entity `Entity/Integration/Telephony/TelephonyConfiguration`, as it is read. */
export interface IntegrationTelephonyConfiguration {
  makeCallUrl?: WireString | null;
  allowEdit?: WireBoolean | null;
  inputEventSupported?: WireBoolean | null;
  outputEventSupported?: WireBoolean | null;
  hangupEventSupported?: WireBoolean | null;
  changeUserStatusUrl?: WireString | null;
  additionalCodes?: WireList<WireObject<IntegrationTelephonySerializedAdditionalCodes>> | null;
  externalPhones?: WireList<WireObject<IntegrationTelephonySerializedExternalPhones>> | null;
  personalAccountUrl?: WireString | null;
}

/** Entity `Entity/Integration/Telephony/TelephonyConfiguration`, as it is written. */
export interface IntegrationTelephonyConfigurationInput {
  makeCallUrl?: string | null;
  allowEdit?: boolean | null;
  inputEventSupported?: boolean | null;
  outputEventSupported?: boolean | null;
  hangupEventSupported?: boolean | null;
  changeUserStatusUrl?: string | null;
  additionalCodes?: List<IntegrationTelephonySerializedAdditionalCodesInput> | null;
  externalPhones?: List<IntegrationTelephonySerializedExternalPhonesInput> | null;
  personalAccountUrl?: string | null;
}

/** Entity `Entity/Integration/Transport/TransportConfiguration`, as it is read. */
export interface IntegrationTransportConfiguration {
  token?: WireString | null;
  isActive?: WireBoolean | null;
  webhookUrl?: WireString | null;
  endpointUrl?: WireString | null;
  actions?: WireMap<WireString> | null;
}

/** Entity `Entity/Integration/Transport/TransportConfiguration`, as it is written. */
export interface IntegrationTransportConfigurationInput {
  token?: string | null;
  isActive?: boolean | null;
  webhookUrl?: string | null;
  endpointUrl?: string | null;
  actions?: Dictionary<string> | null;
}

/** Entity `Entity/Loyalty/BonusDetail`, as it is read. */
export interface LoyaltyBonusDetail {
  /** Format Y-m-d. */
  date?: WireDate | null;
  amount?: WireNumber | null;
}

/** Entity `Entity/Loyalty/Customer`, as it is read. */
export interface LoyaltyCustomer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  personalDiscount?: WireNumber | null;
}

/** Entity `Entity/Loyalty/Loyalty`, as it is read. */
export interface Loyalty {
  levels?: WireList<WireObject<LoyaltyLevel>> | null;
  active?: WireBoolean | null;
  blocked?: WireBoolean | null;
  currency?: WireString | null;
  id?: WireNumber | null;
  name?: WireString | null;
  confirmSmsCharge?: WireBoolean | null;
  confirmSmsRegistration?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  deactivatedAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  blockedAt?: WireDate | null;
}

/** Entity `Entity/Loyalty/Loyalty`, as it is written. */
export interface LoyaltyInput {
  levels?: List<LoyaltyLevelInput> | null;
  active?: boolean | null;
  blocked?: boolean | null;
  currency?: string | null;
  id?: number | null;
  name?: string | null;
  confirmSmsCharge?: boolean | null;
  confirmSmsRegistration?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  deactivatedAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  blockedAt?: DateInput | null;
}

/** Entity `Entity/Loyalty/LoyaltyAccount`, as it is read. */
export interface LoyaltyAccount {
  active?: WireBoolean | null;
  id?: WireNumber | null;
  phoneNumber?: WireString | null;
  cardNumber?: WireString | null;
  amount?: WireNumber | null;
  ordersSum?: WireNumber | null;
  nextLevelSum?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  confirmedPhoneAt?: WireDate | null;
  lastCheckId?: WireString | null;
  customFields?: Json | null;
  customer?: WireObject<CustomersCorporateSerializedEntityCustomer> | null;
  level?: WireObject<LoyaltyLevel> | null;
  status?: WireEnum<LoyaltyAccountStatus> | null;
  loyalty?: WireObject<Loyalty> | null;
  loyaltyLevelId?: WireNumber | null;
}

/** Entity `Entity/Loyalty/LoyaltyAccount`, as it is written. */
export interface LoyaltyAccountInput {
  active?: boolean | null;
  id?: number | null;
  phoneNumber?: string | null;
  cardNumber?: string | null;
  amount?: number | null;
  ordersSum?: number | null;
  nextLevelSum?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  confirmedPhoneAt?: DateInput | null;
  lastCheckId?: string | null;
  customFields?: Json | null;
  customer?: CustomersCorporateSerializedEntityCustomerInput | null;
  level?: LoyaltyLevelInput | null;
  status?: LoyaltyAccountStatus | null;
  loyalty?: LoyaltyInput | null;
  loyaltyLevelId?: number | null;
}

/** Entity `Entity/Loyalty/LoyaltyBonus`, as it is read. */
export interface LoyaltyBonus {
  amount?: WireNumber | null;
  /** Format Y-m-d. */
  activationDate?: WireDate | null;
  /** Format Y-m-d. */
  expireDate?: WireDate | null;
}

/** Entity `Entity/Loyalty/LoyaltyCalculation`, as it is read. */
export interface LoyaltyCalculation {
  privilegeType?: WireEnum<LoyaltyPrivilegeType> | null;
  discount?: WireNumber | null;
  creditBonuses?: WireNumber | null;
  loyaltyEventDiscount?: WireObject<LoyaltyEventDiscount> | null;
  maxChargeBonuses?: WireNumber | null;
  maximum?: WireBoolean | null;
}

/** Entity `Entity/Loyalty/LoyaltyEventDiscount`, as it is read. */
export interface LoyaltyEventDiscount {
  id?: WireNumber | null;
}

/** Entity `Entity/Loyalty/LoyaltyEventDiscount`, as it is written. */
export interface LoyaltyEventDiscountInput {
  id?: number | null;
}

/** Entity `Entity/Loyalty/LoyaltyLevel`, as it is read. */
export interface LoyaltyLevel {
  type?: WireEnum<LoyaltyLevelType> | null;
  id?: WireNumber | null;
  name?: WireString | null;
  sum?: WireNumber | null;
  privilegeSize?: WireNumber | null;
  privilegeSizePromo?: WireNumber | null;
}

/** Entity `Entity/Loyalty/LoyaltyLevel`, as it is written. */
export interface LoyaltyLevelInput {
  type?: LoyaltyLevelType | null;
  id?: number | null;
  name?: string | null;
  sum?: number | null;
  privilegeSize?: number | null;
  privilegeSizePromo?: number | null;
}

/** Entity `Entity/Loyalty/Operation`, as it is read. */
export interface LoyaltyOperation {
  type?: WireEnum<LoyaltyBonusOperationType> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  amount?: WireNumber | null;
  order?: WireObject<LoyaltyOperationOrder> | null;
  bonus?: WireObject<LoyaltyOperationBonus> | null;
  event?: WireObject<LoyaltyOperationEvent> | null;
  loyaltyAccount?: WireObject<IdModel> | null;
  loyalty?: WireObject<IdModel> | null;
}

/** Entity `Entity/Loyalty/OperationBonus`, as it is read. */
export interface LoyaltyOperationBonus {
  /** Format Y-m-d. */
  activationDate?: WireDate | null;
}

/** Entity `Entity/Loyalty/OperationEvent`, as it is read. */
export interface LoyaltyOperationEvent {
  id?: WireNumber | null;
  type?: WireEnum<LoyaltyBonusOperationEventType> | null;
}

/** Entity `Entity/Loyalty/OperationOrder`, as it is read. */
export interface LoyaltyOperationOrder {
  id?: WireNumber | null;
  externalId?: WireString | null;
}

/** Entity `Entity/Loyalty/OrderProduct`, as it is read. */
export interface LoyaltyOrderProduct {
  bonusesChargeTotal?: WireNumber | null;
  bonusesCreditTotal?: WireNumber | null;
  id?: WireNumber | null;
  externalIds?: WireList<WireObject<CodeValueModel>> | null;
  priceType?: WireObject<LoyaltyPriceType> | null;
  initialPrice?: WireNumber | null;
  discountTotal?: WireNumber | null;
  prices?: WireList<WireObject<LoyaltyOrderProductPriceItem>> | null;
  vatRate?: WireString | null;
  quantity?: WireNumber | null;
  offer?: WireObject<OrdersItemsOffer> | null;
}

/** Entity `Entity/Loyalty/OrderProductPriceItem`, as it is read. */
export interface LoyaltyOrderProductPriceItem {
  price?: WireNumber | null;
  quantity?: WireNumber | null;
}

/** Entity `Entity/Loyalty/PriceType`, as it is read. */
export interface LoyaltyPriceType {
  code?: WireString | null;
}

/** Entity `Entity/Loyalty/SerializedCreateLoyaltyAccount`, as it is written. */
export interface LoyaltySerializedCreateLoyaltyAccount {
  phoneNumber?: string | null;
  cardNumber?: string | null;
  customFields?: Json | null;
  customer?: CustomersCorporateSerializedEntityCustomerInput | null;
}

/** Entity `Entity/Loyalty/SerializedLoyalty`, as it is read. */
export interface LoyaltySerializedLoyalty {
  name?: WireString | null;
  chargeRate?: WireNumber | null;
}

/** Entity `Entity/Loyalty/SerializedLoyaltyOrder`, as it is read. */
export interface LoyaltySerializedLoyaltyOrder {
  bonusesCreditTotal?: WireNumber | null;
  bonusesChargeTotal?: WireNumber | null;
  privilegeType?: WireEnum<OrderPrivilegeType> | null;
  totalSumm?: WireNumber | null;
  personalDiscountPercent?: WireNumber | null;
  loyaltyAccount?: WireObject<LoyaltyAccount> | null;
  loyaltyLevel?: WireObject<LoyaltyLevel> | null;
  loyaltyEventDiscount?: WireObject<LoyaltyEventDiscount> | null;
  customer?: WireObject<LoyaltyCustomer> | null;
  delivery?: WireObject<LoyaltySerializedOrderDelivery> | null;
  site?: WireString | null;
  items?: WireList<WireObject<LoyaltyOrderProduct>> | null;
  currency?: WireString | null;
}

/** Entity `Entity/Loyalty/SerializedOrder`, as it is written. */
export interface LoyaltySerializedOrder {
  privilegeType?: OrderPrivilegeType | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  customer?: CustomersCorporateSerializedRelationAbstractCustomerInput | null;
  items?: List<DeliverySerializedOrderProduct> | null;
  delivery?: LoyaltySerializedOrderDeliveryInput | null;
  applyRound?: boolean | null;
}

/** Entity `Entity/Loyalty/SerializedOrderDelivery`, as it is read. */
export interface LoyaltySerializedOrderDelivery {
  cost?: WireNumber | null;
}

/** Entity `Entity/Loyalty/SerializedOrderDelivery`, as it is written. */
export interface LoyaltySerializedOrderDeliveryInput {
  cost?: number | null;
}

/** Entity `Entity/Loyalty/SerializedOrderProduct`, as it is read. */
export interface LoyaltySerializedOrderProduct {
  initialPrice?: WireNumber | null;
  discountManualAmount?: WireNumber | null;
  discountManualPercent?: WireNumber | null;
  quantity?: WireNumber | null;
  offer?: WireObject<LoyaltySerializedOrderProductOffer> | null;
  priceType?: WireObject<LoyaltyPriceType> | null;
}

/** Entity `Entity/Loyalty/SerializedOrderProductOffer`, as it is read. */
export interface LoyaltySerializedOrderProductOffer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
}

/** Entity `Entity/Loyalty/SerializedOrderProductOffer`, as it is written. */
export interface LoyaltySerializedOrderProductOfferInput {
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
}

/** Entity `Entity/Loyalty/SmsVerification`, as it is read. */
export interface LoyaltySmsVerification {
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  expiredAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  verifiedAt?: WireDate | null;
  checkId?: WireString | null;
  actionType?: WireString | null;
}

/** Entity `Entity/Notifications/Notification`, as it is written. */
export interface Notification {
  userGroups?: List<string> | null;
  type?: string | null;
  message?: string | null;
  userIds?: List<number> | null;
}

/** Entity `Entity/Orders/CustomerInterface`, as it is read. */
export interface OrderCustomer extends Customer {
  nickName?: WireString | null;
  mainAddress?: WireObject<CustomersCorporateEntityWithExternalIdNameOutput> | null;
  customerContacts?: WireList<WireObject<CustomersCorporateCustomerContact>> | null;
  companies?: WireList<WireObject<CustomersCorporateCompany>> | null;
  addresses?: WireList<WireObject<CustomerAddress>> | null;
  mainCustomerContact?: WireObject<CustomersCorporateCustomerContact> | null;
  mainCompany?: WireObject<CustomersCorporateEntityWithExternalIdNameOutput> | null;
}

/** Entity `Entity/Orders/CustomerInterface`, as it is written. */
export interface OrderCustomerInput extends CustomerInput {
  nickName?: string | null;
  mainAddress?: CustomersCorporateEntityWithExternalIdNameOutputInput | null;
  customerContacts?: List<CustomersCorporateCustomerContactInput> | null;
  companies?: List<CustomersCorporateCompanyInput> | null;
  addresses?: List<CustomerAddressInput> | null;
  mainCustomerContact?: CustomersCorporateCustomerContactInput | null;
  mainCompany?: CustomersCorporateEntityWithExternalIdNameOutputInput | null;
}

/** Entity `Entity/Orders/Delivery/CourierPhone`, as it is read. */
export interface OrdersDeliveryCourierPhone extends CustomerPhone {}

/** Entity `Entity/Orders/Delivery/CourierPhone`, as it is written. */
export interface OrdersDeliveryCourierPhoneInput extends CustomerPhoneInput {}

/** Entity `Entity/Orders/Delivery/DeliveryData`, as it is read. */
export interface OrdersDeliveryData {
  externalId?: WireString | null;
  trackNumber?: WireString | null;
  status?: WireString | null;
  locked?: WireBoolean | null;
  pickuppointAddress?: WireString | null;
  days?: WireString | null;
  statusText?: WireString | null;
  statusDate?: WireString | null;
  tariff?: WireString | null;
  tariffName?: WireString | null;
  pickuppointId?: WireString | null;
  pickuppointSchedule?: WireString | null;
  pickuppointPhone?: WireString | null;
  payerType?: WireString | null;
  statusComment?: WireString | null;
  cost?: WireNumber | null;
  minTerm?: WireNumber | null;
  maxTerm?: WireNumber | null;
  shipmentpointId?: WireString | null;
  shipmentpointName?: WireString | null;
  shipmentpointAddress?: WireString | null;
  shipmentpointSchedule?: WireString | null;
  shipmentpointPhone?: WireString | null;
  shipmentpointCoordinateLatitude?: WireString | null;
  shipmentpointCoordinateLongitude?: WireString | null;
  pickuppointName?: WireString | null;
  pickuppointCoordinateLatitude?: WireString | null;
  pickuppointCoordinateLongitude?: WireString | null;
  extraData?: Json | null;
  packages?: WireList<WireObject<OrdersDeliveryPackage>> | null;
  returnExternalId?: WireString | null;
  deliveryName?: WireString | null;
  price?: WireNumber | null;
  insurancePrice?: WireNumber | null;
  tariffType?: WireString | null;
  receiverCity?: WireString | null;
  services?: Json | null;
  packageNumber?: WireString | null;
  comment?: WireString | null;
  deliveryCode?: WireString | null;
  notes?: WireString | null;
  id?: WireNumber | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  active?: WireBoolean | null;
  email?: WireString | null;
  phone?: WireObject<OrdersDeliveryCourierPhone> | null;
  description?: WireString | null;
  courierId?: WireNumber | null;
  serviceType?: WireString | null;
  pickuppoint?: WireString | null;
  receiverWarehouseTypeRef?: WireString | null;
  statusName?: WireString | null;
  receiverCityRef?: WireString | null;
  receiverStreet?: WireString | null;
  receiverStreetRef?: WireString | null;
  seatsAmount?: WireNumber | null;
  cargoType?: WireString | null;
  cargoDescription?: WireString | null;
  cashPayerType?: WireString | null;
  paymentForm?: WireString | null;
  ownershipForm?: WireString | null;
  accompanyingDocument?: WireString | null;
  /** Format Y-m-d H:i:s. */
  preferredDeliveryDate?: WireDate | null;
  timeInterval?: WireString | null;
  saturdayDelivery?: WireBoolean | null;
  deliveryDate?: WireString | null;
  denieReason?: WireString | null;
  backwardDelivery?: WireBoolean | null;
  backwardDeliveryCargoType?: WireString | null;
  backwardDeliveryPayerType?: WireString | null;
  backwardDeliveryRedeliveryString?: WireString | null;
  afterpaymentOnGoodsCost?: WireNumber | null;
  declaredValue?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  sendDate?: WireDate | null;
  deliveryType?: WireString | null;
  pickupType?: WireNumber | null;
  pickuppointDescription?: WireString | null;
  placesCount?: WireNumber | null;
  service?: WireString | null;
  itemDeclaredValues?: WireList<WireObject<OrdersDeliveryItemDeclaredValue>> | null;
}

/** Entity `Entity/Orders/Delivery/DeliveryData`, as it is written. */
export interface OrdersDeliveryDataInput {
  externalId?: string | null;
  trackNumber?: string | null;
  status?: string | null;
  locked?: boolean | null;
  pickuppointAddress?: string | null;
  days?: string | null;
  statusText?: string | null;
  statusDate?: string | null;
  tariff?: string | null;
  tariffName?: string | null;
  pickuppointId?: string | null;
  pickuppointSchedule?: string | null;
  pickuppointPhone?: string | null;
  payerType?: string | null;
  statusComment?: string | null;
  cost?: number | null;
  minTerm?: number | null;
  maxTerm?: number | null;
  shipmentpointId?: string | null;
  shipmentpointName?: string | null;
  shipmentpointAddress?: string | null;
  shipmentpointSchedule?: string | null;
  shipmentpointPhone?: string | null;
  shipmentpointCoordinateLatitude?: string | null;
  shipmentpointCoordinateLongitude?: string | null;
  pickuppointName?: string | null;
  pickuppointCoordinateLatitude?: string | null;
  pickuppointCoordinateLongitude?: string | null;
  extraData?: Json | null;
  packages?: List<OrdersDeliveryPackageInput> | null;
  returnExternalId?: string | null;
  deliveryName?: string | null;
  price?: number | null;
  insurancePrice?: number | null;
  tariffType?: string | null;
  receiverCity?: string | null;
  services?: Json | null;
  packageNumber?: string | null;
  comment?: string | null;
  deliveryCode?: string | null;
  notes?: string | null;
  id?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  active?: boolean | null;
  email?: string | null;
  phone?: OrdersDeliveryCourierPhoneInput | null;
  description?: string | null;
  courierId?: number | null;
  serviceType?: string | null;
  pickuppoint?: string | null;
  receiverWarehouseTypeRef?: string | null;
  statusName?: string | null;
  receiverCityRef?: string | null;
  receiverStreet?: string | null;
  receiverStreetRef?: string | null;
  seatsAmount?: number | null;
  cargoType?: string | null;
  cargoDescription?: string | null;
  cashPayerType?: string | null;
  paymentForm?: string | null;
  ownershipForm?: string | null;
  accompanyingDocument?: string | null;
  /** Format Y-m-d H:i:s. */
  preferredDeliveryDate?: DateInput | null;
  timeInterval?: string | null;
  saturdayDelivery?: boolean | null;
  deliveryDate?: string | null;
  denieReason?: string | null;
  backwardDelivery?: boolean | null;
  backwardDeliveryCargoType?: string | null;
  backwardDeliveryPayerType?: string | null;
  backwardDeliveryRedeliveryString?: string | null;
  afterpaymentOnGoodsCost?: number | null;
  declaredValue?: number | null;
  /** Format Y-m-d H:i:s. */
  sendDate?: DateInput | null;
  deliveryType?: string | null;
  pickupType?: number | null;
  pickuppointDescription?: string | null;
  placesCount?: number | null;
  service?: string | null;
  itemDeclaredValues?: List<OrdersDeliveryItemDeclaredValueInput> | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValue`, as it is read. */
export interface OrdersDeliveryItemDeclaredValue {
  orderProduct?: WireObject<OrdersDeliveryItemDeclaredValueProduct> | null;
  value?: WireNumber | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValue`, as it is written. */
export interface OrdersDeliveryItemDeclaredValueInput {
  orderProduct?: OrdersDeliveryItemDeclaredValueProductInput | null;
  value?: number | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValueProduct`, as it is read. */
export interface OrdersDeliveryItemDeclaredValueProduct {
  id?: WireNumber | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValueProduct`, as it is written. */
export interface OrdersDeliveryItemDeclaredValueProductInput {
  id?: number | null;
}

/** Entity `Entity/Orders/Delivery/OrderDeliveryAddress`, as it is read. */
export interface OrdersDeliveryOrderDeliveryAddress {
  id?: WireNumber | null;
  index?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  region?: WireString | null;
  regionId?: WireNumber | null;
  city?: WireString | null;
  cityId?: WireNumber | null;
  cityType?: WireString | null;
  street?: WireString | null;
  streetId?: WireNumber | null;
  streetType?: WireString | null;
  building?: WireString | null;
  flat?: WireString | null;
  floor?: WireNumber | null;
  block?: WireNumber | null;
  house?: WireString | null;
  housing?: WireString | null;
  metro?: WireString | null;
  text?: WireString | null;
  notes?: WireString | null;
}

/** Entity `Entity/Orders/Delivery/OrderDeliveryAddress`, as it is written. */
export interface OrdersDeliveryOrderDeliveryAddressInput {
  id?: number | null;
  index?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  region?: string | null;
  regionId?: number | null;
  city?: string | null;
  cityId?: number | null;
  cityType?: string | null;
  street?: string | null;
  streetId?: number | null;
  streetType?: string | null;
  building?: string | null;
  flat?: string | null;
  floor?: number | null;
  block?: number | null;
  house?: string | null;
  housing?: string | null;
  metro?: string | null;
  text?: string | null;
  notes?: string | null;
}

/** Entity `Entity/Orders/Delivery/Package`, as it is read. */
export interface OrdersDeliveryPackage {
  packageId?: WireString | null;
  weight?: WireNumber | null;
  length?: WireNumber | null;
  width?: WireNumber | null;
  height?: WireNumber | null;
  items?: WireList<WireObject<OrdersDeliveryPackageItem>> | null;
}

/** Entity `Entity/Orders/Delivery/Package`, as it is written. */
export interface OrdersDeliveryPackageInput {
  packageId?: string | null;
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  items?: List<OrdersDeliveryPackageItemInput> | null;
}

/** Entity `Entity/Orders/Delivery/PackageItem`, as it is read. */
export interface OrdersDeliveryPackageItem {
  orderProduct?: WireObject<OrdersDeliveryPackageItemOrderProduct> | null;
  quantity?: WireNumber | null;
}

/** Entity `Entity/Orders/Delivery/PackageItem`, as it is written. */
export interface OrdersDeliveryPackageItemInput {
  orderProduct?: OrdersDeliveryPackageItemOrderProductInput | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Delivery/PackageItemOrderProduct`, as it is read. */
export interface OrdersDeliveryPackageItemOrderProduct {
  id?: WireNumber | null;
  externalId?: WireString | null;
  externalIds?: WireList<WireObject<CodeValueModel>> | null;
}

/** Entity `Entity/Orders/Delivery/PackageItemOrderProduct`, as it is written. */
export interface OrdersDeliveryPackageItemOrderProductInput {
  id?: number | null;
  externalId?: string | null;
  externalIds?: List<CodeValueModelInput> | null;
}

/** Entity `Entity/Orders/Delivery/SerializedDeliveryService`, as it is read. */
export interface OrdersDeliverySerializedDeliveryService {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
}

/** Entity `Entity/Orders/Delivery/SerializedDeliveryService`, as it is written. */
export interface OrdersDeliverySerializedDeliveryServiceInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/Orders/Delivery/SerializedOrderDelivery`, as it is read. */
export interface OrdersDeliverySerializedOrderDelivery {
  code?: WireString | null;
  integrationCode?: WireString | null;
  data?: WireObject<OrdersDeliveryData> | null;
  service?: WireObject<OrdersDeliverySerializedDeliveryService> | null;
  cost?: WireNumber | null;
  netCost?: WireNumber | null;
  /** Format Y-m-d. */
  date?: WireDate | null;
  time?: WireObject<DeliveryTimeInterval> | null;
  address?: WireObject<OrdersDeliveryOrderDeliveryAddress> | null;
  vatRate?: WireString | null;
}

/** Entity `Entity/Orders/Delivery/SerializedOrderDelivery`, as it is written. */
export interface OrdersDeliverySerializedOrderDeliveryInput {
  code?: string | null;
  integrationCode?: string | null;
  data?: OrdersDeliveryDataInput | null;
  service?: OrdersDeliverySerializedDeliveryServiceInput | null;
  cost?: number | null;
  netCost?: number | null;
  /** Format Y-m-d. */
  date?: DateInput | null;
  time?: DeliveryTimeIntervalInput | null;
  address?: OrdersDeliveryOrderDeliveryAddressInput | null;
  vatRate?: string | null;
}

/** Entity `Entity/Orders/Items/AbstractDiscount`, as it is read. */
export interface OrdersItemsAbstractDiscount {
  type?: WireEnum<OrderDiscountType> | null;
  amount?: WireNumber | null;
}

/** Entity `Entity/Orders/Items/AbstractDiscount`, as it is written. */
export interface OrdersItemsAbstractDiscountInput {
  type?: OrderDiscountType | null;
  amount?: number | null;
}

/** Entity `Entity/Orders/Items/ItemProperty`, as it is read. */
export interface OrdersItemProperty {
  code?: WireString | null;
  name?: WireString | null;
  value?: WireString | null;
}

/** Entity `Entity/Orders/Items/ItemProperty`, as it is written. */
export interface OrdersItemPropertyInput {
  code?: string | null;
  name?: string | null;
  value?: string | null;
}

/** Entity `Entity/Orders/Items/Offer`, as it is read. */
export interface OrdersItemsOffer {
  displayName?: WireString | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
  name?: WireString | null;
  article?: WireString | null;
  vatRate?: WireString | null;
  unit?: WireObject<OrdersItemsUnit> | null;
  barcode?: WireString | null;
  properties?: Json | null;
  quantity?: WireNumber | null;
}

/** Entity `Entity/Orders/Items/Offer`, as it is written. */
export interface OrdersItemsOfferInput {
  displayName?: string | null;
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
  name?: string | null;
  article?: string | null;
  vatRate?: string | null;
  unit?: OrdersItemsUnitInput | null;
  barcode?: string | null;
  properties?: Json | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Items/OrderProduct`, as it is read. */
export interface OrdersItemsOrderProduct {
  externalId?: WireString | null;
  markingCodes?: Json | null;
  id?: WireNumber | null;
  externalIds?: WireList<WireObject<CodeValueModel>> | null;
  priceType?: WireObject<OrdersItemsPriceType> | null;
  initialPrice?: WireNumber | null;
  discountManualAmount?: WireNumber | null;
  discountManualPercent?: WireNumber | null;
  discountTotal?: WireNumber | null;
  prices?: WireList<WireObject<OrdersItemsOrderProductPriceItem>> | null;
  vatRate?: WireString | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  quantity?: WireNumber | null;
  status?: WireString | null;
  comment?: WireString | null;
  offer?: WireObject<OrdersItemsOffer> | null;
  order?: WireObject<IdModel> | null;
  productName?: WireString | null;
  isCanceled?: WireBoolean | null;
  properties?: WireMap<WireObject<OrdersItemProperty>> | null;
  discounts?: WireList<WireObject<OrdersItemsAbstractDiscount>> | null;
  purchasePrice?: WireNumber | null;
  bonusesCreditTotal?: WireNumber | null;
  bonusesChargeTotal?: WireNumber | null;
}

/** Entity `Entity/Orders/Items/OrderProduct`, as it is written. */
export interface OrdersItemsOrderProductInput {
  externalId?: string | null;
  markingCodes?: Json | null;
  id?: number | null;
  externalIds?: List<CodeValueModelInput> | null;
  priceType?: OrdersItemsPriceTypeInput | null;
  initialPrice?: number | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  discountTotal?: number | null;
  prices?: List<OrdersItemsOrderProductPriceItemInput> | null;
  vatRate?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  quantity?: number | null;
  status?: string | null;
  comment?: string | null;
  offer?: OrdersItemsOfferInput | null;
  order?: IdModelInput | null;
  productName?: string | null;
  isCanceled?: boolean | null;
  properties?: Dictionary<OrdersItemPropertyInput> | null;
  discounts?: List<OrdersItemsAbstractDiscountInput> | null;
  purchasePrice?: number | null;
  bonusesCreditTotal?: number | null;
  bonusesChargeTotal?: number | null;
}

/** Entity `Entity/Orders/Items/OrderProductPriceItem`, as it is read. */
export interface OrdersItemsOrderProductPriceItem {
  price?: WireNumber | null;
  quantity?: WireNumber | null;
}

/** Entity `Entity/Orders/Items/OrderProductPriceItem`, as it is written. */
export interface OrdersItemsOrderProductPriceItemInput {
  price?: number | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Items/PriceType`, as it is read. */
export interface OrdersItemsPriceType {
  code?: WireString | null;
}

/** Entity `Entity/Orders/Items/PriceType`, as it is written. */
export interface OrdersItemsPriceTypeInput {
  code?: string | null;
}

/** Entity `Entity/Orders/Items/Unit`, as it is read. */
export interface OrdersItemsUnit {
  code?: WireString | null;
  name?: WireString | null;
  sym?: WireString | null;
}

/** Entity `Entity/Orders/Items/Unit`, as it is written. */
export interface OrdersItemsUnitInput {
  code?: string | null;
  name?: string | null;
  sym?: string | null;
}

/** Entity `Entity/Orders/LinkedOrder`, as it is read. */
export interface OrdersLinkedOrder {
  id?: WireNumber | null;
  externalId?: WireString | null;
  number?: WireString | null;
}

/** Entity `Entity/Orders/LinkedOrder`, as it is written. */
export interface OrdersLinkedOrderInput {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/Orders/MarketplaceData`, as it is read. */
export interface OrdersMarketplaceData {
  code?: WireString | null;
  orderId?: WireString | null;
}

/** Entity `Entity/Orders/MarketplaceData`, as it is written. */
export interface OrdersMarketplaceDataInput {
  code?: string | null;
  orderId?: string | null;
}

/** Entity `Entity/Orders/Order`, as it is read. */
export interface Order {
  bonusesCreditTotal?: WireNumber | null;
  bonusesChargeTotal?: WireNumber | null;
  summ?: WireNumber | null;
  currency?: WireString | null;
  id?: WireNumber | null;
  slug?: WireNumber | null;
  number?: WireString | null;
  externalId?: WireString | null;
  orderType?: WireString | null;
  orderMethod?: WireString | null;
  privilegeType?: WireEnum<OrderPrivilegeType> | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  statusUpdatedAt?: WireDate | null;
  discountManualAmount?: WireNumber | null;
  discountManualPercent?: WireNumber | null;
  totalSumm?: WireNumber | null;
  prepaySum?: WireNumber | null;
  purchaseSumm?: WireNumber | null;
  personalDiscountPercent?: WireNumber | null;
  loyaltyAccount?: WireObject<OrderLoyaltyAccount> | null;
  loyaltyLevel?: WireObject<LoyaltyLevel> | null;
  loyaltyEventDiscount?: WireObject<LoyaltyEventDiscount> | null;
  mark?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  markDatetime?: WireDate | null;
  lastName?: WireString | null;
  firstName?: WireString | null;
  patronymic?: WireString | null;
  phone?: WireString | null;
  additionalPhone?: WireString | null;
  email?: WireString | null;
  call?: WireBoolean | null;
  expired?: WireBoolean | null;
  customerComment?: WireString | null;
  managerComment?: WireString | null;
  managerId?: WireNumber | null;
  customer?: WireObject<OrderCustomer> | null;
  contact?: WireObject<Customer> | null;
  company?: WireObject<CustomersCorporateCompany> | null;
  contragent?: WireObject<OrderContragent> | null;
  delivery?: WireObject<OrdersDeliverySerializedOrderDelivery> | null;
  marketplace?: WireObject<OrdersMarketplaceData> | null;
  site?: WireString | null;
  status?: WireString | null;
  statusComment?: WireString | null;
  source?: WireObject<Source> | null;
  items?: WireList<WireObject<OrdersItemsOrderProduct>> | null;
  /** Format Y-m-d H:i:s. */
  fullPaidAt?: WireDate | null;
  payments?: WireList<WireObject<OrdersPayment>> | null;
  links?: WireList<WireObject<OrderLink>> | null;
  fromApi?: WireBoolean | null;
  weight?: WireNumber | null;
  length?: WireNumber | null;
  width?: WireNumber | null;
  height?: WireNumber | null;
  shipmentStore?: WireString | null;
  /** Format Y-m-d. */
  shipmentDate?: WireDate | null;
  shipped?: WireBoolean | null;
  dialogId?: WireNumber | null;
  customFields?: Json | null;
  clientId?: WireString | null;
  loyaltyEventId?: WireNumber | null;
  applyRound?: WireBoolean | null;
}

/** Entity `Entity/Orders/Order`, as it is written. */
export interface OrderInput {
  bonusesCreditTotal?: number | null;
  bonusesChargeTotal?: number | null;
  summ?: number | null;
  currency?: string | null;
  id?: number | null;
  slug?: number | null;
  number?: string | null;
  externalId?: string | null;
  orderType?: string | null;
  orderMethod?: string | null;
  privilegeType?: OrderPrivilegeType | null;
  countryIso?: CountryCodeIso3166 | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  statusUpdatedAt?: DateInput | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  totalSumm?: number | null;
  prepaySum?: number | null;
  purchaseSumm?: number | null;
  personalDiscountPercent?: number | null;
  loyaltyAccount?: OrderLoyaltyAccountInput | null;
  loyaltyLevel?: LoyaltyLevelInput | null;
  loyaltyEventDiscount?: LoyaltyEventDiscountInput | null;
  mark?: number | null;
  /** Format Y-m-d H:i:s. */
  markDatetime?: DateInput | null;
  lastName?: string | null;
  firstName?: string | null;
  patronymic?: string | null;
  phone?: string | null;
  additionalPhone?: string | null;
  email?: string | null;
  call?: boolean | null;
  expired?: boolean | null;
  customerComment?: string | null;
  managerComment?: string | null;
  managerId?: number | null;
  customer?: OrderCustomerInput | null;
  contact?: CustomerInput | null;
  company?: CustomersCorporateCompanyInput | null;
  contragent?: OrderContragentInput | null;
  delivery?: OrdersDeliverySerializedOrderDeliveryInput | null;
  marketplace?: OrdersMarketplaceDataInput | null;
  site?: string | null;
  status?: string | null;
  statusComment?: string | null;
  source?: SourceInput | null;
  items?: List<OrdersItemsOrderProductInput> | null;
  /** Format Y-m-d H:i:s. */
  fullPaidAt?: DateInput | null;
  payments?: List<OrdersPaymentInput> | null;
  links?: List<OrderLinkInput> | null;
  fromApi?: boolean | null;
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  shipmentStore?: string | null;
  /** Format Y-m-d. */
  shipmentDate?: DateInput | null;
  shipped?: boolean | null;
  dialogId?: number | null;
  customFields?: Json | null;
  clientId?: string | null;
  loyaltyEventId?: number | null;
  applyRound?: boolean | null;
}

/** Entity `Entity/Orders/OrderContragent`, as it is read. */
export interface OrderContragent extends CustomerContragent {}

/** Entity `Entity/Orders/OrderContragent`, as it is written. */
export interface OrderContragentInput extends CustomerContragentInput {}

/** Entity `Entity/Orders/OrderHistory`, as it is read. */
export interface OrderHistory {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  created?: WireBoolean | null;
  deleted?: WireBoolean | null;
  source?: WireString | null;
  user?: WireObject<HistoryUser> | null;
  field?: WireString | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: WireObject<HistoryApiKey> | null;
  order?: WireObject<Order> | null;
  ancestor?: WireObject<Order> | null;
  item?: WireObject<OrdersItemsOrderProduct> | null;
  payment?: WireObject<OrdersPayment> | null;
  combinedTo?: WireObject<Order> | null;
}

/** Entity `Entity/Orders/OrderLink`, as it is read. */
export interface OrderLink {
  comment?: WireString | null;
  order?: WireObject<OrdersLinkedOrder> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
}

/** Entity `Entity/Orders/OrderLink`, as it is written. */
export interface OrderLinkInput {
  comment?: string | null;
  order?: OrdersLinkedOrderInput | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
}

/** Entity `Entity/Orders/OrderLoyaltyAccount`, as it is read. */
export interface OrderLoyaltyAccount {
  id?: WireNumber | null;
  amount?: WireNumber | null;
}

/** Entity `Entity/Orders/OrderLoyaltyAccount`, as it is written. */
export interface OrderLoyaltyAccountInput {
  id?: number | null;
  amount?: number | null;
}

/** Entity `Entity/Orders/OrderStatusItem`, as it is read. */
export interface OrderStatusItem {
  id?: WireNumber | null;
  externalId?: WireString | null;
  status?: WireString | null;
  group?: WireString | null;
}

/** Entity `Entity/Orders/Payment`, as it is read. */
export interface OrdersPayment {
  id?: WireNumber | null;
  status?: WireString | null;
  type?: WireString | null;
  externalId?: WireString | null;
  amount?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  paidAt?: WireDate | null;
  comment?: WireString | null;
}

/** Entity `Entity/Orders/Payment`, as it is written. */
export interface OrdersPaymentInput {
  id?: number | null;
  status?: string | null;
  type?: string | null;
  externalId?: string | null;
  amount?: number | null;
  /** Format Y-m-d H:i:s. */
  paidAt?: DateInput | null;
  comment?: string | null;
}

/** Entity `Entity/Orders/SerializedOrderLink`, as it is written. */
export interface OrdersSerializedOrderLink {
  comment?: string | null;
  orders?: List<DeliverySerializedEntityOrderInput> | null;
}

/** Entity `Entity/Orders/SerializedOrderReference`, as it is written. */
export interface OrdersSerializedOrderReference {
  id?: number | null;
}

/** Entity `Entity/Orders/SerializedPayment`, as it is written. */
export interface OrdersSerializedPayment extends OrdersPaymentInput {
  order?: DeliverySerializedEntityOrderInput | null;
}

/** Entity `Entity/Orders/SerializedRelationCustomer`, as it is read. */
export interface OrdersSerializedRelationCustomer extends CustomersCorporateSerializedRelationAbstractCustomer {
  type?: WireEnum<CustomerType> | null;
  nickName?: WireString | null;
}

/** Entity `Entity/Packs/OrderProductPack`, as it is read. */
export interface PacksOrderProductPack {
  id?: WireNumber | null;
  purchasePrice?: WireNumber | null;
  quantity?: WireNumber | null;
  unit?: WireObject<OrdersItemsUnit> | null;
  store?: WireString | null;
  item?: WireObject<OrdersItemsOrderProduct> | null;
  itemId?: WireNumber | null;
  /** Format Y-m-d. */
  shipmentDate?: WireDate | null;
  invoiceNumber?: WireString | null;
  deliveryNoteNumber?: WireString | null;
}

/** Entity `Entity/Packs/OrderProductPack`, as it is written. */
export interface PacksOrderProductPackInput {
  id?: number | null;
  purchasePrice?: number | null;
  quantity?: number | null;
  unit?: OrdersItemsUnitInput | null;
  store?: string | null;
  item?: OrdersItemsOrderProductInput | null;
  itemId?: number | null;
  /** Format Y-m-d. */
  shipmentDate?: DateInput | null;
  invoiceNumber?: string | null;
  deliveryNoteNumber?: string | null;
}

/** Entity `Entity/Packs/OrderProductPackHistory`, as it is read. */
export interface PacksOrderProductPackHistory {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  created?: WireBoolean | null;
  deleted?: WireBoolean | null;
  field?: WireString | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  pack?: WireObject<PacksOrderProductPack> | null;
  source?: WireString | null;
  user?: WireObject<HistoryUser> | null;
}

/** Entity `Entity/Pagination`, as it is read. */
export interface Pagination {
  limit?: WireNumber | null;
  totalCount?: WireNumber | null;
  currentPage?: WireNumber | null;
  totalPageCount?: WireNumber | null;
}

/** Entity `Entity/Payments/ApiCheckRequest`, as it is written. */
export interface PaymentsApiCheckRequest {
  invoiceUuid?: string | null;
  amount?: number | null;
  currency?: string | null;
}

/** Entity `Entity/Payments/ApiCheckResponseResult`, as it is read. */
export interface PaymentsApiCheckResponseResult {
  success?: WireBoolean | null;
  errorMsg?: WireString | null;
}

/** Entity `Entity/Payments/ApiCreateInvoiceRequest`, as it is written. */
export interface PaymentsApiCreateInvoiceRequest {
  paymentId?: number | null;
  returnUrl?: string | null;
}

/** Entity `Entity/Payments/ApiCreateInvoiceResponseResult`, as it is read. */
export interface PaymentsApiCreateInvoiceResponseResult {
  link?: WireString | null;
}

/** Entity `Entity/Payments/ApiGetInvoiceResponse`, as it is read. */
export interface PaymentsApiGetInvoiceResponse {
  createdAt?: WireString | null;
  customerId?: WireNumber | null;
  orderId?: WireNumber | null;
  paymentId?: WireString | null;
  amount?: WireString | null;
  currency?: WireString | null;
  email?: WireString | null;
  phone?: WireString | null;
  status?: WireString | null;
  statusMessage?: WireString | null;
  externalId?: WireString | null;
  invoiceUuid?: WireString | null;
  invoiceType?: WireEnum<PaymentInvoiceType> | null;
  link?: WireString | null;
  errorMsg?: WireString | null;
  paidAt?: WireString | null;
  expiredAt?: WireString | null;
  cancellationDetails?: WireString | null;
  refundable?: WireBoolean | null;
  cancellable?: WireBoolean | null;
  refunds?: WireList<WireObject<PaymentRefund>> | null;
  discountAmount?: WireNumber | null;
}

/** Entity `Entity/Payments/ApiImportInvoicePaymentRefund`, as it is written. */
export interface PaymentsApiImportInvoicePaymentRefund extends PaymentRefundInput {
  status?: string | null;
  comment?: string | null;
  amount?: number | null;
}

/** Entity `Entity/Payments/ApiImportInvoiceRequest`, as it is written. */
export interface PaymentsApiImportInvoiceRequest {
  paymentId?: number | null;
  externalId?: string | null;
  amount?: number | null;
  currency?: string | null;
  status?: string | null;
  createdAt?: string | null;
  paidAt?: string | null;
  discountAmount?: number | null;
  refunds?: List<PaymentsApiImportInvoicePaymentRefund> | null;
  refundable?: boolean | null;
}

/** Entity `Entity/Payments/ApiImportInvoiceResponse`, as it is read. */
export interface PaymentsApiImportInvoiceResponse {
  invoiceUuid?: WireString | null;
}

/** Entity `Entity/Payments/ApiUpdateInvoiceRequest`, as it is written. */
export interface PaymentsApiUpdateInvoiceRequest {
  invoiceUuid?: string | null;
  paymentId?: string | null;
  amount?: number | null;
  discountAmount?: number | null;
  status?: string | null;
  cancellationDetails?: string | null;
  invoiceUrl?: string | null;
  paidAt?: string | null;
  expiredAt?: string | null;
  refund?: PaymentsModuleRefundInput | null;
  refundable?: boolean | null;
  cancellable?: boolean | null;
}

/** Entity `Entity/Payments/ModuleRefund`, as it is read. */
export interface PaymentsModuleRefund {
  status?: WireString | null;
  id?: WireString | null;
  comment?: WireString | null;
  amount?: WireNumber | null;
}

/** Entity `Entity/Payments/ModuleRefund`, as it is written. */
export interface PaymentsModuleRefundInput {
  status?: string | null;
  id?: string | null;
  comment?: string | null;
  amount?: number | null;
}

/** Entity `Entity/Payments/PaymentRefund`, as it is read. */
export interface PaymentRefund extends PaymentsModuleRefund {
  externalId?: WireString | null;
  createdAt?: WireString | null;
}

/** Entity `Entity/Payments/PaymentRefund`, as it is written. */
export interface PaymentRefundInput extends PaymentsModuleRefundInput {
  externalId?: string | null;
  createdAt?: string | null;
}

/** Entity `Entity/References/CostGroup`, as it is read. */
export interface ReferencesCostGroup {
  code?: WireString | null;
  name?: WireString | null;
  ordering?: WireNumber | null;
  active?: WireBoolean | null;
  color?: WireEnum<ReferenceCostGroupColor> | null;
}

/** Entity `Entity/References/CostGroup`, as it is written. */
export interface ReferencesCostGroupInput {
  code?: string | null;
  name?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  color?: ReferenceCostGroupColor | null;
}

/** Entity `Entity/References/CostItem`, as it is read. */
export interface ReferencesCostItem {
  source?: WireObject<Source> | null;
  code?: WireString | null;
  name?: WireString | null;
  group?: WireString | null;
  ordering?: WireNumber | null;
  active?: WireBoolean | null;
  appliesToOrders?: WireBoolean | null;
  type?: WireString | null;
  appliesToUsers?: WireBoolean | null;
}

/** Entity `Entity/References/CostItem`, as it is written. */
export interface ReferencesCostItemInput {
  source?: SourceInput | null;
  code?: string | null;
  name?: string | null;
  group?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  appliesToOrders?: boolean | null;
  type?: string | null;
  appliesToUsers?: boolean | null;
}

/** Entity `Entity/References/Courier`, as it is read. */
export interface ReferencesCourier {
  id?: WireNumber | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  active?: WireBoolean | null;
  email?: WireString | null;
  phone?: WireObject<OrdersDeliveryCourierPhone> | null;
  description?: WireString | null;
}

/** Entity `Entity/References/Courier`, as it is written. */
export interface ReferencesCourierInput {
  id?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  active?: boolean | null;
  email?: string | null;
  phone?: OrdersDeliveryCourierPhoneInput | null;
  description?: string | null;
}

/** Entity `Entity/References/Currency`, as it is read. */
export interface ReferencesCurrency {
  id?: WireNumber | null;
  code?: WireString | null;
  isBase?: WireBoolean | null;
  isAutoConvert?: WireBoolean | null;
  autoConvertExtraPercent?: WireNumber | null;
  manualConvertNominal?: WireNumber | null;
  manualConvertValue?: WireNumber | null;
}

/** Entity `Entity/References/Currency`, as it is written. */
export interface ReferencesCurrencyInput {
  id?: number | null;
  code?: string | null;
  isBase?: boolean | null;
  isAutoConvert?: boolean | null;
  autoConvertExtraPercent?: number | null;
  manualConvertNominal?: number | null;
  manualConvertValue?: number | null;
}

/** Entity `Entity/References/DeliveryService`, as it is read. */
export interface ReferencesDeliveryService {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
}

/** Entity `Entity/References/DeliveryService`, as it is written. */
export interface ReferencesDeliveryServiceInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/References/DeliveryType`, as it is read. */
export interface ReferencesDeliveryType {
  id?: WireNumber | null;
  isDynamicCostCalculation?: WireBoolean | null;
  isAutoCostCalculation?: WireBoolean | null;
  isAutoNetCostCalculation?: WireBoolean | null;
  isCostDependsOnRegionAndWeightAndSum?: WireBoolean | null;
  isCostDependsOnDateTime?: WireBoolean | null;
  currency?: WireString | null;
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  defaultCost?: WireNumber | null;
  defaultNetCost?: WireNumber | null;
  description?: WireString | null;
  paymentTypes?: Json | null;
  integrationCode?: WireString | null;
  deliveryServices?: Json | null;
  defaultForCrm?: WireBoolean | null;
  vatRate?: WireString | null;
  defaultTariffCode?: WireString | null;
  defaultTariffType?: WireString | null;
  defaultTariffName?: WireString | null;
  deliveryPaymentTypes?: WireList<WireObject<ReferencesDeliveryTypePaymentType>> | null;
  sites?: Json | null;
}

/** Entity `Entity/References/DeliveryType`, as it is written. */
export interface ReferencesDeliveryTypeInput {
  id?: number | null;
  isDynamicCostCalculation?: boolean | null;
  isAutoCostCalculation?: boolean | null;
  isAutoNetCostCalculation?: boolean | null;
  isCostDependsOnRegionAndWeightAndSum?: boolean | null;
  isCostDependsOnDateTime?: boolean | null;
  currency?: string | null;
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultCost?: number | null;
  defaultNetCost?: number | null;
  description?: string | null;
  paymentTypes?: Json | null;
  integrationCode?: string | null;
  deliveryServices?: Json | null;
  defaultForCrm?: boolean | null;
  vatRate?: string | null;
  defaultTariffCode?: string | null;
  defaultTariffType?: string | null;
  defaultTariffName?: string | null;
  deliveryPaymentTypes?: List<ReferencesDeliveryTypePaymentTypeInput> | null;
  sites?: Json | null;
}

/** Entity `Entity/References/DeliveryTypePaymentType`, as it is read. */
export interface ReferencesDeliveryTypePaymentType {
  code?: WireString | null;
  cod?: WireBoolean | null;
}

/** Entity `Entity/References/DeliveryTypePaymentType`, as it is written. */
export interface ReferencesDeliveryTypePaymentTypeInput {
  code?: string | null;
  cod?: boolean | null;
}

/** Entity `Entity/References/GeoHierarchyRow`, as it is read. */
export interface ReferencesGeoHierarchyRow {
  country?: WireEnum<CountryCodeIso3166> | null;
  regionId?: WireString | null;
  region?: WireString | null;
  cityId?: WireString | null;
  city?: WireString | null;
}

/** Entity `Entity/References/GeoHierarchyRow`, as it is written. */
export interface ReferencesGeoHierarchyRowInput {
  country?: CountryCodeIso3166 | null;
  regionId?: string | null;
  region?: string | null;
  cityId?: string | null;
  city?: string | null;
}

/** Entity `Entity/References/LegalEntity`, as it is read. */
export interface ReferencesLegalEntity {
  contragentType?: WireEnum<CustomersContragentType> | null;
  legalName?: WireString | null;
  legalAddress?: WireString | null;
  INN?: WireString | null;
  OKPO?: WireString | null;
  KPP?: WireString | null;
  OGRN?: WireString | null;
  OGRNIP?: WireString | null;
  certificateNumber?: WireString | null;
  /** Format Y-m-d. */
  certificateDate?: WireDate | null;
  BIK?: WireString | null;
  bank?: WireString | null;
  bankAddress?: WireString | null;
  corrAccount?: WireString | null;
  bankAccount?: WireString | null;
  code?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  vatRate?: WireString | null;
}

/** Entity `Entity/References/LegalEntity`, as it is written. */
export interface ReferencesLegalEntityInput {
  contragentType?: CustomersContragentType | null;
  legalName?: string | null;
  legalAddress?: string | null;
  INN?: string | null;
  OKPO?: string | null;
  KPP?: string | null;
  OGRN?: string | null;
  OGRNIP?: string | null;
  certificateNumber?: string | null;
  /** Format Y-m-d. */
  certificateDate?: DateInput | null;
  BIK?: string | null;
  bank?: string | null;
  bankAddress?: string | null;
  corrAccount?: string | null;
  bankAccount?: string | null;
  code?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  vatRate?: string | null;
}

/** Entity `Entity/References/MGChannel`, as it is read. */
export interface ReferencesMGChannel {
  id?: WireNumber | null;
  externalId?: WireNumber | null;
  type?: WireString | null;
  active?: WireBoolean | null;
  name?: WireString | null;
}

/** Entity `Entity/References/OrderMethod`, as it is read. */
export interface ReferencesOrderMethod {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  defaultForCrm?: WireBoolean | null;
  defaultForApi?: WireBoolean | null;
  isFromPos?: WireBoolean | null;
}

/** Entity `Entity/References/OrderMethod`, as it is written. */
export interface ReferencesOrderMethodInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  isFromPos?: boolean | null;
}

/** Entity `Entity/References/OrderProductStatus`, as it is read. */
export interface ReferencesOrderProductStatus {
  code?: WireString | null;
  ordering?: WireNumber | null;
  active?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  orderStatusByProductStatus?: WireString | null;
  orderStatusForProductStatus?: WireString | null;
  cancelStatus?: WireBoolean | null;
  name?: WireString | null;
}

/** Entity `Entity/References/OrderProductStatus`, as it is written. */
export interface ReferencesOrderProductStatusInput {
  code?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  orderStatusByProductStatus?: string | null;
  orderStatusForProductStatus?: string | null;
  cancelStatus?: boolean | null;
  name?: string | null;
}

/** Entity `Entity/References/OrderType`, as it is read. */
export interface ReferencesOrderType {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  defaultForCrm?: WireBoolean | null;
  defaultForApi?: WireBoolean | null;
  ordering?: WireNumber | null;
}

/** Entity `Entity/References/OrderType`, as it is written. */
export interface ReferencesOrderTypeInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  ordering?: number | null;
}

/** Entity `Entity/References/PaymentStatus`, as it is read. */
export interface ReferencesPaymentStatus {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  defaultForCrm?: WireBoolean | null;
  defaultForApi?: WireBoolean | null;
  paymentComplete?: WireBoolean | null;
  ordering?: WireNumber | null;
  description?: WireString | null;
  paymentTypes?: Json | null;
}

/** Entity `Entity/References/PaymentStatus`, as it is written. */
export interface ReferencesPaymentStatusInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  paymentComplete?: boolean | null;
  ordering?: number | null;
  description?: string | null;
  paymentTypes?: Json | null;
}

/** Entity `Entity/References/PaymentType`, as it is read. */
export interface ReferencesPaymentType {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  defaultForCrm?: WireBoolean | null;
  defaultForApi?: WireBoolean | null;
  description?: WireString | null;
  deliveryTypes?: Json | null;
  paymentStatuses?: Json | null;
  integrationModule?: WireObject<IntegrationModule> | null;
  sites?: Json | null;
}

/** Entity `Entity/References/PaymentType`, as it is written. */
export interface ReferencesPaymentTypeInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  description?: string | null;
  deliveryTypes?: Json | null;
  paymentStatuses?: Json | null;
  integrationModule?: IntegrationModuleInput | null;
  sites?: Json | null;
}

/** Entity `Entity/References/Point`, as it is read. */
export interface ReferencesPoint {
  latitude?: WireNumber | null;
  longitude?: WireNumber | null;
}

/** Entity `Entity/References/Point`, as it is written. */
export interface ReferencesPointInput {
  latitude?: number | null;
  longitude?: number | null;
}

/** Entity `Entity/References/PriceType`, as it is read. */
export interface ReferencesPriceType {
  id?: WireNumber | null;
  code?: WireString | null;
  name?: WireString | null;
  active?: WireBoolean | null;
  default?: WireBoolean | null;
  description?: WireString | null;
  filterExpression?: WireString | null;
  currency?: WireString | null;
  geo?: WireList<WireObject<ReferencesGeoHierarchyRow>> | null;
  groups?: Json | null;
  ordering?: WireNumber | null;
}

/** Entity `Entity/References/PriceType`, as it is written. */
export interface ReferencesPriceTypeInput {
  id?: number | null;
  code?: string | null;
  name?: string | null;
  active?: boolean | null;
  default?: boolean | null;
  description?: string | null;
  filterExpression?: string | null;
  currency?: string | null;
  geo?: List<ReferencesGeoHierarchyRowInput> | null;
  groups?: Json | null;
  ordering?: number | null;
}

/** Entity `Entity/References/SerializedUnit`, as it is read. */
export interface ReferencesSerializedUnit {
  code?: WireString | null;
  name?: WireString | null;
  sym?: WireString | null;
  default?: WireBoolean | null;
  active?: WireBoolean | null;
}

/** Entity `Entity/References/SerializedUnit`, as it is written. */
export interface ReferencesSerializedUnitInput {
  code?: string | null;
  name?: string | null;
  sym?: string | null;
  default?: boolean | null;
  active?: boolean | null;
}

/** Entity `Entity/References/Site`, as it is read. */
export interface ReferencesSite {
  id?: WireNumber | null;
  name?: WireString | null;
  url?: WireString | null;
  code?: WireString | null;
  description?: WireString | null;
  phones?: WireString | null;
  address?: WireString | null;
  zip?: WireString | null;
  defaultForCrm?: WireBoolean | null;
  ymlUrl?: WireString | null;
  loadFromYml?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  catalogUpdatedAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  catalogLoadingAt?: WireDate | null;
  ordering?: WireNumber | null;
  contragent?: WireObject<ReferencesLegalEntity> | null;
  contragentCode?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  currency?: WireString | null;
  senderEmail?: WireString | null;
  senderName?: WireString | null;
  catalogId?: WireString | null;
  isCatalogMainSite?: WireBoolean | null;
  isDemo?: WireBoolean | null;
  usedInSimlaweb?: WireBoolean | null;
}

/** Entity `Entity/References/Site`, as it is written. */
export interface ReferencesSiteInput {
  id?: number | null;
  name?: string | null;
  url?: string | null;
  code?: string | null;
  description?: string | null;
  phones?: string | null;
  address?: string | null;
  zip?: string | null;
  defaultForCrm?: boolean | null;
  ymlUrl?: string | null;
  loadFromYml?: boolean | null;
  /** Format Y-m-d H:i:s. */
  catalogUpdatedAt?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  catalogLoadingAt?: DateInput | null;
  ordering?: number | null;
  contragent?: ReferencesLegalEntityInput | null;
  contragentCode?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  currency?: string | null;
  senderEmail?: string | null;
  senderName?: string | null;
  catalogId?: string | null;
  isCatalogMainSite?: boolean | null;
  isDemo?: boolean | null;
  usedInSimlaweb?: boolean | null;
}

/** Entity `Entity/References/Status`, as it is read. */
export interface ReferencesStatus {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  ordering?: WireNumber | null;
  group?: WireString | null;
}

/** Entity `Entity/References/Status`, as it is written. */
export interface ReferencesStatusInput {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  ordering?: number | null;
  group?: string | null;
}

/** Entity `Entity/References/StatusGroup`, as it is read. */
export interface ReferencesStatusGroup {
  name?: WireString | null;
  code?: WireString | null;
  active?: WireBoolean | null;
  ordering?: WireNumber | null;
  process?: WireBoolean | null;
  statuses?: Json | null;
}

/** Entity `Entity/References/Store`, as it is read. */
export interface ReferencesStore {
  externalId?: WireString | null;
  xmlId?: WireString | null;
  description?: WireString | null;
  email?: WireString | null;
  type?: WireEnum<ReferenceStoreType> | null;
  inventoryType?: WireEnum<ReferenceStoreInventoryType> | null;
  address?: WireObject<ReferencesStoreAddress> | null;
  active?: WireBoolean | null;
  phone?: WireObject<ReferencesStorePhone> | null;
  contact?: WireString | null;
  code?: WireString | null;
  workTime?: WireObject<CallbackDeliverySerializedStoreWeekOpeningHours> | null;
  name?: WireString | null;
}

/** Entity `Entity/References/Store`, as it is written. */
export interface ReferencesStoreInput {
  externalId?: string | null;
  xmlId?: string | null;
  description?: string | null;
  email?: string | null;
  type?: ReferenceStoreType | null;
  inventoryType?: ReferenceStoreInventoryType | null;
  address?: ReferencesStoreAddressInput | null;
  active?: boolean | null;
  phone?: ReferencesStorePhoneInput | null;
  contact?: string | null;
  code?: string | null;
  workTime?: CallbackDeliverySerializedStoreWeekOpeningHoursInput | null;
  name?: string | null;
}

/** Entity `Entity/References/StoreAddress`, as it is read. */
export interface ReferencesStoreAddress {
  index?: WireString | null;
  countryIso?: WireEnum<CountryCodeIso3166> | null;
  region?: WireString | null;
  regionId?: WireNumber | null;
  city?: WireString | null;
  cityId?: WireNumber | null;
  cityType?: WireString | null;
  street?: WireString | null;
  streetId?: WireNumber | null;
  streetType?: WireString | null;
  building?: WireString | null;
  flat?: WireString | null;
  floor?: WireNumber | null;
  block?: WireNumber | null;
  house?: WireString | null;
  housing?: WireString | null;
  metro?: WireString | null;
  notes?: WireString | null;
  text?: WireString | null;
  coordinates?: WireObject<ReferencesPoint> | null;
}

/** Entity `Entity/References/StoreAddress`, as it is written. */
export interface ReferencesStoreAddressInput {
  index?: string | null;
  countryIso?: CountryCodeIso3166 | null;
  region?: string | null;
  regionId?: number | null;
  city?: string | null;
  cityId?: number | null;
  cityType?: string | null;
  street?: string | null;
  streetId?: number | null;
  streetType?: string | null;
  building?: string | null;
  flat?: string | null;
  floor?: number | null;
  block?: number | null;
  house?: string | null;
  housing?: string | null;
  metro?: string | null;
  notes?: string | null;
  text?: string | null;
  coordinates?: ReferencesPointInput | null;
}

/** Entity `Entity/References/StorePhone`, as it is read. */
export interface ReferencesStorePhone extends CustomerPhone {}

/** Entity `Entity/References/StorePhone`, as it is written. */
export interface ReferencesStorePhoneInput extends CustomerPhoneInput {}

/** Entity `Entity/Settings/ChannelSetting`, as it is read. */
export interface SettingsChannelSetting {
  site?: WireString | null;
  order_type?: WireString | null;
  order_method?: WireString | null;
}

/** Entity `Entity/Settings/Feature`, as it is read. */
export interface SettingsFeature {
  code?: WireString | null;
  available?: WireBoolean | null;
}

/** Entity `Entity/Settings/MgOrderCreationSettings`, as it is read. */
export interface SettingsMgOrderCreationSettings {
  default?: WireObject<SettingsChannelSetting> | null;
  channels?: WireMap<WireObject<SettingsChannelSetting>> | null;
}

/** Entity `Entity/Settings/MgSettings`, as it is read. */
export interface SettingsMgSettings {
  order_creation?: WireObject<SettingsMgOrderCreationSettings> | null;
}

/** Entity `Entity/Settings/NonWorkingDay`, as it is read. */
export interface SettingsNonWorkingDay {
  start_date?: WireString | null;
  end_date?: WireString | null;
}

/** Entity `Entity/Settings/Settings`, as it is read. */
export interface Settings {
  default_currency?: WireObject<SettingsValue> | null;
  system_language?: WireObject<SettingsValue> | null;
  timezone?: WireObject<SettingsValue> | null;
  work_times?: WireList<WireObject<SettingsWorkTime>> | null;
  non_working_days?: WireList<WireObject<SettingsNonWorkingDay>> | null;
  mg?: WireObject<SettingsMgSettings> | null;
}

/** Entity `Entity/Settings/Value`, as it is read. */
export interface SettingsValue {
  value?: WireString | null;
  /** Format Y-m-d H:i:s. */
  updated_at?: WireDate | null;
}

/** Entity `Entity/Settings/WorkTime`, as it is read. */
export interface SettingsWorkTime {
  day_type?: WireString | null;
  start_time?: WireString | null;
  end_time?: WireString | null;
  lunch_start_time?: WireString | null;
  lunch_end_time?: WireString | null;
}

/** Entity `Entity/Source`, as it is read. */
export interface Source {
  source?: WireString | null;
  medium?: WireString | null;
  campaign?: WireString | null;
  keyword?: WireString | null;
  content?: WireString | null;
}

/** Entity `Entity/Source`, as it is written. */
export interface SourceInput {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  keyword?: string | null;
  content?: string | null;
}

/** Entity `Entity/Store/Inventory`, as it is read. */
export interface StoreInventory {
  quantity?: WireNumber | null;
  purchasePrice?: WireNumber | null;
  store?: WireString | null;
  code?: WireString | null;
  available?: WireNumber | null;
}

/** Entity `Entity/Store/Inventory`, as it is written. */
export interface StoreInventoryInput {
  quantity?: number | null;
  purchasePrice?: number | null;
  store?: string | null;
  code?: string | null;
  available?: number | null;
}

/** Entity `Entity/Store/Offer`, as it is read. */
export interface StoreOffer extends OrdersItemsOffer {
  site?: WireString | null;
  purchasePrice?: WireNumber | null;
  quantity?: WireNumber | null;
  stores?: WireList<WireObject<StoreInventory>> | null;
}

/** Entity `Entity/Store/Offer`, as it is written. */
export interface StoreOfferInput extends OrdersItemsOfferInput {
  site?: string | null;
  purchasePrice?: number | null;
  quantity?: number | null;
  stores?: List<StoreInventoryInput> | null;
}

/** Entity `Entity/Store/OfferPrice`, as it is read. */
export interface StoreOfferPrice {
  priceType?: WireString | null;
  price?: WireNumber | null;
  ordering?: WireNumber | null;
  currency?: WireString | null;
}

/** Entity `Entity/Store/OfferProduct`, as it is read. */
export interface StoreOfferProduct {
  minPrice?: WireNumber | null;
  maxPrice?: WireNumber | null;
  id?: WireNumber | null;
  article?: WireString | null;
  name?: WireString | null;
  url?: WireString | null;
  imageUrl?: WireString | null;
  description?: WireString | null;
  popular?: WireBoolean | null;
  stock?: WireBoolean | null;
  novelty?: WireBoolean | null;
  recommended?: WireBoolean | null;
  properties?: Json | null;
  groups?: WireList<WireObject<FixExternalRow>> | null;
  externalId?: WireString | null;
  manufacturer?: WireString | null;
  active?: WireBoolean | null;
  quantity?: WireNumber | null;
  markable?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: WireDate | null;
  type?: WireEnum<ProductType> | null;
}

/** Entity `Entity/Store/PriceUploadInput`, as it is written. */
export interface StorePriceUploadInput {
  externalId?: string | null;
  xmlId?: string | null;
  id?: number | null;
  site?: string | null;
  prices?: List<StorePriceUploadPricesInput> | null;
}

/** Entity `Entity/Store/PriceUploadNotFoundResponse`, as it is read. */
export interface StorePriceUploadNotFoundResponse {
  id?: WireString | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
}

/** Entity `Entity/Store/PriceUploadPricesInput`, as it is written. */
export interface StorePriceUploadPricesInput {
  code?: string | null;
  price?: number | null;
  remove?: boolean | null;
}

/** Entity `Entity/Store/Product`, as it is read. */
export interface StoreProduct {
  minPrice?: WireNumber | null;
  maxPrice?: WireNumber | null;
  catalogId?: WireNumber | null;
  id?: WireNumber | null;
  article?: WireString | null;
  name?: WireString | null;
  url?: WireString | null;
  imageUrl?: WireString | null;
  description?: WireString | null;
  popular?: WireBoolean | null;
  stock?: WireBoolean | null;
  novelty?: WireBoolean | null;
  recommended?: WireBoolean | null;
  properties?: Json | null;
  groups?: WireList<WireObject<FixExternalRow>> | null;
  externalId?: WireString | null;
  manufacturer?: WireString | null;
  offers?: WireList<WireObject<StoreProductOffer>> | null;
  active?: WireBoolean | null;
  quantity?: WireNumber | null;
  markable?: WireBoolean | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: WireDate | null;
  type?: WireEnum<ProductType> | null;
}

/** Entity `Entity/Store/ProductBatchBase`, as it is written. */
export interface StoreProductBatchBase {
  article?: string | null;
  name?: string | null;
  url?: string | null;
  description?: string | null;
  popular?: boolean | null;
  stock?: boolean | null;
  novelty?: boolean | null;
  recommended?: boolean | null;
  groups?: List<StoreProductEditGroupInput> | null;
  externalId?: string | null;
  manufacturer?: string | null;
  active?: boolean | null;
  markable?: boolean | null;
  catalogId?: number | null;
  type?: ProductType | null;
}

/** Entity `Entity/Store/ProductCreateInput`, as it is written. */
export interface StoreProductCreateInput extends StoreProductBatchBase {}

/** Entity `Entity/Store/ProductEditGroupInput`, as it is written. */
export interface StoreProductEditGroupInput extends FixExternalRowInput {}

/** Entity `Entity/Store/ProductEditInput`, as it is written. */
export interface StoreProductEditInput extends StoreProductBatchBase {
  id?: number | null;
  site?: string | null;
}

/** Entity `Entity/Store/ProductEditNotFoundResponse`, as it is read. */
export interface StoreProductEditNotFoundResponse extends FixExternalRow {}

/** Entity `Entity/Store/ProductGroup`, as it is read. */
export interface StoreProductGroup {
  parentId?: WireNumber | null;
  site?: WireString | null;
  id?: WireNumber | null;
  name?: WireString | null;
  externalId?: WireString | null;
  active?: WireBoolean | null;
  lvl?: WireNumber | null;
}

/** Entity `Entity/Store/ProductOffer`, as it is read. */
export interface StoreProductOffer {
  name?: WireString | null;
  price?: WireNumber | null;
  images?: WireList<WireString> | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  xmlId?: WireString | null;
  article?: WireString | null;
  prices?: WireList<WireObject<StoreOfferPrice>> | null;
  purchasePrice?: WireNumber | null;
  vatRate?: WireString | null;
  properties?: Json | null;
  quantity?: WireNumber | null;
  weight?: WireNumber | null;
  length?: WireNumber | null;
  width?: WireNumber | null;
  height?: WireNumber | null;
  active?: WireBoolean | null;
  unit?: WireObject<OrdersItemsUnit> | null;
  barcode?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/Store/ProductProperty`, as it is read. */
export interface StoreProductProperty {
  sites?: WireList<WireString> | null;
  groups?: WireList<WireObject<StoreProductPropertyGroup>> | null;
  code?: WireString | null;
  name?: WireString | null;
  isNumeric?: WireBoolean | null;
  visible?: WireBoolean | null;
  variative?: WireBoolean | null;
}

/** Entity `Entity/Store/ProductProperty`, as it is written. */
export interface StoreProductPropertyInput {
  sites?: List<string> | null;
  groups?: List<StoreProductPropertyGroupInput> | null;
  code?: string | null;
  name?: string | null;
  isNumeric?: boolean | null;
  visible?: boolean | null;
  variative?: boolean | null;
}

/** Entity `Entity/Store/ProductPropertyGroup`, as it is read. */
export interface StoreProductPropertyGroup {
  id?: WireNumber | null;
  name?: WireString | null;
}

/** Entity `Entity/Store/ProductPropertyGroup`, as it is written. */
export interface StoreProductPropertyGroupInput {
  id?: number | null;
  name?: string | null;
}

/** Entity `Entity/Store/ProductPropertyValue`, as it is read. */
export interface StoreProductPropertyValue {
  property?: WireObject<StoreProductProperty> | null;
  value?: WireString | null;
  offersCount?: WireNumber | null;
}

/** Entity `Entity/Store/SerializedProductGroup`, as it is written. */
export interface StoreSerializedProductGroup {
  parentId?: number | null;
  name?: string | null;
  description?: string | null;
  externalId?: string | null;
  active?: boolean | null;
  parentExternalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Store/StoreOffer`, as it is read. */
export interface StoreProductOfferOfStore extends StoreProductOffer {
  product?: WireObject<StoreProduct> | null;
}

/** Entity `Entity/Tasks/AbstractCustomer`, as it is read. */
export interface TasksAbstractCustomer {
  type?: WireEnum<CustomerType> | null;
  id?: WireNumber | null;
  externalId?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/Tasks/AbstractCustomer`, as it is written. */
export interface TasksAbstractCustomerInput {
  type?: CustomerType | null;
  id?: number | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Tasks/BaseComment`, as it is read. */
export interface TasksBaseComment {
  id?: WireNumber | null;
  text?: WireString | null;
}

/** Entity `Entity/Tasks/Order`, as it is read. */
export interface TasksOrder {
  id?: WireNumber | null;
  number?: WireString | null;
  externalId?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/Tasks/Order`, as it is written. */
export interface TasksOrderInput {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Tasks/Task`, as it is read. */
export interface Task {
  id?: WireNumber | null;
  text?: WireString | null;
  commentary?: WireString | null;
  /** Format Y-m-d H:i. */
  datetime?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  complete?: WireBoolean | null;
  creator?: WireNumber | null;
  performer?: WireNumber | null;
  performerId?: WireNumber | null;
  performerType?: WireString | null;
  customer?: WireObject<TasksAbstractCustomer> | null;
  order?: WireObject<TasksOrder> | null;
  phone?: WireString | null;
  phoneSite?: WireString | null;
  /** Format Y-m-d H:i:s. */
  completedAt?: WireDate | null;
}

/** Entity `Entity/Tasks/Task`, as it is written. */
export interface TaskInput {
  id?: number | null;
  text?: string | null;
  commentary?: string | null;
  /** Format Y-m-d H:i. */
  datetime?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
  complete?: boolean | null;
  creator?: number | null;
  performer?: number | null;
  performerId?: number | null;
  performerType?: string | null;
  customer?: TasksAbstractCustomerInput | null;
  order?: TasksOrderInput | null;
  phone?: string | null;
  phoneSite?: string | null;
  /** Format Y-m-d H:i:s. */
  completedAt?: DateInput | null;
}

/** Entity `Entity/Tasks/TaskComment`, as it is read. */
export interface TaskComment extends TasksBaseComment {
  creator?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: WireDate | null;
}

/** Entity `Entity/Tasks/TaskHistory`, as it is read. */
export interface TaskHistory {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  created?: WireBoolean | null;
  source?: WireString | null;
  user?: WireObject<HistoryUser> | null;
  field?: WireString | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: WireObject<HistoryApiKey> | null;
  task?: WireObject<Task> | null;
  comment?: WireObject<TasksBaseComment> | null;
}

/** Entity `Entity/Telephony/Call`, as it is written. */
export interface TelephonyCall {
  /** Format Y-m-d H:i:s. */
  date?: DateInput | null;
  type?: string | null;
  phone?: string | null;
  code?: string | null;
  userId?: number | null;
  result?: TelephonyCallResult | null;
  duration?: number | null;
  durationWaiting?: number | null;
  externalId?: string | null;
  recordUrl?: string | null;
  source?: SourceInput | null;
  externalPhone?: string | null;
  site?: string | null;
  clientId?: string | null;
}

/** Entity `Entity/Telephony/CallEvent`, as it is written. */
export interface TelephonyCallEvent {
  phone?: string | null;
  type?: TelephonyCallEventType | null;
  codes?: List<string> | null;
  userIds?: List<number> | null;
  site?: string | null;
  hangupStatus?: TelephonyCallEventHangupStatus | null;
  externalPhone?: string | null;
  callExternalId?: string | null;
  webAnalyticsData?: TelephonySerializedWebAnalyticsData | null;
}

/** Entity `Entity/Telephony/SerializedCampaign`, as it is written. */
export interface TelephonySerializedCampaign {
  name?: string | null;
  code?: string | null;
}

/** Entity `Entity/Telephony/SerializedCustomer`, as it is read. */
export interface TelephonySerializedCustomer {
  id?: WireString | null;
  externalId?: WireString | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  email?: WireString | null;
  phones?: WireList<WireObject<CustomerPhone>> | null;
}

/** Entity `Entity/Telephony/SerializedLinks`, as it is read. */
export interface TelephonySerializedLinks {
  newOrderLink?: WireString | null;
  lastOrderLink?: WireString | null;
  newCustomerLink?: WireString | null;
  customerLink?: WireString | null;
}

/** Entity `Entity/Telephony/SerializedManager`, as it is read. */
export interface TelephonySerializedManager {
  id?: WireString | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  email?: WireString | null;
  code?: WireString | null;
}

/** Entity `Entity/Telephony/SerializedWebAnalyticsData`, as it is written. */
export interface TelephonySerializedWebAnalyticsData {
  campaign?: TelephonySerializedCampaign | null;
  queryString?: string | null;
}

/** Entity `Entity/Users/Group`, as it is read. */
export interface UsersGroup {
  id?: WireNumber | null;
  name?: WireString | null;
  signatureTemplate?: WireString | null;
  code?: WireString | null;
  isManager?: WireBoolean | null;
  isPosManager?: WireBoolean | null;
  isDeliveryMen?: WireBoolean | null;
  deliveryTypes?: Json | null;
  breakdownOrderTypes?: Json | null;
  breakdownSites?: Json | null;
  breakdownOrderMethods?: Json | null;
  grantedOrderTypes?: Json | null;
  grantedSites?: Json | null;
}

/** Entity `Entity/Users/User`, as it is read. */
export interface User {
  id?: WireNumber | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  active?: WireBoolean | null;
  email?: WireString | null;
  firstName?: WireString | null;
  lastName?: WireString | null;
  patronymic?: WireString | null;
  position?: WireString | null;
  photoUrl?: WireString | null;
  phone?: WireString | null;
  status?: WireEnum<UserStatus> | null;
  online?: WireBoolean | null;
  isAdmin?: WireBoolean | null;
  isManager?: WireBoolean | null;
  groups?: WireList<WireObject<UsersGroup>> | null;
  mgUserId?: WireNumber | null;
  senderEmail?: WireString | null;
  senderName?: WireString | null;
}

/** Entity `Entity/Verification/SmsVerification`, as it is read. */
export interface VerificationSmsVerification {
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  expiredAt?: WireDate | null;
  /** Format Y-m-d H:i:s. */
  verifiedAt?: WireDate | null;
  checkId?: WireString | null;
  actionType?: WireString | null;
}

/** Entity `Entity/Verification/SmsVerificationConfirm`, as it is written. */
export interface VerificationSmsVerificationConfirm {
  code?: string | null;
  checkId?: string | null;
}

/** Entity `Entity/WebAnalytics/ClientId`, as it is read. */
export interface WebAnalyticsClientId {
  value?: WireString | null;
  site?: WireString | null;
  order?: WireObject<WebAnalyticsOrder> | null;
  customer?: WireObject<WebAnalyticsCustomer> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: WireDate | null;
}

/** Entity `Entity/WebAnalytics/ClientId`, as it is written. */
export interface WebAnalyticsClientIdInput {
  value?: string | null;
  site?: string | null;
  order?: WebAnalyticsOrderInput | null;
  customer?: WebAnalyticsCustomerInput | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: DateInput | null;
}

/** Entity `Entity/WebAnalytics/Customer`, as it is read. */
export interface WebAnalyticsCustomer {
  id?: WireNumber | null;
  externalId?: WireString | null;
  type?: WireEnum<CustomerType> | null;
}

/** Entity `Entity/WebAnalytics/Customer`, as it is written. */
export interface WebAnalyticsCustomerInput {
  id?: number | null;
  externalId?: string | null;
  type?: CustomerType | null;
}

/** Entity `Entity/WebAnalytics/Order`, as it is read. */
export interface WebAnalyticsOrder {
  id?: WireNumber | null;
  externalId?: WireString | null;
  number?: WireString | null;
}

/** Entity `Entity/WebAnalytics/Order`, as it is written. */
export interface WebAnalyticsOrderInput {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/WebAnalytics/Page`, as it is read. */
export interface WebAnalyticsPage {
  url?: WireString | null;
  title?: WireString | null;
  countViews?: WireNumber | null;
  timeOnPage?: WireNumber | null;
}

/** Entity `Entity/WebAnalytics/Page`, as it is written. */
export interface WebAnalyticsPageInput {
  url?: string | null;
  title?: string | null;
  countViews?: number | null;
  timeOnPage?: number | null;
}

/** Entity `Entity/WebAnalytics/Source`, as it is read. */
export interface WebAnalyticsSource {
  source?: WireString | null;
  medium?: WireString | null;
  campaign?: WireString | null;
  keyword?: WireString | null;
  content?: WireString | null;
  site?: WireString | null;
  clientId?: WireString | null;
  order?: WireObject<WebAnalyticsOrder> | null;
  customer?: WireObject<WebAnalyticsCustomer> | null;
}

/** Entity `Entity/WebAnalytics/Source`, as it is written. */
export interface WebAnalyticsSourceInput {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  keyword?: string | null;
  content?: string | null;
  site?: string | null;
  clientId?: string | null;
  order?: WebAnalyticsOrderInput | null;
  customer?: WebAnalyticsCustomerInput | null;
}

/** Entity `Entity/WebAnalytics/Visit`, as it is read. */
export interface WebAnalyticsVisit {
  createdAt?: WireString | null;
  visitLength?: WireNumber | null;
  exitPage?: WireString | null;
  landingPage?: WireString | null;
  pageViews?: WireNumber | null;
  pageDepth?: WireNumber | null;
  customer?: WireObject<WebAnalyticsCustomer> | null;
  source?: WireString | null;
  pages?: WireList<WireObject<WebAnalyticsPage>> | null;
  clientId?: WireString | null;
  site?: WireString | null;
}

/** Entity `Entity/WebAnalytics/Visit`, as it is written. */
export interface WebAnalyticsVisitInput {
  createdAt?: string | null;
  visitLength?: number | null;
  exitPage?: string | null;
  landingPage?: string | null;
  pageViews?: number | null;
  pageDepth?: number | null;
  customer?: WebAnalyticsCustomerInput | null;
  source?: string | null;
  pages?: List<WebAnalyticsPageInput> | null;
  clientId?: string | null;
  site?: string | null;
}

/** Filter `Filter/Costs/CostFilter`, as it is written. */
export interface CostFilter {
  minSumm?: FilterValue | null;
  maxSumm?: FilterValue | null;
  orderNumber?: FilterValue | null;
  comment?: FilterValue | null;
  ids?: number | boolean | List<number | boolean> | null;
  sites?: FilterValue | List<FilterValue> | null;
  createdBy?: number | boolean | List<number | boolean> | null;
  costGroups?: FilterValue | List<FilterValue> | null;
  costItems?: FilterValue | List<FilterValue> | null;
  users?: number | boolean | List<number | boolean> | null;
  dateFrom?: FilterValue | List<FilterValue> | null;
  dateTo?: FilterValue | List<FilterValue> | null;
  createdAtFrom?: FilterValue | List<FilterValue> | null;
  createdAtTo?: FilterValue | List<FilterValue> | null;
  orderIds?: number | boolean | List<number | boolean> | null;
  orderExternalIds?: FilterValue | List<FilterValue> | null;
}

/** Filter `Filter/CustomFields/CustomDictionaryFilter`, as it is written. */
export interface CustomFieldsCustomDictionaryFilter {
  name?: FilterValue | null;
  code?: FilterValue | null;
}

/** Filter `Filter/CustomFields/CustomFieldFilter`, as it is written. */
export interface CustomFieldFilter {
  name?: FilterValue | null;
  code?: FilterValue | null;
  type?: CustomFieldType | List<CustomFieldType> | null;
  viewMode?: CustomFieldViewMode | List<CustomFieldViewMode> | null;
  displayArea?: CustomFieldDisplayArea | List<CustomFieldDisplayArea> | null;
  entity?: CustomFieldEntity | null;
  inFilter?: NumberOf<NumericBoolean> | boolean | null;
}

/** Filter `Filter/Customers/CustomerFilter`, as it is written. */
export interface CustomerFilter {
  isContact?: NumberOf<NumericBoolean> | boolean | null;
  online?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  sex?: CustomersGender | null;
  emailMarketingUnsubscribed?: NumberOf<NumericBoolean> | boolean | null;
  countries?: CountryCodeIso3166 | List<CountryCodeIso3166> | null;
  contragentName?: FilterValue | null;
  contragentTypes?: CustomersContragentType | List<CustomersContragentType> | null;
  contragentInn?: FilterValue | null;
  contragentKpp?: FilterValue | null;
  contragentBik?: FilterValue | null;
  contragentCorrAccount?: FilterValue | null;
  contragentBankAccount?: FilterValue | null;
  externalIds?: FilterValue | List<FilterValue> | null;
  name?: FilterValue | null;
  city?: FilterValue | null;
  region?: FilterValue | null;
  email?: FilterValue | null;
  notes?: FilterValue | null;
  minOrdersCount?: FilterValue | null;
  maxOrdersCount?: FilterValue | null;
  minAverageSumm?: FilterValue | null;
  maxAverageSumm?: FilterValue | null;
  minTotalSumm?: FilterValue | null;
  maxTotalSumm?: FilterValue | null;
  classSegment?: FilterValue | null;
  discountCardNumber?: FilterValue | null;
  attachments?: CustomersAttachmentsStatus | null;
  minCostSumm?: FilterValue | null;
  maxCostSumm?: FilterValue | null;
  vip?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  bad?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  tasksCounts?: CustomersTasksCountsStatus | null;
  ids?: number | boolean | List<number | boolean> | null;
  segment?: FilterValue | null;
  mgChannels?: number | boolean | List<number | boolean> | null;
  sites?: FilterValue | List<FilterValue> | null;
  managers?: number | boolean | List<number | boolean> | null;
  managerGroups?: FilterValue | List<FilterValue> | null;
  firstWebVisitFrom?: FilterValue | null;
  firstWebVisitTo?: FilterValue | null;
  lastWebVisitFrom?: FilterValue | null;
  lastWebVisitTo?: FilterValue | null;
  dateFrom?: FilterValue | null;
  dateTo?: FilterValue | null;
  firstOrderFrom?: FilterValue | null;
  firstOrderTo?: FilterValue | null;
  lastOrderFrom?: FilterValue | null;
  lastOrderTo?: FilterValue | null;
  customFields?: Json | null;
  browserId?: FilterValue | null;
  commentary?: FilterValue | null;
  sourceName?: FilterValue | null;
  mediumName?: FilterValue | null;
  campaignName?: FilterValue | null;
  keywordName?: FilterValue | null;
  adContentName?: FilterValue | null;
  mgCustomerId?: FilterValue | null;
  tags?: FilterValue | List<FilterValue> | null;
  attachedTags?: FilterValue | List<FilterValue> | null;
  subscriptions?: List<CustomerSubscriptionFilter> | null;
}

/** Filter `Filter/Customers/CustomerHistoryFilter`, as it is written. */
export interface CustomerHistoryFilter {
  customerId?: number | boolean | null;
  sinceId?: number | boolean | null;
  customerExternalId?: FilterValue | null;
  /** Format Y-m-d H:i:s. */
  startDate?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  endDate?: DateInput | null;
}

/** Filter `Filter/Customers/CustomerNoteFilter`, as it is written. */
export interface CustomerNoteFilter {
  ids?: number | boolean | List<number | boolean> | null;
  customerIds?: number | boolean | List<number | boolean> | null;
  customerExternalIds?: FilterValue | List<FilterValue> | null;
  managerIds?: number | boolean | List<number | boolean> | null;
  text?: FilterValue | null;
  createdAtFrom?: FilterValue | null;
  createdAtTo?: FilterValue | null;
}

/** Filter `Filter/Customers/CustomerSubscriptionFilter`, as it is written. */
export interface CustomerSubscriptionFilter {
  channel?: FilterValue | null;
  subscription?: FilterValue | null;
  subscribed?: boolean | null;
}

/** Filter `Filter/CustomersCorporate/CompanyFilter`, as it is written. */
export interface CustomersCorporateCompanyFilter {
  ids?: number | boolean | List<number | boolean> | null;
  externalIds?: FilterValue | List<FilterValue> | null;
}

/** Filter `Filter/CustomersCorporate/CustomerAddressFilter`, as it is written. */
export interface CustomersCorporateCustomerAddressFilter {
  ids?: number | boolean | List<number | boolean> | null;
  name?: FilterValue | null;
  city?: FilterValue | null;
  region?: FilterValue | null;
}

/** Filter `Filter/CustomersCorporate/CustomerContactFilter`, as it is written. */
export interface CustomersCorporateCustomerContactFilter {
  ids?: number | boolean | List<number | boolean> | null;
  contactIds?: number | boolean | List<number | boolean> | null;
  contactExternalIds?: FilterValue | List<FilterValue> | null;
}

/** Filter `Filter/CustomersCorporate/CustomerCorporateFilter`, as it is written. */
export interface CustomerCorporateFilter {
  nickName?: FilterValue | List<FilterValue> | null;
  contactName?: FilterValue | null;
  addressName?: FilterValue | null;
  contragentName?: FilterValue | null;
  contragentInn?: FilterValue | null;
  contragentKpp?: FilterValue | null;
  contragentBik?: FilterValue | null;
  contragentCorrAccount?: FilterValue | null;
  contragentBankAccount?: FilterValue | null;
  contragentTypes?: CustomersContragentType | List<CustomersContragentType> | null;
  externalIds?: FilterValue | List<FilterValue> | null;
  name?: FilterValue | null;
  city?: FilterValue | null;
  region?: FilterValue | null;
  email?: FilterValue | null;
  notes?: FilterValue | null;
  minOrdersCount?: FilterValue | null;
  maxOrdersCount?: FilterValue | null;
  minAverageSumm?: FilterValue | null;
  maxAverageSumm?: FilterValue | null;
  minTotalSumm?: FilterValue | null;
  maxTotalSumm?: FilterValue | null;
  classSegment?: FilterValue | null;
  discountCardNumber?: FilterValue | null;
  attachments?: CustomersAttachmentsStatus | null;
  minCostSumm?: FilterValue | null;
  maxCostSumm?: FilterValue | null;
  vip?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  bad?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  tasksCounts?: CustomersTasksCountsStatus | null;
  ids?: number | boolean | List<number | boolean> | null;
  sites?: FilterValue | List<FilterValue> | null;
  managers?: number | boolean | List<number | boolean> | null;
  managerGroups?: FilterValue | List<FilterValue> | null;
  dateFrom?: FilterValue | null;
  dateTo?: FilterValue | null;
  firstOrderFrom?: FilterValue | null;
  firstOrderTo?: FilterValue | null;
  lastOrderFrom?: FilterValue | null;
  lastOrderTo?: FilterValue | null;
  contactIds?: number | boolean | List<number | boolean> | null;
  companyName?: FilterValue | null;
  customFields?: Json | null;
}

/** Filter `Filter/Delivery/ApiDeliveryShipmentFilterType`, as it is written. */
export interface DeliveryApiDeliveryShipmentFilterType {
  externalId?: FilterValue | null;
  orderNumber?: FilterValue | null;
  statuses?: FilterValue | List<FilterValue> | null;
  ids?: number | boolean | List<number | boolean> | null;
  deliveryTypes?: FilterValue | List<FilterValue> | null;
  managers?: number | boolean | List<number | boolean> | null;
  stores?: FilterValue | List<FilterValue> | null;
  dateFrom?: FilterValue | null;
  dateTo?: FilterValue | null;
}

/** Filter `Filter/Files/FileFilter`, as it is written. */
export interface FileFilter {
  ids?: number | boolean | List<number | boolean> | null;
  orderIds?: number | boolean | List<number | boolean> | null;
  orderExternalIds?: FilterValue | List<FilterValue> | null;
  customerIds?: number | boolean | List<number | boolean> | null;
  customerExternalIds?: FilterValue | List<FilterValue> | null;
  createdAtFrom?: FilterValue | null;
  createdAtTo?: FilterValue | null;
  sizeFrom?: number | boolean | null;
  sizeTo?: number | boolean | null;
  type?: FilterValue | List<FilterValue> | null;
  filename?: FilterValue | null;
  isAttached?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  sites?: FilterValue | List<FilterValue> | null;
}

/** Filter `Filter/Loyalty/LoyaltyAccountApiFilterType`, as it is written. */
export interface LoyaltyAccountApiFilterType {
  ids?: number | boolean | List<number | boolean> | null;
  status?: LoyaltyAccountStatus | null;
  minAmount?: FilterValue | null;
  maxAmount?: FilterValue | null;
  minOrdersSum?: FilterValue | null;
  maxOrdersSum?: FilterValue | null;
  createdAtFrom?: FilterValue | null;
  createdAtTo?: FilterValue | null;
  customer?: FilterValue | null;
  phoneNumber?: FilterValue | null;
  cardNumber?: FilterValue | null;
  burnDateFrom?: FilterValue | null;
  burnDateTo?: FilterValue | null;
  customerId?: FilterValue | null;
  customerExternalId?: FilterValue | null;
  id?: FilterValue | null;
  loyalties?: number | boolean | List<number | boolean> | null;
  sites?: FilterValue | List<FilterValue> | null;
  level?: number | boolean | null;
  customFields?: Json | null;
}

/** Filter `Filter/Loyalty/LoyaltyAccountBonusApiFilterType`, as it is written. */
export interface LoyaltyAccountBonusApiFilterType {
  /** Format Y-m-d H:i:s. */
  date?: DateInput | null;
}

/** Filter `Filter/Loyalty/LoyaltyAccountBonusOperationsApiFilterType`, as it is written. */
export interface LoyaltyAccountBonusOperationsApiFilterType {
  /** Format Y-m-d H:i:s. */
  createdAtFrom?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  createdAtTo?: DateInput | null;
}

/** Filter `Filter/Loyalty/LoyaltyApiFilterType`, as it is written. */
export interface LoyaltyApiFilterType {
  ids?: number | boolean | List<number | boolean> | null;
  active?: NumberOf<NumericBoolean> | boolean | null;
  blocked?: NumberOf<NumericBoolean> | boolean | null;
  sites?: FilterValue | List<FilterValue> | null;
}

/** Filter `Filter/Loyalty/LoyaltyBonusOperationsApiFilterType`, as it is written. */
export interface LoyaltyBonusOperationsApiFilterType {
  loyalties?: number | boolean | List<number | boolean> | null;
}

/** Filter `Filter/Orders/OrderFilter`, as it is written. */
export interface OrderFilter {
  externalIds?: FilterValue | List<FilterValue> | null;
  numbers?: FilterValue | List<FilterValue> | null;
  customer?: FilterValue | null;
  customerId?: FilterValue | null;
  customerExternalId?: FilterValue | null;
  countries?: CountryCodeIso3166 | List<CountryCodeIso3166> | null;
  city?: FilterValue | null;
  region?: FilterValue | null;
  index?: FilterValue | null;
  metro?: FilterValue | null;
  email?: FilterValue | null;
  /** Format H:i:s. */
  deliveryTimeFrom?: DateInput | null;
  /** Format H:i:s. */
  deliveryTimeTo?: DateInput | null;
  minPrepaySumm?: FilterValue | null;
  maxPrepaySumm?: FilterValue | null;
  minPrice?: FilterValue | null;
  maxPrice?: FilterValue | null;
  product?: FilterValue | null;
  vip?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  bad?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  expired?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  call?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  online?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  deliveryStates?: OrderDeliveryState | List<OrderDeliveryState> | null;
  minDeliveryCost?: FilterValue | null;
  maxDeliveryCost?: FilterValue | null;
  minDeliveryNetCost?: FilterValue | null;
  maxDeliveryNetCost?: FilterValue | null;
  managerComment?: FilterValue | null;
  customerComment?: FilterValue | null;
  minMarginSumm?: FilterValue | null;
  maxMarginSumm?: FilterValue | null;
  minPurchaseSumm?: FilterValue | null;
  maxPurchaseSumm?: FilterValue | null;
  minCostSumm?: FilterValue | null;
  maxCostSumm?: FilterValue | null;
  trackNumber?: FilterValue | null;
  deliveryExternalId?: FilterValue | null;
  contragentName?: FilterValue | null;
  contragentTypes?: CustomersContragentType | List<CustomersContragentType> | null;
  contragentInn?: FilterValue | null;
  contragentKpp?: FilterValue | null;
  contragentBik?: FilterValue | null;
  contragentCorrAccount?: FilterValue | null;
  contragentBankAccount?: FilterValue | null;
  shipped?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  attachments?: CustomersAttachmentsStatus | null;
  receiptFiscalDocumentAttribute?: FilterValue | null;
  receiptStatus?: FilterValue | null;
  receiptOperation?: FilterValue | null;
  receiptOrderStatus?: FilterValue | null;
  tasksCounts?: CustomersTasksCountsStatus | null;
  customerType?: CustomerType | null;
  companyName?: FilterValue | null;
  ids?: number | boolean | List<number | boolean> | null;
  orderTypes?: FilterValue | List<FilterValue> | null;
  managers?: number | boolean | List<number | boolean> | null;
  paymentStatuses?: FilterValue | List<FilterValue> | null;
  sites?: FilterValue | List<FilterValue> | null;
  paymentTypes?: FilterValue | List<FilterValue> | null;
  deliveryTypes?: FilterValue | List<FilterValue> | null;
  deliveryServices?: FilterValue | List<FilterValue> | null;
  orderMethods?: FilterValue | List<FilterValue> | null;
  couriers?: number | boolean | List<number | boolean> | null;
  managerGroups?: FilterValue | List<FilterValue> | null;
  shipmentStores?: FilterValue | List<FilterValue> | null;
  mgChannels?: number | boolean | List<number | boolean> | null;
  createdAtFrom?: FilterValue | null;
  createdAtTo?: FilterValue | null;
  fullPaidAtFrom?: FilterValue | null;
  fullPaidAtTo?: FilterValue | null;
  paidAtFrom?: FilterValue | null;
  paidAtTo?: FilterValue | null;
  deliveryDateFrom?: FilterValue | null;
  deliveryDateTo?: FilterValue | null;
  statusUpdatedAtFrom?: FilterValue | null;
  statusUpdatedAtTo?: FilterValue | null;
  firstWebVisitFrom?: FilterValue | null;
  firstWebVisitTo?: FilterValue | null;
  lastWebVisitFrom?: FilterValue | null;
  lastWebVisitTo?: FilterValue | null;
  firstOrderFrom?: FilterValue | null;
  firstOrderTo?: FilterValue | null;
  lastOrderFrom?: FilterValue | null;
  lastOrderTo?: FilterValue | null;
  shipmentDateFrom?: FilterValue | null;
  shipmentDateTo?: FilterValue | null;
  dpdParcelDateFrom?: FilterValue | null;
  dpdParcelDateTo?: FilterValue | null;
  customFields?: Json | null;
  extendedStatus?: FilterValue | List<FilterValue> | null;
  sourceName?: FilterValue | null;
  mediumName?: FilterValue | null;
  campaignName?: FilterValue | null;
  keywordName?: FilterValue | null;
  adContentName?: FilterValue | null;
}

/** Filter `Filter/Orders/OrderHistoryFilterV4Type`, as it is written. */
export interface OrderHistoryFilterV4Type {
  orderId?: number | boolean | null;
  sinceId?: number | boolean | null;
  orderExternalId?: FilterValue | null;
  /** Format Y-m-d H:i:s. */
  startDate?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  endDate?: DateInput | null;
}

/** Filter `Filter/Packs/OrderProductPackFilter`, as it is written. */
export interface PacksOrderProductPackFilter {
  ids?: number | boolean | List<number | boolean> | null;
  stores?: FilterValue | List<FilterValue> | null;
  itemId?: number | boolean | null;
  offerXmlId?: FilterValue | null;
  offerExternalId?: FilterValue | null;
  orderId?: number | boolean | null;
  orderExternalId?: FilterValue | null;
  shipmentDateFrom?: FilterValue | null;
  shipmentDateTo?: FilterValue | null;
  invoiceNumber?: FilterValue | null;
  deliveryNoteNumber?: FilterValue | null;
}

/** Filter `Filter/Packs/OrderProductPackHistoryFilterType`, as it is written. */
export interface PacksOrderProductPackHistoryFilterType {
  orderId?: number | boolean | null;
  sinceId?: number | boolean | null;
  orderExternalId?: FilterValue | null;
  /** Format Y-m-d H:i:s. */
  startDate?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  endDate?: DateInput | null;
}

/** Filter `Filter/Segments/SegmentApiFilter`, as it is written. */
export interface SegmentApiFilter {
  name?: FilterValue | null;
  type?: FilterValue | null;
  active?: NumberOf<NumericBoolean> | boolean | null;
  minCustomersCount?: number | boolean | null;
  maxCustomersCount?: number | boolean | null;
  ids?: number | boolean | List<number | boolean> | null;
  dateFrom?: FilterValue | null;
  dateTo?: FilterValue | null;
}

/** Filter `Filter/Store/InventoryFilterType`, as it is written. */
export interface StoreInventoryFilterType {
  ids?: number | boolean | List<number | boolean> | null;
  productExternalId?: FilterValue | null;
  productArticle?: FilterValue | List<FilterValue> | null;
  offerExternalId?: FilterValue | List<FilterValue> | null;
  offerXmlId?: FilterValue | List<FilterValue> | null;
  offerArticle?: FilterValue | List<FilterValue> | null;
  productActive?: NumberOf<NumericBoolean> | boolean | null;
  offerActive?: NumberOf<NumericBoolean> | boolean | null;
  details?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  sites?: FilterValue | List<FilterValue> | null;
  catalogs?: number | boolean | List<number | boolean> | null;
}

/** Filter `Filter/Store/OfferFilterType`, as it is written. */
export interface StoreOfferFilterType {
  ids?: number | boolean | List<number | boolean> | null;
  name?: FilterValue | null;
  externalIds?: FilterValue | List<FilterValue> | null;
  xmlIds?: FilterValue | List<FilterValue> | null;
  properties?: FilterValue | List<FilterValue> | null;
  sites?: FilterValue | List<FilterValue> | null;
  catalogs?: number | boolean | List<number | boolean> | null;
  active?: NumberOf<NumericBoolean> | boolean | null;
  sinceId?: number | boolean | null;
  groups?: number | boolean | List<number | boolean> | null;
  priceType?: FilterValue | null;
  minPrice?: number | boolean | null;
  maxPrice?: number | boolean | null;
  minQuantity?: number | boolean | null;
  maxQuantity?: number | boolean | null;
}

/** Filter `Filter/Store/ProductFilterType`, as it is written. */
export interface StoreProductFilterType {
  active?: NumberOf<NumericBoolean> | boolean | null;
  name?: FilterValue | null;
  minPrice?: number | boolean | null;
  maxPrice?: number | boolean | null;
  minPurchasePrice?: number | boolean | null;
  maxPurchasePrice?: number | boolean | null;
  minQuantity?: number | boolean | null;
  maxQuantity?: number | boolean | null;
  popular?: NumberOf<NumericBoolean> | boolean | null;
  stock?: NumberOf<NumericBoolean> | boolean | null;
  novelty?: NumberOf<NumericBoolean> | boolean | null;
  recommended?: NumberOf<NumericBoolean> | boolean | null;
  url?: FilterValue | null;
  urlLike?: FilterValue | null;
  manufacturer?: FilterValue | null;
  externalId?: FilterValue | null;
  xmlId?: FilterValue | null;
  classSegment?: FilterValue | null;
  offerIds?: number | boolean | List<number | boolean> | null;
  properties?: FilterValue | List<FilterValue> | null;
  offerExternalId?: FilterValue | null;
  offerXmlId?: FilterValue | null;
  groupExternalId?: FilterValue | null;
  ids?: number | boolean | List<number | boolean> | null;
  groups?: number | boolean | List<number | boolean> | null;
  priceType?: FilterValue | null;
  sites?: FilterValue | List<FilterValue> | null;
  catalogs?: number | boolean | List<number | boolean> | null;
  sinceId?: number | boolean | null;
  /** Format Y-m-d H:i:s. */
  sinceUpdatedAt?: DateInput | null;
}

/** Filter `Filter/Store/ProductGroupFilterType`, as it is written. */
export interface StoreProductGroupFilterType {
  active?: NumberOf<NumericBoolean> | boolean | null;
  parentGroupId?: FilterValue | null;
  ids?: number | boolean | List<number | boolean> | null;
  sites?: FilterValue | List<FilterValue> | null;
  catalogs?: number | boolean | List<number | boolean> | null;
  minLevel?: number | boolean | null;
  maxLevel?: number | boolean | null;
}

/** Filter `Filter/Store/ProductPropertiesFilterType`, as it is written. */
export interface StoreProductPropertiesFilterType {
  name?: FilterValue | null;
  code?: FilterValue | null;
  visible?: NumberOf<NumericBoolean> | boolean | null;
  variative?: NumberOf<NumericBoolean> | boolean | null;
  sites?: FilterValue | List<FilterValue> | null;
  catalogs?: number | boolean | List<number | boolean> | null;
  groups?: number | boolean | List<number | boolean> | null;
}

/** Filter `Filter/Store/ProductProperty`, as it is written. */
export interface StoreProductPropertyFilter extends StoreProductPropertyInput {}

/** Filter `Filter/Store/ProductPropertyGroup`, as it is written. */
export interface StoreProductPropertyGroupFilter extends StoreProductPropertyGroupInput {}

/** Filter `Filter/Store/ProductPropertyValuesFilterType`, as it is written. */
export interface StoreProductPropertyValuesFilterType {
  propertyName?: FilterValue | null;
  propertyCode?: FilterValue | null;
  groups?: number | boolean | List<number | boolean> | null;
}

/** Filter `Filter/Tasks/TaskFilter`, as it is written. */
export interface TaskFilter {
  orderNumber?: FilterValue | null;
  customer?: FilterValue | null;
  status?: TaskStatus | null;
  text?: FilterValue | null;
  ids?: number | boolean | List<number | boolean> | null;
  performers?: number | boolean | List<number | boolean> | null;
  creators?: number | boolean | List<number | boolean> | null;
  dateFrom?: FilterValue | null;
  dateTo?: FilterValue | null;
  createdAtFrom?: FilterValue | null;
  createdAtTo?: FilterValue | null;
  completedAtFrom?: FilterValue | null;
  completedAtTo?: FilterValue | null;
}

/** Filter `Filter/Tasks/TaskHistoryFilter`, as it is written. */
export interface TaskHistoryFilter {
  taskId?: number | boolean | null;
  sinceId?: number | boolean | null;
  /** Format Y-m-d H:i:s. */
  startDate?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  endDate?: DateInput | null;
}

/** Filter `Filter/Users/ApiUserFilter`, as it is written. */
export interface UsersApiUserFilter {
  email?: FilterValue | null;
  status?: UserStatus | null;
  online?: NumericBoolean | NumberOf<NumericBoolean> | boolean | null;
  active?: NumberOf<NumericBoolean> | boolean | null;
  isManager?: NumberOf<NumericBoolean> | boolean | null;
  isPosManager?: NumberOf<NumericBoolean> | boolean | null;
  isAdmin?: NumberOf<NumericBoolean> | boolean | null;
  groups?: Json | null;
  /** Format Y-m-d H:i:s. */
  createdAtFrom?: DateInput | null;
  /** Format Y-m-d H:i:s. */
  createdAtTo?: DateInput | null;
}

/** Request `Request/Api/FeaturesCheckRequest`, as it is written. */
export interface ApiFeaturesCheckRequest {
  features?: List<string> | null;
}

/** Request `Request/ByAndSiteByRequest`, as it is written. */
export interface ByAndSiteByRequest {
  by?: ByIdentifier | null;
  siteBy?: BySite | null;
}

/** Request `Request/BySiteRequest`, as it is written. */
export interface BySiteRequest {
  by?: ByIdentifier | null;
  site?: string | null;
}

/** Request `Request/Costs/CostsCreateRequest`, as it is written. */
export interface CostsCreateRequest {
  site?: string | null;
  /** One JSON field. */
  cost?: CostInput | null;
}

/** Request `Request/Costs/CostsDeleteRequest`, as it is written. */
export interface CostsDeleteRequest {
  ids?: List<number> | null;
}

/** Request `Request/Costs/CostsEditRequest`, as it is written. */
export interface CostsEditRequest extends CostsCreateRequest {}

/** Request `Request/Costs/CostsRequest`, as it is written. */
export interface CostsRequest {
  filter?: CostFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Costs/CostsUploadRequest`, as it is written. */
export interface CostsUploadRequest {
  /** One JSON field. */
  costs?: List<CostInput> | null;
}

/** Request `Request/CustomFields/CustomDictionaryCreateRequest`, as it is written. */
export interface CustomFieldsCustomDictionaryCreateRequest {
  /** One JSON field. */
  customDictionary?: CustomFieldsCustomDictionaryInput | null;
}

/** Request `Request/CustomFields/CustomFieldsCreateRequest`, as it is written. */
export interface CustomFieldsCreateRequest {
  /** One JSON field. */
  customField?: CustomFieldInput | null;
}

/** Request `Request/CustomFields/CustomFieldsDictionariesRequest`, as it is written. */
export interface CustomFieldsDictionariesRequest {
  filter?: CustomFieldsCustomDictionaryFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomFields/CustomFieldsRequest`, as it is written. */
export interface CustomFieldsRequest {
  filter?: CustomFieldFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomerInteraction/CustomerInteractionCartClearRequest`, as it is written. */
export interface CustomerInteractionCartClearRequest {
  siteBy?: BySite | null;
  /** One JSON field. */
  cart?: CustomerInteractionCartInput | null;
}

/** Request `Request/CustomerInteraction/CustomerInteractionCartSetRequest`, as it is written. */
export interface CustomerInteractionCartSetRequest extends CustomerInteractionCartClearRequest {}

/** Request `Request/CustomerInteraction/CustomerInteractionFavoriteRequest`, as it is written. */
export interface CustomerInteractionFavoriteRequest extends ByAndSiteByRequest {
  /** One JSON field. */
  favorite?: CustomerInteractionFavoriteInput | null;
}

/** Request `Request/Customers/CustomersCombineRequest`, as it is written. */
export interface CustomersCombineRequest {
  /** One JSON field. */
  resultCustomer?: CustomersSerializedCustomerReference | null;
  /** One JSON field. */
  customers?: List<CustomersSerializedCustomerReference> | null;
}

/** Request `Request/Customers/CustomersCreateRequest`, as it is written. */
export interface CustomersCreateRequest {
  site?: string | null;
  /** One JSON field. */
  customer?: CustomerInput | null;
}

/** Request `Request/Customers/CustomersEditRequest`, as it is written. */
export interface CustomersEditRequest extends CustomersCreateRequest {
  by?: ByIdentifier | null;
}

/** Request `Request/Customers/CustomersFixExternalIdsRequest`, as it is written. */
export interface CustomersFixExternalIdsRequest {
  /** One JSON field. */
  customers?: List<FixExternalRowInput> | null;
}

/** Request `Request/Customers/CustomersHistoryRequest`, as it is written. */
export interface CustomersHistoryRequest {
  filter?: CustomerHistoryFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Customers/CustomersNotesCreateRequest`, as it is written. */
export interface CustomersNotesCreateRequest {
  site?: string | null;
  /** One JSON field. */
  note?: CustomerNoteInput | null;
}

/** Request `Request/Customers/CustomersNotesRequest`, as it is written. */
export interface CustomersNotesRequest {
  filter?: CustomerNoteFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Customers/CustomersRequest`, as it is written. */
export interface CustomersRequest {
  filter?: CustomerFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Customers/CustomersSubscriptionsRequest`, as it is written. */
export interface CustomersSubscriptionsRequest {
  by?: ByIdentifier | null;
  site?: string | null;
  /** One JSON field. */
  subscriptions?: List<CustomersSubscription> | null;
}

/** Request `Request/Customers/CustomersUploadRequest`, as it is written. */
export interface CustomersUploadRequest {
  site?: string | null;
  /** One JSON field. */
  customers?: List<CustomerInput> | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateAddressesCreateRequest`, as it is written. */
export interface CustomersCorporateAddressesCreateRequest extends BySiteRequest {
  /** One JSON field. */
  address?: CustomerAddressInput | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateAddressesEditRequest`, as it is written. */
export interface CustomersCorporateAddressesEditRequest extends CustomersCorporateAddressesCreateRequest {
  entityBy?: ByIdentifier | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateAddressesRequest`, as it is written. */
export interface CustomersCorporateAddressesRequest extends BySiteRequest {
  filter?: CustomersCorporateCustomerAddressFilter | null;
  externalId?: string | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateCompaniesCreateRequest`, as it is written. */
export interface CustomersCorporateCompaniesCreateRequest extends BySiteRequest {
  /** One JSON field. */
  company?: CustomersCorporateCompanyInput | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateCompaniesEditRequest`, as it is written. */
export interface CustomersCorporateCompaniesEditRequest extends CustomersCorporateCompaniesCreateRequest {
  entityBy?: ByIdentifier | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateCompaniesRequest`, as it is written. */
export interface CustomersCorporateCompaniesRequest extends BySiteRequest {
  filter?: CustomersCorporateCompanyFilter | null;
  externalId?: string | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateContactsCreateRequest`, as it is written. */
export interface CustomersCorporateContactsCreateRequest extends BySiteRequest {
  /** One JSON field. */
  contact?: CustomersCorporateCustomerContactInput | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateContactsEditRequest`, as it is written. */
export interface CustomersCorporateContactsEditRequest extends CustomersCorporateContactsCreateRequest {
  entityBy?: ByIdentifier | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateContactsRequest`, as it is written. */
export interface CustomersCorporateContactsRequest extends BySiteRequest {
  filter?: CustomersCorporateCustomerContactFilter | null;
  externalId?: string | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateCreateRequest`, as it is written. */
export interface CustomersCorporateCreateRequest {
  site?: string | null;
  /** One JSON field. */
  customerCorporate?: CustomerCorporateInput | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateEditRequest`, as it is written. */
export interface CustomersCorporateEditRequest extends CustomersCorporateCreateRequest {
  by?: ByIdentifier | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateFixExternalIdsRequest`, as it is written. */
export interface CustomersCorporateFixExternalIdsRequest {
  /** One JSON field. */
  customersCorporate?: List<FixExternalRowInput> | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateRequest`, as it is written. */
export interface CustomersCorporateRequest {
  filter?: CustomerCorporateFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/CustomersCorporate/CustomersCorporateUploadRequest`, as it is written. */
export interface CustomersCorporateUploadRequest {
  site?: string | null;
  /** One JSON field. */
  customersCorporate?: List<CustomerCorporateInput> | null;
}

/** Request `Request/Delivery/DeliveryCalculateRequest`, as it is written. */
export interface DeliveryCalculateRequest {
  /** One JSON field. */
  deliveryTypeCodes?: List<string> | null;
  /** One JSON field. */
  order?: DeliverySerializedOrder | null;
}

/** Request `Request/Delivery/DeliveryShipmentsCreateRequest`, as it is written. */
export interface DeliveryShipmentsCreateRequest {
  deliveryType?: string | null;
  site?: string | null;
  /** One JSON field. */
  deliveryShipment?: DeliveryShipmentInput | null;
}

/** Request `Request/Delivery/DeliveryShipmentsRequest`, as it is written. */
export interface DeliveryShipmentsRequest {
  filter?: DeliveryApiDeliveryShipmentFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Delivery/TrackingRequest`, as it is written. */
export interface DeliveryTrackingRequest {
  /** One JSON field. */
  statusUpdate?: List<DeliveryRequestStatusUpdateItem> | null;
}

/** Request `Request/Files/FilesEditRequest`, as it is written. */
export interface FilesEditRequest {
  /** One JSON field. */
  file?: FilesFileInput | null;
}

/** Request `Request/Files/FilesRequest`, as it is written. */
export interface FilesRequest {
  filter?: FileFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Files/FilesUploadRequest`, as it is written. */
export interface FilesUploadRequest {
  file?: UploadSource | null;
}

/** Request `Request/Integration/IntegrationModuleUpdateScopesRequest`, as it is written. */
export interface IntegrationModuleUpdateScopesRequest {
  /** One JSON field. */
  requires?: IntegrationRequires | null;
}

/** Request `Request/Integration/IntegrationModulesEditRequest`, as it is written. */
export interface IntegrationModulesEditRequest {
  /** One JSON field. */
  integrationModule?: IntegrationModuleInput | null;
}

/** Request `Request/Loyalty/AllBonusOperationsRequest`, as it is written. */
export interface LoyaltyAllBonusOperationsRequest {
  limit?: NumberOf<PaginationLimit> | null;
  cursor?: string | null;
  filter?: LoyaltyBonusOperationsApiFilterType | null;
}

/** Request `Request/Loyalty/BonusAccountDetailsRequest`, as it is written. */
export interface LoyaltyBonusAccountDetailsRequest {
  filter?: LoyaltyAccountBonusApiFilterType | null;
  id?: number | null;
  status?: string | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Loyalty/LoyaltiesRequest`, as it is written. */
export interface LoyaltyLoyaltiesRequest {
  filter?: LoyaltyApiFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Loyalty/LoyaltyAccountCreateRequest`, as it is written. */
export interface LoyaltyAccountCreateRequest {
  site?: string | null;
  /** One JSON field. */
  loyaltyAccount?: LoyaltySerializedCreateLoyaltyAccount | null;
}

/** Request `Request/Loyalty/LoyaltyAccountEditRequest`, as it is written. */
export interface LoyaltyAccountEditRequest {
  /** One JSON field. */
  loyaltyAccount?: LoyaltyAccountInput | null;
}

/** Request `Request/Loyalty/LoyaltyAccountsRequest`, as it is written. */
export interface LoyaltyAccountsRequest {
  filter?: LoyaltyAccountApiFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Loyalty/LoyaltyBonusChargeRequest`, as it is written. */
export interface LoyaltyBonusChargeRequest {
  amount?: number | null;
  comment?: string | null;
}

/** Request `Request/Loyalty/LoyaltyBonusCreditRequest`, as it is written. */
export interface LoyaltyBonusCreditRequest {
  amount?: number | null;
  /** Format Y-m-d. */
  activationDate?: DateInput | null;
  /** Format Y-m-d. */
  expireDate?: DateInput | null;
  comment?: string | null;
}

/** Request `Request/Loyalty/LoyaltyBonusOperationsRequest`, as it is written. */
export interface LoyaltyBonusOperationsRequest {
  filter?: LoyaltyAccountBonusOperationsApiFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Loyalty/LoyaltyCalculateRequest`, as it is written. */
export interface LoyaltyCalculateRequest {
  site?: string | null;
  /** One JSON field. */
  order?: LoyaltySerializedOrder | null;
  bonuses?: number | null;
}

/** Request `Request/Notifications/NotificationsSendRequest`, as it is written. */
export interface NotificationsSendRequest {
  /** One JSON field. */
  notification?: Notification | null;
}

/** Request `Request/Orders/OrderDeliveryCancelRequest`, as it is written. */
export interface OrderDeliveryCancelRequest {
  by?: ByIdentifier | null;
  force?: boolean | null;
}

/** Request `Request/Orders/OrderLoyaltyCancelBonusOperationsRequest`, as it is written. */
export interface OrderLoyaltyCancelBonusOperationsRequest {
  site?: string | null;
  /** One JSON field. */
  order?: DeliverySerializedEntityOrderInput | null;
}

/** Request `Request/Orders/OrdersCombineRequest`, as it is written. */
export interface OrdersCombineRequest {
  technique?: CombineTechnique | null;
  /** One JSON field. */
  order?: OrdersSerializedOrderReference | null;
  /** One JSON field. */
  resultOrder?: OrdersSerializedOrderReference | null;
}

/** Request `Request/Orders/OrdersCreateRequest`, as it is written. */
export interface OrdersCreateRequest {
  site?: string | null;
  /** One JSON field. */
  order?: OrderInput | null;
}

/** Request `Request/Orders/OrdersEditRequest`, as it is written. */
export interface OrdersEditRequest extends OrdersCreateRequest {
  by?: ByIdentifier | null;
  site?: string | null;
}

/** Request `Request/Orders/OrdersFixExternalIdsRequest`, as it is written. */
export interface OrdersFixExternalIdsRequest {
  /** One JSON field. */
  orders?: List<FixExternalRowInput> | null;
}

/** Request `Request/Orders/OrdersHistoryRequest`, as it is written. */
export interface OrdersHistoryRequest {
  filter?: OrderHistoryFilterV4Type | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Orders/OrdersLinksCreateRequest`, as it is written. */
export interface OrdersLinksCreateRequest {
  site?: string | null;
  /** One JSON field. */
  link?: OrdersSerializedOrderLink | null;
}

/** Request `Request/Orders/OrdersLoyaltyApplyRequest`, as it is written. */
export interface OrdersLoyaltyApplyRequest {
  site?: string | null;
  /** One JSON field. */
  order?: DeliverySerializedEntityOrderInput | null;
  bonuses?: number | null;
}

/** Request `Request/Orders/OrdersPaymentsCreateRequest`, as it is written. */
export interface OrdersPaymentsCreateRequest {
  site?: string | null;
  /** One JSON field. */
  payment?: OrdersSerializedPayment | null;
}

/** Request `Request/Orders/OrdersPaymentsEditRequest`, as it is written. */
export interface OrdersPaymentsEditRequest extends OrdersPaymentsCreateRequest {
  by?: ByIdentifier | null;
}

/** Request `Request/Orders/OrdersRequest`, as it is written. */
export interface OrdersRequest {
  filter?: OrderFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Orders/OrdersStatusesRequest`, as it is written. */
export interface OrdersStatusesRequest {
  ids?: List<number> | null;
  externalIds?: List<string> | null;
}

/** Request `Request/Orders/OrdersUploadRequest`, as it is written. */
export interface OrdersUploadRequest {
  site?: string | null;
  /** One JSON field. */
  orders?: List<OrderInput> | null;
}

/** Request `Request/Packs/PacksCreateRequest`, as it is written. */
export interface PacksCreateRequest {
  /** One JSON field. */
  pack?: PacksOrderProductPackInput | null;
}

/** Request `Request/Packs/PacksHistoryRequest`, as it is written. */
export interface PacksHistoryRequest {
  filter?: PacksOrderProductPackHistoryFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Packs/PacksRequest`, as it is written. */
export interface PacksRequest {
  filter?: PacksOrderProductPackFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Payments/PaymentCheckRequest`, as it is written. */
export interface PaymentCheckRequest {
  /** One JSON field. */
  check?: PaymentsApiCheckRequest | null;
}

/** Request `Request/Payments/PaymentCreateInvoiceRequest`, as it is written. */
export interface PaymentCreateInvoiceRequest {
  /** One JSON field. */
  createInvoice?: PaymentsApiCreateInvoiceRequest | null;
}

/** Request `Request/Payments/PaymentImportInvoiceRequest`, as it is written. */
export interface PaymentImportInvoiceRequest {
  /** One JSON field. */
  invoice?: PaymentsApiImportInvoiceRequest | null;
}

/** Request `Request/Payments/PaymentUpdateInvoiceRequest`, as it is written. */
export interface PaymentUpdateInvoiceRequest {
  /** One JSON field. */
  updateInvoice?: PaymentsApiUpdateInvoiceRequest | null;
}

/** Request `Request/References/CostGroupsEditRequest`, as it is written. */
export interface ReferencesCostGroupsEditRequest {
  /** One JSON field. */
  costGroup?: ReferencesCostGroupInput | null;
}

/** Request `Request/References/CostItemsEditRequest`, as it is written. */
export interface ReferencesCostItemsEditRequest {
  /** One JSON field. */
  costItem?: ReferencesCostItemInput | null;
}

/** Request `Request/References/CouriersCreateRequest`, as it is written. */
export interface ReferencesCouriersCreateRequest {
  /** One JSON field. */
  courier?: ReferencesCourierInput | null;
}

/** Request `Request/References/CurrenciesCreateRequest`, as it is written. */
export interface ReferencesCurrenciesCreateRequest {
  /** One JSON field. */
  currency?: ReferencesCurrencyInput | null;
}

/** Request `Request/References/DeliveryServicesEditRequest`, as it is written. */
export interface ReferencesDeliveryServicesEditRequest {
  /** One JSON field. */
  deliveryService?: ReferencesDeliveryServiceInput | null;
}

/** Request `Request/References/DeliveryTypesEditRequest`, as it is written. */
export interface ReferencesDeliveryTypesEditRequest {
  /** One JSON field. */
  deliveryType?: ReferencesDeliveryTypeInput | null;
}

/** Request `Request/References/LegalEntityEditRequest`, as it is written. */
export interface ReferencesLegalEntityEditRequest {
  /** One JSON field. */
  legalEntity?: ReferencesLegalEntityInput | null;
}

/** Request `Request/References/OrderMethodsEditRequest`, as it is written. */
export interface ReferencesOrderMethodsEditRequest {
  /** One JSON field. */
  orderMethod?: ReferencesOrderMethodInput | null;
}

/** Request `Request/References/OrderTypesEditRequest`, as it is written. */
export interface ReferencesOrderTypesEditRequest {
  /** One JSON field. */
  orderType?: ReferencesOrderTypeInput | null;
}

/** Request `Request/References/PaymentStatusesEditRequest`, as it is written. */
export interface ReferencesPaymentStatusesEditRequest {
  /** One JSON field. */
  paymentStatus?: ReferencesPaymentStatusInput | null;
}

/** Request `Request/References/PaymentTypesEditRequest`, as it is written. */
export interface ReferencesPaymentTypesEditRequest {
  /** One JSON field. */
  paymentType?: ReferencesPaymentTypeInput | null;
}

/** Request `Request/References/PriceTypesEditRequest`, as it is written. */
export interface ReferencesPriceTypesEditRequest {
  /** One JSON field. */
  priceType?: ReferencesPriceTypeInput | null;
}

/** Request `Request/References/ProductStatusesEditRequest`, as it is written. */
export interface ReferencesProductStatusesEditRequest {
  /** One JSON field. */
  productStatus?: ReferencesOrderProductStatusInput | null;
}

/** Request `Request/References/SitesEditRequest`, as it is written. */
export interface ReferencesSitesEditRequest {
  /** One JSON field. */
  site?: ReferencesSiteInput | null;
}

/** Request `Request/References/StatusesEditRequest`, as it is written. */
export interface ReferencesStatusesEditRequest {
  /** One JSON field. */
  status?: ReferencesStatusInput | null;
}

/** Request `Request/References/StoresEditRequest`, as it is written. */
export interface ReferencesStoresEditRequest {
  /** One JSON field. */
  store?: ReferencesStoreInput | null;
}

/** Request `Request/References/UnitsEditRequest`, as it is written. */
export interface ReferencesUnitsEditRequest {
  /** One JSON field. */
  unit?: ReferencesSerializedUnitInput | null;
}

/** Request `Request/Segments/SegmentsRequest`, as it is written. */
export interface SegmentsRequest {
  filter?: SegmentApiFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/InventoriesRequest`, as it is written. */
export interface StoreInventoriesRequest {
  filter?: StoreInventoryFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/InventoriesUploadRequest`, as it is written. */
export interface StoreInventoriesUploadRequest {
  /** One JSON field. */
  offers?: List<StoreOfferInput> | null;
  site?: string | null;
}

/** Request `Request/Store/OffersRequest`, as it is written. */
export interface StoreOffersRequest {
  filter?: StoreOfferFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/PricesUploadRequest`, as it is written. */
export interface StorePricesUploadRequest {
  /** One JSON field. */
  prices?: List<StorePriceUploadInput> | null;
}

/** Request `Request/Store/ProductBatchEditRequest`, as it is written. */
export interface StoreProductBatchEditRequest {
  /** One JSON field. */
  products?: List<StoreProductEditInput> | null;
}

/** Request `Request/Store/ProductGroupsCreateRequest`, as it is written. */
export interface StoreProductGroupsCreateRequest {
  /** One JSON field. */
  productGroup?: StoreSerializedProductGroup | null;
}

/** Request `Request/Store/ProductGroupsEditRequest`, as it is written. */
export interface StoreProductGroupsEditRequest extends BySiteRequest {
  /** One JSON field. */
  productGroup?: StoreSerializedProductGroup | null;
}

/** Request `Request/Store/ProductGroupsRequest`, as it is written. */
export interface StoreProductGroupsRequest {
  filter?: StoreProductGroupFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/ProductPropertiesRequest`, as it is written. */
export interface StoreProductPropertiesRequest {
  sort?: StoreProductPropertiesSortRequest | null;
  filter?: StoreProductPropertiesFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/ProductPropertiesSort`, as it is written. */
export interface StoreProductPropertiesSortRequest {
  offersCount?: string | null;
}

/** Request `Request/Store/ProductPropertyValuesRequest`, as it is written. */
export interface StoreProductPropertyValuesRequest {
  filter?: StoreProductPropertyValuesFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Store/ProductsBatchCreateRequest`, as it is written. */
export interface StoreProductsBatchCreateRequest {
  /** One JSON field. */
  products?: List<StoreProductCreateInput> | null;
}

/** Request `Request/Store/ProductsRequest`, as it is written. */
export interface StoreProductsRequest {
  filter?: StoreProductFilterType | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Tasks/TaskGetCommentsRequest`, as it is written. */
export interface TaskGetCommentsRequest {
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Tasks/TaskHistoryRequest`, as it is written. */
export interface TaskHistoryRequest {
  filter?: TaskHistoryFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Tasks/TasksCreateRequest`, as it is written. */
export interface TasksCreateRequest {
  site?: string | null;
  /** One JSON field. */
  task?: TaskInput | null;
}

/** Request `Request/Tasks/TasksRequest`, as it is written. */
export interface TasksRequest {
  filter?: TaskFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Telephony/TelephonyCallEventRequest`, as it is written. */
export interface TelephonyCallEventRequest {
  /** One JSON field. */
  event?: TelephonyCallEvent | null;
}

/** Request `Request/Telephony/TelephonyCallsUploadRequest`, as it is written. */
export interface TelephonyCallsUploadRequest {
  /** One JSON field. */
  calls?: List<TelephonyCall> | null;
}

/** Request `Request/Telephony/TelephonyManagerRequest`, as it is written. */
export interface TelephonyManagerRequest {
  phone?: string | null;
  details?: number | null;
  ignoreStatus?: number | null;
}

/** Request `Request/Users/UserGroupsRequest`, as it is written. */
export interface UserGroupsRequest {
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Users/UsersRequest`, as it is written. */
export interface UsersRequest {
  filter?: UsersApiUserFilter | null;
  limit?: NumberOf<PaginationLimit> | null;
  page?: number | null;
}

/** Request `Request/Users/UsersStatusRequest`, as it is written. */
export interface UsersStatusRequest {
  status?: UserStatus | null;
}

/** Request `Request/Verification/SmsVerificationConfirmRequest`, as it is written. */
export interface VerificationSmsVerificationConfirmRequest {
  /** One JSON field. */
  verification?: VerificationSmsVerificationConfirm | null;
}

/** Request `Request/WebAnalytics/ClientIdUploadRequest`, as it is written. */
export interface WebAnalyticsClientIdUploadRequest {
  /** One JSON field. */
  clientIds?: List<WebAnalyticsClientIdInput> | null;
}

/** Request `Request/WebAnalytics/SourcesUploadRequest`, as it is written. */
export interface WebAnalyticsSourcesUploadRequest {
  /** One JSON field. */
  sources?: List<WebAnalyticsSourceInput> | null;
}

/** Request `Request/WebAnalytics/VisitsUploadRequest`, as it is written. */
export interface WebAnalyticsVisitsUploadRequest {
  /** One JSON field. */
  visits?: List<WebAnalyticsVisitInput> | null;
}

/** Answer `Response/AbstractCursorPaginatedResponse`, as it is read. */
export interface AbstractCursorPaginatedResponse extends SuccessResponse {
  pagination?: WireObject<CursorPagination> | null;
}

/** Answer `Response/AbstractPaginatedResponse`, as it is read. */
export interface AbstractPaginatedResponse extends SuccessResponse {
  pagination?: WireObject<Pagination> | null;
}

/** Answer `Response/Api/ApiVersionsResponse`, as it is read. */
export interface ApiVersionsResponse extends SuccessResponse {
  versions?: WireList<WireString> | null;
}

/** Answer `Response/Api/Credentials`, as it is read. */
export interface Credentials extends SuccessResponse {
  credentials?: WireList<WireString> | null;
  scopes?: WireList<WireString> | null;
  siteAccess?: WireEnum<SiteAccess> | null;
  sitesAvailable?: WireList<WireString> | null;
}

/** Answer `Response/Api/FeaturesCheckResponse`, as it is read. */
export interface ApiFeaturesCheckResponse extends SuccessResponse {
  features?: WireList<WireObject<SettingsFeature>> | null;
}

/** Answer `Response/Api/SystemInfoResponse`, as it is read. */
export interface ApiSystemInfoResponse extends SuccessResponse {
  systemVersion?: WireString | null;
  publicUrl?: WireString | null;
  technicalUrl?: WireString | null;
}

/** Answer `Response/Costs/CostsDeleteResponse`, as it is read. */
export interface CostsDeleteResponse extends SuccessResponse {
  count?: WireNumber | null;
  notRemovedIds?: WireList<WireNumber> | null;
}

/** Answer `Response/Costs/CostsGetResponse`, as it is read. */
export interface CostsGetResponse extends SuccessResponse {
  cost?: WireObject<Cost> | null;
}

/** Answer `Response/Costs/CostsResponse`, as it is read. */
export interface CostsResponse extends AbstractPaginatedResponse {
  costs?: WireList<WireObject<Cost>> | null;
}

/** Answer `Response/Costs/CostsUploadResponse`, as it is read. */
export interface CostsUploadResponse extends SuccessResponse {
  uploadedCosts?: WireList<WireNumber> | null;
}

/** Answer `Response/CustomFields/CustomDictionaryCreateResponse`, as it is read. */
export interface CustomFieldsCustomDictionaryCreateResponse extends SuccessResponse {
  code?: WireString | null;
}

/** Answer `Response/CustomFields/CustomDictionaryGetResponse`, as it is read. */
export interface CustomFieldsCustomDictionaryGetResponse extends SuccessResponse {
  customDictionary?: WireObject<CustomFieldsCustomDictionary> | null;
}

/** Answer `Response/CustomFields/CustomFieldsCreateResponse`, as it is read. */
export interface CustomFieldsCreateResponse extends SuccessResponse {
  code?: WireString | null;
}

/** Answer `Response/CustomFields/CustomFieldsDictionariesResponse`, as it is read. */
export interface CustomFieldsDictionariesResponse extends AbstractPaginatedResponse {
  customDictionaries?: WireList<WireObject<CustomFieldsCustomDictionary>> | null;
}

/** Answer `Response/CustomFields/CustomFieldsEditResponse`, as it is read. */
export interface CustomFieldsEditResponse extends CustomFieldsCreateResponse {}

/** Answer `Response/CustomFields/CustomFieldsGetResponse`, as it is read. */
export interface CustomFieldsGetResponse extends SuccessResponse {
  customField?: WireObject<CustomField> | null;
}

/** Answer `Response/CustomFields/CustomFieldsResponse`, as it is read. */
export interface CustomFieldsResponse extends AbstractPaginatedResponse {
  customFields?: WireList<WireObject<CustomField>> | null;
}

/** Answer `Response/CustomerInteraction/CustomerInteractionCartGetResponse`, as it is read. */
export interface CustomerInteractionCartGetResponse extends SuccessResponse {
  cart?: WireObject<CustomerInteractionCart> | null;
}

/** Answer `Response/CustomerInteraction/CustomerInteractionFavoritesResponse`, as it is read. */
export interface CustomerInteractionFavoritesResponse extends SuccessResponse {
  favorites?: WireList<WireObject<CustomerInteractionFavorite>> | null;
}

/** Answer `Response/Customers/CustomerNotesResponse`, as it is read. */
export interface CustomerNotesResponse extends AbstractPaginatedResponse {
  notes?: WireList<WireObject<CustomerNote>> | null;
}

/** Answer `Response/Customers/CustomersEditResponse`, as it is read. */
export interface CustomersEditResponse extends IdResponse {
  state?: WireString | null;
}

/** Answer `Response/Customers/CustomersGetResponse`, as it is read. */
export interface CustomersGetResponse extends SuccessResponse {
  customer?: WireObject<Customer> | null;
}

/** Answer `Response/Customers/CustomersHistoryResponse`, as it is read. */
export interface CustomersHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: WireDate | null;
  history?: WireList<WireObject<CustomerHistory>> | null;
}

/** Answer `Response/Customers/CustomersResponse`, as it is read. */
export interface CustomersResponse extends AbstractPaginatedResponse {
  customers?: WireList<WireObject<Customer>> | null;
}

/** Answer `Response/Customers/CustomersUploadResponse`, as it is read. */
export interface CustomersUploadResponse extends SuccessResponse {
  uploadedCustomers?: WireList<WireObject<FixExternalRow>> | null;
  failedCustomers?: WireList<WireObject<EntityWithExternalId>> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateAddressesResponse`, as it is read. */
export interface CustomersCorporateAddressesResponse extends AbstractPaginatedResponse {
  addresses?: WireList<WireObject<CustomerAddress>> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateCompaniesResponse`, as it is read. */
export interface CustomersCorporateCompaniesResponse extends AbstractPaginatedResponse {
  companies?: WireList<WireObject<CustomersCorporateCompany>> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateContactsResponse`, as it is read. */
export interface CustomersCorporateContactsResponse extends AbstractPaginatedResponse {
  contacts?: WireList<WireObject<CustomersCorporateCustomerContact>> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateGetResponse`, as it is read. */
export interface CustomersCorporateGetResponse extends SuccessResponse {
  customerCorporate?: WireObject<CustomerCorporate> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateHistoryResponse`, as it is read. */
export interface CustomersCorporateHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: WireDate | null;
  history?: WireList<WireObject<CustomerCorporateHistory>> | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateResponse`, as it is read. */
export interface CustomersCorporateResponse extends AbstractPaginatedResponse {
  customersCorporate?: WireList<WireObject<CustomerCorporate>> | null;
}

/** Answer `Response/Delivery/DeliveryCalculateResponse`, as it is read. */
export interface DeliveryCalculateResponse extends SuccessResponse {
  calculations?: WireList<WireObject<DeliveryCalculation>> | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsCreateResponse`, as it is read. */
export interface DeliveryShipmentsCreateResponse extends IdResponse {
  status?: WireString | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsGetResponse`, as it is read. */
export interface DeliveryShipmentsGetResponse extends SuccessResponse {
  deliveryShipment?: WireObject<DeliveryShipment> | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsResponse`, as it is read. */
export interface DeliveryShipmentsResponse extends AbstractPaginatedResponse {
  deliveryShipments?: WireList<WireObject<DeliveryShipment>> | null;
}

/** Answer `Response/ErrorResponse`, as it is read. */
export interface ErrorResponse extends SuccessResponse {
  errors?: Json | null;
  errorMsg?: WireString | null;
  combinedTo?: WireObject<Customer> | null;
  failedCustomers?: WireList<WireObject<EntityWithExternalId>> | null;
}

/** Answer `Response/ErrorResponse`, as it is written. */
export interface ErrorResponseInput extends SuccessResponseInput {
  errors?: Json | null;
  errorMsg?: string | null;
  combinedTo?: CustomerInput | null;
  failedCustomers?: List<EntityWithExternalIdInput> | null;
}

/** Answer `Response/Files/FilesDownloadResponse`, as it is read. */
export interface FilesDownloadResponse {}

/** Answer `Response/Files/FilesGetResponse`, as it is read. */
export interface FilesGetResponse extends SuccessResponse {
  file?: WireObject<FilesFile> | null;
}

/** Answer `Response/Files/FilesResponse`, as it is read. */
export interface FilesResponse extends AbstractPaginatedResponse {
  files?: WireList<WireObject<FilesFile>> | null;
}

/** Answer `Response/Files/FilesUploadResponse`, as it is read. */
export interface FilesUploadResponse extends SuccessResponse {
  file?: WireObject<FilesFile> | null;
}

/** Answer `Response/IdResponse`, as it is read. */
export interface IdResponse extends SuccessResponse {
  id?: WireNumber | null;
}

/** Answer `Response/Integration/IntegrationModuleUpdateScopesResponse`, as it is read. */
export interface IntegrationModuleUpdateScopesResponse extends SuccessResponse {
  apiKey?: WireString | null;
}

/** Answer `Response/Integration/IntegrationModulesEditResponse`, as it is read. */
export interface IntegrationModulesEditResponse extends SuccessResponse {
  info?: WireObject<IntegrationModuleEditInfo> | null;
}

/** Answer `Response/Integration/IntegrationModulesGetResponse`, as it is read. */
export interface IntegrationModulesGetResponse extends SuccessResponse {
  integrationModule?: WireObject<IntegrationModule> | null;
}

/** Answer `Response/Loyalty/AllBonusOperationsResponse`, as it is read. */
export interface LoyaltyAllBonusOperationsResponse extends AbstractCursorPaginatedResponse {
  bonusOperations?: WireList<WireObject<LoyaltyOperation>> | null;
}

/** Answer `Response/Loyalty/BonusAccountDetailsResponse`, as it is read. */
export interface LoyaltyBonusAccountDetailsResponse extends AbstractPaginatedResponse {
  statistic?: WireObject<LoyaltyBonusStatisticResponse> | null;
  bonuses?: WireList<WireObject<LoyaltyBonusDetail>> | null;
}

/** Answer `Response/Loyalty/LoyaltiesResponse`, as it is read. */
export interface LoyaltyLoyaltiesResponse extends AbstractPaginatedResponse {
  loyalties?: WireList<WireObject<Loyalty>> | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountActivateResponse`, as it is read. */
export interface LoyaltyAccountActivateResponse extends SuccessResponse {
  loyaltyAccount?: WireObject<LoyaltyAccount> | null;
  verification?: WireObject<LoyaltySmsVerification> | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountCreateResponse`, as it is read. */
export interface LoyaltyAccountCreateResponse extends SuccessResponse {
  site?: WireString | null;
  loyaltyAccount?: WireObject<LoyaltyAccount> | null;
  warnings?: Json | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountResponse`, as it is read. */
export interface LoyaltyAccountResponse extends SuccessResponse {
  loyaltyAccount?: WireObject<LoyaltyAccount> | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountsResponse`, as it is read. */
export interface LoyaltyAccountsResponse extends AbstractPaginatedResponse {
  loyaltyAccounts?: WireList<WireObject<LoyaltyAccount>> | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusCreditResponse`, as it is read. */
export interface LoyaltyBonusCreditResponse extends SuccessResponse {
  loyaltyBonus?: WireObject<LoyaltyBonus> | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusOperationsResponse`, as it is read. */
export interface LoyaltyBonusOperationsResponse extends AbstractPaginatedResponse {
  bonusOperations?: WireList<WireObject<LoyaltyOperation>> | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusStatisticResponse`, as it is read. */
export interface LoyaltyBonusStatisticResponse {
  totalAmount?: WireNumber | null;
}

/** Answer `Response/Loyalty/LoyaltyCalculateResponse`, as it is read. */
export interface LoyaltyCalculateResponse extends SuccessResponse {
  order?: WireObject<LoyaltySerializedLoyaltyOrder> | null;
  calculations?: WireList<WireObject<LoyaltyCalculation>> | null;
  loyalty?: WireObject<LoyaltySerializedLoyalty> | null;
}

/** Answer `Response/Loyalty/LoyaltyResponse`, as it is read. */
export interface LoyaltyResponse extends SuccessResponse {
  loyalty?: WireObject<Loyalty> | null;
  requiredFields?: Json | null;
}

/** Answer `Response/Orders/OrdersCombineResponse`, as it is read. */
export interface OrdersCombineResponse extends SuccessResponse {
  errors?: Json | null;
}

/** Answer `Response/Orders/OrdersCreateResponse`, as it is read. */
export interface OrdersCreateResponse extends IdResponse {
  order?: WireObject<Order> | null;
}

/** Answer `Response/Orders/OrdersGetResponse`, as it is read. */
export interface OrdersGetResponse extends SuccessResponse {
  order?: WireObject<Order> | null;
}

/** Answer `Response/Orders/OrdersHistoryResponse`, as it is read. */
export interface OrdersHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: WireDate | null;
  history?: WireList<WireObject<OrderHistory>> | null;
}

/** Answer `Response/Orders/OrdersLoyaltyApplyResponse`, as it is read. */
export interface OrdersLoyaltyApplyResponse extends SuccessResponse {
  order?: WireObject<LoyaltySerializedLoyaltyOrder> | null;
  verification?: WireObject<LoyaltySmsVerification> | null;
}

/** Answer `Response/Orders/OrdersResponse`, as it is read. */
export interface OrdersResponse extends AbstractPaginatedResponse {
  orders?: WireList<WireObject<Order>> | null;
}

/** Answer `Response/Orders/OrdersStatusesResponse`, as it is read. */
export interface OrdersStatusesResponse extends SuccessResponse {
  orders?: WireList<WireObject<OrderStatusItem>> | null;
}

/** Answer `Response/Orders/OrdersUploadResponse`, as it is read. */
export interface OrdersUploadResponse extends SuccessResponse {
  site?: WireString | null;
  uploadedOrders?: WireList<WireObject<FixExternalRow>> | null;
  orders?: WireList<WireObject<Order>> | null;
  failedOrders?: WireList<WireObject<EntityWithExternalId>> | null;
}

/** Answer `Response/Packs/PacksGetResponse`, as it is read. */
export interface PacksGetResponse extends SuccessResponse {
  pack?: WireObject<PacksOrderProductPack> | null;
}

/** Answer `Response/Packs/PacksHistoryResponse`, as it is read. */
export interface PacksHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: WireDate | null;
  history?: WireList<WireObject<PacksOrderProductPackHistory>> | null;
}

/** Answer `Response/Packs/PacksResponse`, as it is read. */
export interface PacksResponse extends AbstractPaginatedResponse {
  packs?: WireList<WireObject<PacksOrderProductPack>> | null;
}

/** Answer `Response/Payments/PaymentCheckResponse`, as it is read. */
export interface PaymentCheckResponse extends SuccessResponse {
  result?: WireObject<PaymentsApiCheckResponseResult> | null;
}

/** Answer `Response/Payments/PaymentCreateInvoiceResponse`, as it is read. */
export interface PaymentCreateInvoiceResponse extends SuccessResponse {
  result?: WireObject<PaymentsApiCreateInvoiceResponseResult> | null;
}

/** Answer `Response/Payments/PaymentGetInvoiceResponse`, as it is read. */
export interface PaymentGetInvoiceResponse extends SuccessResponse {
  invoice?: WireObject<PaymentsApiGetInvoiceResponse> | null;
}

/** Answer `Response/Payments/PaymentImportInvoiceResponse`, as it is read. */
export interface PaymentImportInvoiceResponse extends SuccessResponse {
  invoice?: WireObject<PaymentsApiImportInvoiceResponse> | null;
}

/** Answer `Response/References/CostGroupsResponse`, as it is read. */
export interface ReferencesCostGroupsResponse extends SuccessResponse {
  costGroups?: WireList<WireObject<ReferencesCostGroup>> | null;
}

/** Answer `Response/References/CostItemsResponse`, as it is read. */
export interface ReferencesCostItemsResponse extends SuccessResponse {
  costItems?: WireList<WireObject<ReferencesCostItem>> | null;
}

/** Answer `Response/References/CountriesResponse`, as it is read. */
export interface ReferencesCountriesResponse extends SuccessResponse {
  countriesIso?: WireList<WireEnum<CountryCodeIso3166>> | null;
}

/** Answer `Response/References/CouriersResponse`, as it is read. */
export interface ReferencesCouriersResponse extends SuccessResponse {
  couriers?: WireList<WireObject<ReferencesCourier>> | null;
}

/** Answer `Response/References/CurrenciesResponse`, as it is read. */
export interface ReferencesCurrenciesResponse extends SuccessResponse {
  currencies?: WireList<WireObject<ReferencesCurrency>> | null;
}

/** Answer `Response/References/DeliveryServicesResponse`, as it is read. */
export interface ReferencesDeliveryServicesResponse extends SuccessResponse {
  deliveryServices?: WireList<WireObject<ReferencesDeliveryService>> | null;
}

/** Answer `Response/References/DeliveryTypesResponse`, as it is read. */
export interface ReferencesDeliveryTypesResponse extends SuccessResponse {
  deliveryTypes?: WireList<WireObject<ReferencesDeliveryType>> | null;
}

/** Answer `Response/References/LegalEntitiesResponse`, as it is read. */
export interface ReferencesLegalEntitiesResponse extends SuccessResponse {
  legalEntities?: WireList<WireObject<ReferencesLegalEntity>> | null;
}

/** Answer `Response/References/MgChannelsResponse`, as it is read. */
export interface ReferencesMgChannelsResponse extends SuccessResponse {
  mgChannels?: WireList<WireObject<ReferencesMGChannel>> | null;
}

/** Answer `Response/References/OrderMethodsResponse`, as it is read. */
export interface ReferencesOrderMethodsResponse extends SuccessResponse {
  orderMethods?: WireList<WireObject<ReferencesOrderMethod>> | null;
}

/** Answer `Response/References/OrderTypesResponse`, as it is read. */
export interface ReferencesOrderTypesResponse extends SuccessResponse {
  orderTypes?: WireList<WireObject<ReferencesOrderType>> | null;
}

/** Answer `Response/References/PaymentStatusesResponse`, as it is read. */
export interface ReferencesPaymentStatusesResponse extends SuccessResponse {
  paymentStatuses?: WireList<WireObject<ReferencesPaymentStatus>> | null;
}

/** Answer `Response/References/PaymentTypesResponse`, as it is read. */
export interface ReferencesPaymentTypesResponse extends SuccessResponse {
  paymentTypes?: WireList<WireObject<ReferencesPaymentType>> | null;
}

/** Answer `Response/References/PriceTypesResponse`, as it is read. */
export interface ReferencesPriceTypesResponse extends SuccessResponse {
  priceTypes?: WireList<WireObject<ReferencesPriceType>> | null;
}

/** Answer `Response/References/ProductStatusesResponse`, as it is read. */
export interface ReferencesProductStatusesResponse extends SuccessResponse {
  productStatuses?: WireList<WireObject<ReferencesOrderProductStatus>> | null;
}

/** Answer `Response/References/SitesResponse`, as it is read. */
export interface ReferencesSitesResponse extends SuccessResponse {
  sites?: WireList<WireObject<ReferencesSite>> | null;
}

/** Answer `Response/References/StatusGroupsResponse`, as it is read. */
export interface ReferencesStatusGroupsResponse extends SuccessResponse {
  statusGroups?: WireList<WireObject<ReferencesStatusGroup>> | null;
}

/** Answer `Response/References/StatusesResponse`, as it is read. */
export interface ReferencesStatusesResponse extends SuccessResponse {
  statuses?: WireList<WireObject<ReferencesStatus>> | null;
}

/** Answer `Response/References/StoresResponse`, as it is read. */
export interface ReferencesStoresResponse extends SuccessResponse {
  stores?: WireList<WireObject<ReferencesStore>> | null;
}

/** Answer `Response/References/UnitsResponse`, as it is read. */
export interface ReferencesUnitsResponse extends SuccessResponse {
  units?: WireList<WireObject<ReferencesSerializedUnit>> | null;
}

/** Answer `Response/Segments/SegmentsResponse`, as it is read. */
export interface SegmentsResponse extends AbstractPaginatedResponse {
  segments?: WireList<WireObject<CustomersSegment>> | null;
}

/** Answer `Response/Settings/SettingsResponse`, as it is read. */
export interface SettingsResponse extends SuccessResponse {
  settings?: WireObject<Settings> | null;
}

/** Answer `Response/Store/InventoriesResponse`, as it is read. */
export interface StoreInventoriesResponse extends AbstractPaginatedResponse {
  offers?: WireList<WireObject<StoreOffer>> | null;
}

/** Answer `Response/Store/InventoriesUploadResponse`, as it is read. */
export interface StoreInventoriesUploadResponse extends SuccessResponse {
  processedOffersCount?: WireNumber | null;
  notFoundOffers?: WireList<WireObject<StoreOffer>> | null;
}

/** Answer `Response/Store/OffersResponse`, as it is read. */
export interface StoreOffersResponse extends AbstractPaginatedResponse {
  offers?: WireList<WireObject<StoreProductOfferOfStore>> | null;
}

/** Answer `Response/Store/PricesUploadResponse`, as it is read. */
export interface StorePricesUploadResponse extends SuccessResponse {
  processedOffersCount?: WireNumber | null;
  notFoundOffers?: WireList<WireObject<StorePriceUploadNotFoundResponse>> | null;
}

/** Answer `Response/Store/ProductBatchEditResponse`, as it is read. */
export interface StoreProductBatchEditResponse extends SuccessResponse {
  processedProductsCount?: WireNumber | null;
  notFoundProducts?: WireList<WireObject<StoreProductEditNotFoundResponse>> | null;
}

/** Answer `Response/Store/ProductGroupsResponse`, as it is read. */
export interface StoreProductGroupsResponse extends AbstractPaginatedResponse {
  productGroup?: WireList<WireObject<StoreProductGroup>> | null;
}

/** Answer `Response/Store/ProductPropertiesResponse`, as it is read. */
export interface StoreProductPropertiesResponse extends AbstractPaginatedResponse {
  properties?: WireList<WireObject<StoreProductProperty>> | null;
}

/** Answer `Response/Store/ProductPropertyValuesResponse`, as it is read. */
export interface StoreProductPropertyValuesResponse extends AbstractPaginatedResponse {
  productPropertyValues?: WireList<WireObject<StoreProductPropertyValue>> | null;
}

/** Answer `Response/Store/ProductsBatchCreateResponse`, as it is read. */
export interface StoreProductsBatchCreateResponse extends SuccessResponse {
  processedProductsCount?: WireNumber | null;
  addedProducts?: WireList<WireNumber> | null;
}

/** Answer `Response/Store/ProductsResponse`, as it is read. */
export interface StoreProductsResponse extends AbstractPaginatedResponse {
  products?: WireList<WireObject<StoreProduct>> | null;
}

/** Answer `Response/SuccessResponse`, as it is read. */
export interface SuccessResponse {
  success?: WireBoolean | null;
}

/** Answer `Response/SuccessResponse`, as it is written. */
export interface SuccessResponseInput {
  success?: boolean | null;
}

/** Answer `Response/Tasks/TaskGetCommentsResponse`, as it is read. */
export interface TaskGetCommentsResponse extends AbstractPaginatedResponse {
  comments?: WireList<WireObject<TaskComment>> | null;
}

/** Answer `Response/Tasks/TasksGetResponse`, as it is read. */
export interface TasksGetResponse extends SuccessResponse {
  task?: WireObject<Task> | null;
}

/** Answer `Response/Tasks/TasksHistoryResponse`, as it is read. */
export interface TasksHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: WireDate | null;
  history?: WireList<WireObject<TaskHistory>> | null;
}

/** Answer `Response/Tasks/TasksResponse`, as it is read. */
export interface TasksResponse extends AbstractPaginatedResponse {
  tasks?: WireList<WireObject<Task>> | null;
}

/** Answer `Response/Telephony/CallEventResponse`, as it is read. */
export interface TelephonyCallEventResponse extends SuccessResponse {
  notExistCodes?: Json | null;
  notExistUsers?: Json | null;
}

/** Answer `Response/Telephony/CallsUploadResponse`, as it is read. */
export interface TelephonyCallsUploadResponse extends SuccessResponse {
  processedCallsCount?: WireNumber | null;
  duplicateCalls?: Json | null;
}

/** Answer `Response/Telephony/ManagerResponse`, as it is read. */
export interface TelephonyManagerResponse extends SuccessResponse {
  manager?: WireObject<TelephonySerializedManager> | null;
  customer?: WireObject<TelephonySerializedCustomer> | null;
  links?: WireObject<TelephonySerializedLinks> | null;
}

/** Answer `Response/Users/UserGroupsResponse`, as it is read. */
export interface UserGroupsResponse extends AbstractPaginatedResponse {
  groups?: WireList<WireObject<UsersGroup>> | null;
}

/** Answer `Response/Users/UsersGetResponse`, as it is read. */
export interface UsersGetResponse extends SuccessResponse {
  user?: WireObject<User> | null;
}

/** Answer `Response/Users/UsersResponse`, as it is read. */
export interface UsersResponse extends AbstractPaginatedResponse {
  users?: WireList<WireObject<User>> | null;
}

/** Answer `Response/Verification/SmsVerificationConfirmResponse`, as it is read. */
export interface VerificationSmsVerificationConfirmResponse extends SuccessResponse {
  verification?: WireObject<VerificationSmsVerification> | null;
}

/** Answer `Response/Verification/SmsVerificationStatusResponse`, as it is read. */
export interface VerificationSmsVerificationStatusResponse extends VerificationSmsVerificationConfirmResponse {}

/** Answer `Response/WebAnalytics/ClientIdUploadResponse`, as it is read. */
export interface WebAnalyticsClientIdUploadResponse extends SuccessResponse {
  failedClientIds?: WireList<WireObject<WebAnalyticsClientId>> | null;
}

/** Answer `Response/WebAnalytics/SourcesUploadResponse`, as it is read. */
export interface WebAnalyticsSourcesUploadResponse extends SuccessResponse {
  failedSources?: WireList<WireObject<WebAnalyticsSource>> | null;
}

/** Answer `Response/WebAnalytics/VisitsUploadResponse`, as it is read. */
export interface WebAnalyticsVisitsUploadResponse extends SuccessResponse {
  failedVisits?: WireList<WireObject<WebAnalyticsVisit>> | null;
}
