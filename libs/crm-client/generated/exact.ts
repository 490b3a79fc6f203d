/* Generated from contract/ by generator/generate.mjs. Do not edit: run `npm run generate:crm-types`. */

/** The answers once normalised: numbers are numbers, lists are arrays, empty objects are objects, dates are `Date`. */
import type { CountryCodeIso3166, CustomFieldDisplayArea, CustomFieldEntity, CustomFieldType, CustomFieldViewMode, CustomerType, CustomersContragentType, CustomersGender, LoyaltyAccountStatus, LoyaltyBonusOperationEventType, LoyaltyBonusOperationType, LoyaltyLevelType, LoyaltyPrivilegeType, OrderDiscountType, OrderPrivilegeType, PaymentInvoiceType, PaymentObjectType, ProductType, ReferenceCostGroupColor, ReferenceStoreInventoryType, ReferenceStoreType, SiteAccess, UserStatus } from './enums.js';
import type { Json, OpenEnum } from './types.js';

/** Callback entity `Callback/Entity/Delivery/BaseStore`, normalised. */
export interface CallbackDeliveryBaseStore {
  code?: string | null;
  name?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Coordinates`, normalised. */
export interface CallbackDeliveryCoordinates {
  latitude?: number | null;
  longitude?: number | null;
}

/** Callback entity `Callback/Entity/Delivery/Customer`, normalised. */
export interface CallbackDeliveryCustomer {
  type?: OpenEnum<CustomerType> | null;
  id?: number | null;
  externalId?: string | null;
  isContact?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  managerId?: number | null;
  vip?: boolean | null;
  bad?: boolean | null;
  browserId?: string | null;
  site?: string | null;
  contragent?: CustomerContragent | null;
  tags?: CustomerTag[] | null;
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
  address?: CustomerAddress | null;
  segments?: CustomersSegment[] | null;
  maturationTime?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  sex?: OpenEnum<CustomersGender> | null;
  presumableSex?: OpenEnum<CustomersGender> | null;
  email?: string | null;
  /** Format Y-m-d H:i:s. */
  emailMarketingUnsubscribedAt?: Date | null;
  phones?: string[] | null;
  /** Format Y-m-d H:i:s. */
  birthday?: Date | null;
  source?: Source | null;
  photoUrl?: string | null;
  mgCustomerId?: number | null;
  subscribed?: boolean | null;
}

/** Callback entity `Callback/Entity/Delivery/DeliveryAddress`, normalised. */
export interface CallbackDeliveryAddress {
  index?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
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
  terminalData?: CallbackDeliveryTerminal | null;
}

/** Callback entity `Callback/Entity/Delivery/Manager`, normalised. */
export interface CallbackDeliveryManager {
  id?: number | null;
  lastName?: string | null;
  firstName?: string | null;
  patronymic?: string | null;
  phone?: string | null;
  email?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Package`, normalised. */
export interface CallbackDeliveryPackage {
  weight?: number | null;
  packageId?: string | null;
  width?: number | null;
  length?: number | null;
  height?: number | null;
  items?: CallbackDeliveryPackageItem[] | null;
}

/** Callback entity `Callback/Entity/Delivery/PackageItem`, normalised. */
export interface CallbackDeliveryPackageItem {
  offerId?: string | null;
  externalId?: string | null;
  xmlId?: string | null;
  name?: string | null;
  declaredValue?: number | null;
  cod?: number | null;
  vatRate?: string | null;
  quantity?: number | null;
  unit?: CallbackDeliveryUnit | null;
  cost?: number | null;
  markingCodes?: string[] | null;
  properties?: Json | null;
  weight?: number | null;
}

/** Callback entity `Callback/Entity/Delivery/PaymentType`, normalised. */
export interface CallbackDeliveryPaymentType {
  code?: string | null;
  name?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestCalculate`, normalised. */
export interface CallbackDeliveryRequestCalculate {
  packages?: CallbackDeliveryPackage[] | null;
  payerType?: string | null;
  declaredValue?: number | null;
  shipmentAddress?: CallbackDeliveryAddress | null;
  store?: CallbackDeliveryBaseStore | null;
  deliveryAddress?: CallbackDeliveryAddress | null;
  cod?: number | null;
  /** Format Y-m-d H:i:s. */
  shipmentDate?: Date | null;
  /** Format Y-m-d H:i:s. */
  deliveryDate?: Date | null;
  deliveryTime?: DeliveryTimeInterval | null;
  currency?: string | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestDelete`, normalised. */
export interface CallbackDeliveryRequestDelete {
  deliveryId?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestPrint`, normalised. */
export interface CallbackDeliveryRequestPrint {
  entityType?: string | null;
  type?: string | null;
  deliveryIds?: string[][] | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestSave`, normalised. */
export interface CallbackDeliveryRequestSave {
  deliveryId?: string | null;
  order?: string | null;
  orderNumber?: string | null;
  site?: string | null;
  siteName?: string | null;
  store?: CallbackDeliveryStore | null;
  legalEntity?: string | null;
  customer?: CallbackDeliveryCustomer | null;
  manager?: CallbackDeliveryManager | null;
  packages?: CallbackDeliveryPackage[] | null;
  delivery?: CallbackDeliverySaveDeliveryData | null;
  currency?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestShipmentDelete`, normalised. */
export interface CallbackDeliveryRequestShipmentDelete {
  shipmentId?: string | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/RequestProperty/RequestShipmentSave`, normalised. */
export interface CallbackDeliveryRequestShipmentSave {
  shipmentId?: string | null;
  manager?: CallbackDeliveryManager | null;
  /** Format Y-m-d H:i:s. */
  date?: Date | null;
  time?: DeliveryTimeInterval | null;
  address?: CallbackDeliveryAddress | null;
  store?: string | null;
  orders?: CallbackDeliveryShipmentOrder[] | null;
  comment?: string | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/SaveDeliveryData`, normalised. */
export interface CallbackDeliverySaveDeliveryData {
  shipmentAddress?: CallbackDeliveryAddress | null;
  deliveryAddress?: CallbackDeliveryAddress | null;
  codPaymentType?: CallbackDeliveryPaymentType | null;
  withCod?: boolean | null;
  cod?: number | null;
  cost?: number | null;
  vatRate?: string | null;
  tariff?: string | null;
  payerType?: string | null;
  /** Format Y-m-d H:i:s. */
  shipmentDate?: Date | null;
  /** Format Y-m-d H:i:s. */
  deliveryDate?: Date | null;
  deliveryTime?: DeliveryTimeInterval | null;
  extraData?: Json | null;
}

/** Callback entity `Callback/Entity/Delivery/SerializedStoreWeekOpeningHours`, normalised. */
export interface CallbackDeliverySerializedStoreWeekOpeningHours {
  mo?: CallbackDeliveryStoreWorkTime[] | null;
  tu?: CallbackDeliveryStoreWorkTime[] | null;
  we?: CallbackDeliveryStoreWorkTime[] | null;
  th?: CallbackDeliveryStoreWorkTime[] | null;
  fr?: CallbackDeliveryStoreWorkTime[] | null;
  sa?: CallbackDeliveryStoreWorkTime[] | null;
  su?: CallbackDeliveryStoreWorkTime[] | null;
}

/** Callback entity `Callback/Entity/Delivery/ShipmentOrder`, normalised. */
export interface CallbackDeliveryShipmentOrder {
  deliveryId?: string | null;
  packages?: CallbackDeliveryPackage[] | null;
}

/** Callback entity `Callback/Entity/Delivery/ShipmentPointList`, normalised. */
export interface CallbackDeliveryShipmentPointList extends ReferencesGeoHierarchyRow {
  clientId?: string | null;
  code?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Store`, normalised. */
export interface CallbackDeliveryStore extends CallbackDeliveryBaseStore {
  workTime?: CallbackDeliverySerializedStoreWeekOpeningHours | null;
}

/** Callback entity `Callback/Entity/Delivery/StoreWorkTime`, normalised. */
export interface CallbackDeliveryStoreWorkTime {
  startTime?: string | null;
  endTime?: string | null;
  lunchStartTime?: string | null;
  lunchEndTime?: string | null;
}

/** Callback entity `Callback/Entity/Delivery/Terminal`, normalised. */
export interface CallbackDeliveryTerminal {
  code?: string | null;
  cost?: number | null;
  name?: string | null;
  description?: string | null;
  address?: string | null;
  schedule?: string | null;
  phone?: string | null;
  extraData?: Json | null;
  coordinates?: CallbackDeliveryCoordinates | null;
}

/** Callback entity `Callback/Entity/Delivery/Unit`, normalised. */
export interface CallbackDeliveryUnit {
  code?: string | null;
  name?: string | null;
  sym?: string | null;
}

/** Callback entity `Callback/Entity/Integration/BillingInfo`, normalised. */
export interface CallbackIntegrationBillingInfo extends IntegrationBillingInfo {}

/** Callback entity `Callback/Entity/Integration/IntegrationModule`, normalised. */
export interface CallbackIntegrationModule {
  active?: boolean | null;
  freeze?: boolean | null;
}

/** Callback entity `Callback/Entity/Integration/Settings`, normalised. */
export interface CallbackIntegrationSettings {
  clientId?: string | null;
  settings?: Settings | null;
}

/** Callback entity `Callback/Entity/Payments/Create`, normalised. */
export interface CallbackPaymentsCreate {
  shopId?: string | null;
  invoiceUuid?: string | null;
  invoiceType?: OpenEnum<PaymentInvoiceType> | null;
  amount?: number | null;
  currency?: string | null;
  orderNumber?: string | null;
  orderId?: number | null;
  siteUrl?: string | null;
  returnUrl?: string | null;
  items?: CallbackPaymentsItemResponse[] | null;
  customer?: Customer | null;
}

/** Callback entity `Callback/Entity/Payments/ModuleApiRequest`, normalised. */
export interface CallbackPaymentsModuleApiRequest {
  paymentId?: string | null;
  amount?: number | null;
}

/** Callback entity `Callback/Entity/SimpleConnection/RequestProperty/RequestConnectionRegister`, normalised. */
export interface CallbackSimpleConnectionRequestConnectionRegister {
  systemUrl?: string | null;
  apiKey?: string | null;
  token?: string | null;
}

/** Callback entity `Callback/Entity/Store/OrderDataModel`, normalised. */
export interface CallbackStoreOrderDataModel {
  id?: number | null;
  externalId?: string | null;
  site?: string | null;
}

/** Callback entity `Callback/Entity/Store/PackDataModel`, normalised. */
export interface CallbackStorePackDataModel {
  item?: CallbackStorePackItemModel | null;
  offer?: StoreOffer | null;
  quantity?: number | null;
  store?: string | null;
  purchasePrice?: number | null;
  /** Format Y-m-d. */
  shipmentDate?: Date | null;
  invoiceNumber?: string | null;
  deliveryNoteNumber?: string | null;
}

/** Callback entity `Callback/Entity/Store/PackItemModel`, normalised. */
export interface CallbackStorePackItemModel {
  id?: number | null;
  externalIds?: CodeValueModel[] | null;
}

/** Callback answer `Callback/Response/Payments/Item`, normalised. */
export interface CallbackPaymentsItemResponse {
  name?: string | null;
  price?: number | null;
  quantity?: number | null;
  measurementUnit?: string | null;
  vat?: string | null;
  paymentMethod?: string | null;
  paymentObject?: OpenEnum<PaymentObjectType> | null;
  productCode?: string | null;
  markingCode?: string | null;
}

/** Entity `Entity/CodeValueModel`, normalised. */
export interface CodeValueModel {
  code?: string | null;
  value?: string | null;
}

/** Entity `Entity/Costs/Cost`, normalised. */
export interface Cost {
  source?: Source | null;
  id?: number | null;
  /** Format Y-m-d. */
  dateFrom?: Date | null;
  /** Format Y-m-d. */
  dateTo?: Date | null;
  summ?: number | null;
  costItem?: string | null;
  comment?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  createdBy?: string | null;
  order?: CostOrder | null;
  userId?: number | null;
  sites?: string[] | null;
}

/** Entity `Entity/Costs/CostOrder`, normalised. */
export interface CostOrder {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
}

/** Entity `Entity/CursorPagination`, normalised. */
export interface CursorPagination {
  nextCursor?: string | null;
}

/** Entity `Entity/CustomFields/CustomDictionary`, normalised. */
export interface CustomFieldsCustomDictionary {
  name?: string | null;
  code?: string | null;
  elements?: CustomFieldsSerializedCustomDictionaryElement[] | null;
}

/** Entity `Entity/CustomFields/CustomField`, normalised. */
export interface CustomField {
  name?: string | null;
  code?: string | null;
  required?: boolean | null;
  inFilter?: boolean | null;
  inList?: boolean | null;
  inGroupActions?: boolean | null;
  type?: OpenEnum<CustomFieldType> | null;
  entity?: OpenEnum<CustomFieldEntity> | null;
  default?: string | null;
  ordering?: number | null;
  displayArea?: OpenEnum<CustomFieldDisplayArea> | null;
  viewMode?: OpenEnum<CustomFieldViewMode> | null;
  viewModeMobile?: OpenEnum<CustomFieldViewMode> | null;
  dictionary?: string | null;
  defaultTyped?: Json | null;
}

/** Entity `Entity/CustomFields/SerializedCustomDictionaryElement`, normalised. */
export interface CustomFieldsSerializedCustomDictionaryElement {
  name?: string | null;
  code?: string | null;
  ordering?: number | null;
}

/** Entity `Entity/CustomerInteraction/Cart`, normalised. */
export interface CustomerInteractionCart {
  currency?: string | null;
  externalId?: string | null;
  /** Format Y-m-d H:i:sP. */
  droppedAt?: Date | null;
  /** Format Y-m-d H:i:sP. */
  clearedAt?: Date | null;
  link?: string | null;
  customer?: CustomerInteractionCartCustomer | null;
  items?: CustomerInteractionCartItem[] | null;
  order?: CustomerInteractionCartOrder | null;
}

/** Entity `Entity/CustomerInteraction/CartCustomer`, normalised. */
export interface CustomerInteractionCartCustomer {
  id?: number | null;
  externalId?: string | null;
  browserId?: string | null;
  site?: string | null;
  gaClientId?: string | null;
}

/** Entity `Entity/CustomerInteraction/CartItem`, normalised. */
export interface CustomerInteractionCartItem {
  id?: number | null;
  offer?: OrdersItemsOffer | null;
  quantity?: number | null;
  price?: number | null;
}

/** Entity `Entity/CustomerInteraction/CartOrder`, normalised. */
export interface CustomerInteractionCartOrder {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/CustomerInteraction/Favorite`, normalised. */
export interface CustomerInteractionFavorite {
  offer?: CustomerInteractionFavoriteOffer | null;
}

/** Entity `Entity/CustomerInteraction/FavoriteOffer`, normalised. */
export interface CustomerInteractionFavoriteOffer {
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
}

/** Entity `Entity/Customers/Customer`, normalised. */
export interface Customer {
  type?: OpenEnum<CustomerType> | null;
  id?: number | null;
  externalId?: string | null;
  isContact?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  managerId?: number | null;
  vip?: boolean | null;
  bad?: boolean | null;
  browserId?: string | null;
  site?: string | null;
  contragent?: CustomerContragent | null;
  tags?: CustomerTag[] | null;
  attachedTag?: string | null;
  addTags?: string[] | null;
  removeTags?: string[] | null;
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
  address?: CustomerAddress | null;
  segments?: CustomersSegment[] | null;
  maturationTime?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  sex?: OpenEnum<CustomersGender> | null;
  presumableSex?: OpenEnum<CustomersGender> | null;
  email?: string | null;
  /** Format Y-m-d H:i:s. */
  emailMarketingUnsubscribedAt?: Date | null;
  phones?: CustomerPhone[] | null;
  /** Format Y-m-d. */
  birthday?: Date | null;
  source?: Source | null;
  photoUrl?: string | null;
  mgCustomerId?: number | null;
  subscribed?: boolean | null;
  customerSubscriptions?: CustomerSubscription[] | null;
  mgCustomers?: CustomersMGCustomer[] | null;
}

/** Entity `Entity/Customers/CustomerAddress`, normalised. */
export interface CustomerAddress {
  id?: number | null;
  name?: string | null;
  isMain?: boolean | null;
  index?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
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

/** Entity `Entity/Customers/CustomerContragent`, normalised. */
export interface CustomerContragent {
  contragentType?: OpenEnum<CustomersContragentType> | null;
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
  certificateDate?: Date | null;
  BIK?: string | null;
  bank?: string | null;
  bankAddress?: string | null;
  corrAccount?: string | null;
  bankAccount?: string | null;
}

/** Entity `Entity/Customers/CustomerHistory`, normalised. */
export interface CustomerHistory {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  created?: boolean | null;
  deleted?: boolean | null;
  source?: string | null;
  user?: HistoryUser | null;
  field?: string | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: HistoryApiKey | null;
  customer?: Customer | null;
  address?: CustomersHistoryAddress | null;
  combinedTo?: Customer | null;
}

/** Entity `Entity/Customers/CustomerNote`, normalised. */
export interface CustomerNote {
  customer?: Customer | null;
  managerId?: number | null;
  id?: number | null;
  text?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
}

/** Entity `Entity/Customers/CustomerPhone`, normalised. */
export interface CustomerPhone {
  number?: string | null;
}

/** Entity `Entity/Customers/CustomerSubscription`, normalised. */
export interface CustomerSubscription {
  subscription?: CustomersSubscriptionCategory | null;
  subscribed?: boolean | null;
  /** Format Y-m-d H:i:s. */
  changedAt?: Date | null;
}

/** Entity `Entity/Customers/CustomerTag`, normalised. */
export interface CustomerTag {
  name?: string | null;
  color?: string | null;
  attached?: boolean | null;
}

/** Entity `Entity/Customers/HistoryAddress`, normalised. */
export interface CustomersHistoryAddress {
  id?: number | null;
  externalId?: string | null;
  name?: string | null;
  isMain?: boolean | null;
}

/** Entity `Entity/Customers/MGChannel`, normalised. */
export interface CustomersMGChannel {
  id?: number | null;
  externalId?: number | null;
  type?: string | null;
  active?: boolean | null;
  name?: string | null;
  allowedSendByPhone?: boolean | null;
}

/** Entity `Entity/Customers/MGCustomer`, normalised. */
export interface CustomersMGCustomer {
  id?: number | null;
  externalId?: number | null;
  mgChannel?: CustomersMGChannel | null;
}

/** Entity `Entity/Customers/Segment`, normalised. */
export interface CustomersSegment {
  id?: number | null;
  code?: string | null;
  name?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  isDynamic?: boolean | null;
  customersCount?: number | null;
  active?: boolean | null;
}

/** Entity `Entity/Customers/SubscriptionCategory`, normalised. */
export interface CustomersSubscriptionCategory {
  id?: number | null;
  channel?: string | null;
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  autoSubscribe?: boolean | null;
  ordering?: number | null;
}

/** Entity `Entity/CustomersCorporate/Company`, normalised. */
export interface CustomersCorporateCompany {
  id?: number | null;
  isMain?: boolean | null;
  externalId?: string | null;
  active?: boolean | null;
  name?: string | null;
  brand?: string | null;
  site?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  customer?: CustomersCorporateSerializedEntityCustomer | null;
  contragent?: CustomerContragent | null;
  address?: CustomerAddress | null;
  customFields?: Json | null;
  marginSumm?: number | null;
  totalSumm?: number | null;
  averageSumm?: number | null;
  ordersCount?: number | null;
  costSumm?: number | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContact`, normalised. */
export interface CustomersCorporateCustomerContact {
  id?: number | null;
  isMain?: boolean | null;
  customer?: CustomersCorporateSerializedRelationAbstractCustomer | null;
  companies?: CustomersCorporateCustomerContactCompany[] | null;
}

/** Entity `Entity/CustomersCorporate/CustomerContactCompany`, normalised. */
export interface CustomersCorporateCustomerContactCompany extends CustomersCorporateEntityWithExternalIdInput {
  company?: CustomersCorporateEntityWithExternalIdNameOutput | null;
}

/** Entity `Entity/CustomersCorporate/CustomerCorporate`, normalised. */
export interface CustomerCorporate {
  type?: OpenEnum<CustomerType> | null;
  id?: number | null;
  externalId?: string | null;
  nickName?: string | null;
  mainAddress?: CustomersCorporateEntityWithExternalIdNameOutput | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  managerId?: number | null;
  source?: Source | null;
  customerContacts?: CustomersCorporateCustomerContact[] | null;
  companies?: CustomersCorporateCompany[] | null;
  addresses?: CustomerAddress[] | null;
  vip?: boolean | null;
  bad?: boolean | null;
  site?: string | null;
  tags?: CustomerTag[] | null;
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
  mainCustomerContact?: CustomersCorporateCustomerContact | null;
  mainCompany?: CustomersCorporateEntityWithExternalIdNameOutput | null;
}

/** Entity `Entity/CustomersCorporate/CustomerCorporateHistory`, normalised. */
export interface CustomerCorporateHistory {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  created?: boolean | null;
  deleted?: boolean | null;
  source?: string | null;
  user?: HistoryUser | null;
  field?: string | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: HistoryApiKey | null;
  customer?: CustomerCorporate | null;
  address?: CustomerAddress | null;
  combinedTo?: CustomerCorporate | null;
  customerContact?: CustomersCorporateCustomerContact | null;
  company?: CustomersCorporateCompany | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdInput`, normalised. */
export interface CustomersCorporateEntityWithExternalIdInput {
  id?: number | null;
  externalId?: string | null;
}

/** Entity `Entity/CustomersCorporate/EntityWithExternalIdNameOutput`, normalised. */
export interface CustomersCorporateEntityWithExternalIdNameOutput extends CustomersCorporateEntityWithExternalIdInput {
  name?: string | null;
}

/** Entity `Entity/CustomersCorporate/SerializedEntityCustomer`, normalised. */
export interface CustomersCorporateSerializedEntityCustomer {
  site?: string | null;
  id?: number | null;
  externalId?: string | null;
  type?: OpenEnum<CustomerType> | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  customFields?: Json | null;
}

/** Entity `Entity/CustomersCorporate/SerializedRelationAbstractCustomer`, normalised. */
export interface CustomersCorporateSerializedRelationAbstractCustomer {
  id?: number | null;
  externalId?: string | null;
  browserId?: string | null;
  site?: string | null;
  companies?: CustomersCorporateCustomerContactCompany[] | null;
}

/** Entity `Entity/Delivery/DeliveryCalculation`, normalised. */
export interface DeliveryCalculation {
  code?: string | null;
  available?: boolean | null;
  vatRate?: string | null;
  cost?: number | null;
}

/** Entity `Entity/Delivery/DeliveryShipment`, normalised. */
export interface DeliveryShipment {
  integrationCode?: string | null;
  id?: number | null;
  externalId?: string | null;
  deliveryType?: string | null;
  store?: string | null;
  managerId?: number | null;
  status?: string | null;
  /** Format Y-m-d. */
  date?: Date | null;
  time?: DeliveryTimeInterval | null;
  comment?: string | null;
  orders?: DeliverySerializedEntityOrder[] | null;
  extraData?: Json | null;
  lunchTime?: DeliveryTimeInterval | null;
}

/** Entity `Entity/Delivery/SerializedEntityOrder`, normalised. */
export interface DeliverySerializedEntityOrder {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
  applyRound?: boolean | null;
}

/** Entity `Entity/Delivery/TimeInterval`, normalised. */
export interface DeliveryTimeInterval {
  /** Format H:i. */
  from?: string | null;
  /** Format H:i. */
  to?: string | null;
  custom?: string | null;
}

/** Entity `Entity/EntityWithExternalId`, normalised. */
export interface EntityWithExternalId {
  externalId?: string | null;
}

/** Entity `Entity/Files/Attachment`, normalised. */
export interface FilesAttachment {
  customer?: FilesAttachmentCustomer | null;
  order?: FilesAttachmentOrder | null;
}

/** Entity `Entity/Files/AttachmentCustomer`, normalised. */
export interface FilesAttachmentCustomer {
  id?: number | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Files/AttachmentOrder`, normalised. */
export interface FilesAttachmentOrder {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Files/File`, normalised. */
export interface FilesFile {
  id?: number | null;
  filename?: string | null;
  type?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  size?: number | null;
  attachment?: FilesAttachment[] | null;
}

/** Entity `Entity/FixExternalRow`, normalised. */
export interface FixExternalRow {
  id?: number | null;
  externalId?: string | null;
}

/** Entity `Entity/HistoryApiKey`, normalised. */
export interface HistoryApiKey {
  current?: boolean | null;
}

/** Entity `Entity/HistoryUser`, normalised. */
export interface HistoryUser {
  id?: number | null;
}

/** Entity `Entity/IdModel`, normalised. */
export interface IdModel {
  id?: number | null;
}

/** Entity `Entity/Integration/BillingInfo`, normalised. */
export interface IntegrationBillingInfo {
  price?: number | null;
  priceWithDiscount?: number | null;
  currency?: IntegrationCurrency | null;
  billingType?: string | null;
}

/** Entity `Entity/Integration/Bot/BotConfiguration`, normalised. */
export interface IntegrationBotConfiguration {
  isActive?: boolean | null;
  logo?: string | null;
  token?: string | null;
  name?: string | null;
  endpointUrl?: string | null;
}

/** Entity `Entity/Integration/Currency`, normalised. */
export interface IntegrationCurrency {
  name?: string | null;
  shortName?: string | null;
  code?: string | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryConfiguration`, normalised. */
export interface IntegrationDeliveryConfiguration {
  description?: string | null;
  actions?: { [key: string]: string } | null;
  payerType?: string[] | null;
  platePrintLimit?: number | null;
  rateDeliveryCost?: boolean | null;
  allowPackages?: boolean | null;
  codAvailable?: boolean | null;
  selfShipmentAvailable?: boolean | null;
  duplicateOrderProductSupported?: boolean | null;
  allowTrackNumber?: boolean | null;
  availableCountries?: Json | null;
  requiredFields?: Json | null;
  statusList?: IntegrationDeliveryStatus[] | null;
  plateList?: IntegrationDeliveryPlate[] | null;
  deliveryDataFieldList?: IntegrationDeliveryDataField[] | null;
  shipmentDataFieldList?: IntegrationDeliveryDataField[] | null;
  settings?: IntegrationDeliverySettings | null;
}

/** Entity `Entity/Integration/Delivery/DeliveryDataField`, normalised. */
export interface IntegrationDeliveryDataField {
  code?: string | null;
  label?: string | null;
  hint?: string | null;
  type?: string | null;
  multiple?: boolean | null;
  choices?: { [key: string]: string } | null;
  autocompleteUrl?: string | null;
  visible?: boolean | null;
  required?: boolean | null;
  affectsCost?: boolean | null;
  editable?: boolean | null;
}

/** Entity `Entity/Integration/Delivery/PaymentType`, normalised. */
export interface IntegrationDeliveryPaymentType {
  code?: string | null;
  active?: boolean | null;
  cod?: boolean | null;
}

/** Entity `Entity/Integration/Delivery/Plate`, normalised. */
export interface IntegrationDeliveryPlate {
  type?: string | null;
  code?: string | null;
  label?: string | null;
}

/** Entity `Entity/Integration/Delivery/Settings`, normalised. */
export interface IntegrationDeliverySettings {
  defaultPayerType?: string | null;
  costCalculateBy?: string | null;
  nullDeclaredValue?: boolean | null;
  lockedByDefault?: boolean | null;
  paymentTypes?: IntegrationDeliveryPaymentType[] | null;
  shipmentPoints?: IntegrationDeliveryShipmentPoint[] | null;
  statuses?: IntegrationDeliverySettingsStatus[] | null;
  deliveryExtraData?: Json | null;
  shipmentExtraData?: Json | null;
}

/** Entity `Entity/Integration/Delivery/SettingsStatus`, normalised. */
export interface IntegrationDeliverySettingsStatus {
  code?: string | null;
  trackingStatusCode?: string | null;
}

/** Entity `Entity/Integration/Delivery/ShipmentPoint`, normalised. */
export interface IntegrationDeliveryShipmentPoint {
  code?: string | null;
  shipmentPointId?: string | null;
  shipmentPointLabel?: string | null;
}

/** Entity `Entity/Integration/Delivery/Status`, normalised. */
export interface IntegrationDeliveryStatus {
  code?: string | null;
  name?: string | null;
  isEditable?: boolean | null;
  isError?: boolean | null;
  isPreprocessing?: boolean | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsConfiguration`, normalised. */
export interface IntegrationEmbedJsConfiguration {
  entrypoint?: string | null;
  stylesheet?: string | null;
  targets?: string[] | null;
  runner?: string | null;
  pages?: IntegrationEmbedJsPage[] | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsPage`, normalised. */
export interface IntegrationEmbedJsPage {
  code?: string | null;
  menu?: string | null;
  parentMenuItemCode?: string | null;
  menuItemOrdering?: number | null;
  menuItemTitle?: IntegrationEmbedJsTranslation | null;
  pageHelpLink?: IntegrationEmbedJsTranslation | null;
  isSettingsMainPage?: boolean | null;
}

/** Entity `Entity/Integration/EmbedJs/EmbedJsTranslation`, normalised. */
export interface IntegrationEmbedJsTranslation {
  en?: string | null;
  es?: string | null;
  ru?: string | null;
}

/** Entity `Entity/Integration/IntegrationModule`, normalised. */
export interface IntegrationModule {
  code?: string | null;
  integrationCode?: string | null;
  active?: boolean | null;
  freeze?: boolean | null;
  name?: string | null;
  logo?: string | null;
  clientId?: string | null;
  native?: boolean | null;
  baseUrl?: string | null;
  actions?: { [key: string]: string } | null;
  availableCountries?: OpenEnum<CountryCodeIso3166>[] | null;
  accountUrl?: string | null;
  integrations?: Integrations | null;
}

/** Entity `Entity/Integration/IntegrationModuleEditInfo`, normalised. */
export interface IntegrationModuleEditInfo {
  mgTransport?: IntegrationTransportConfiguration | null;
  mgBot?: IntegrationBotConfiguration | null;
  notExistUsersIds?: number[] | null;
  notExistSiteCodes?: string[] | null;
  deliveryType?: ReferencesDeliveryType | null;
  billingInfo?: IntegrationBillingInfo | null;
}

/** Entity `Entity/Integration/Integrations`, normalised. */
export interface Integrations {
  telephony?: IntegrationTelephonyConfiguration | null;
  delivery?: IntegrationDeliveryConfiguration | null;
  store?: IntegrationStoreConfiguration | null;
  recommendation?: IntegrationRecommendationConfiguration | null;
  payment?: IntegrationPaymentConfiguration | null;
  mgTransport?: IntegrationTransportConfiguration | null;
  mgBot?: IntegrationBotConfiguration | null;
  embedJs?: IntegrationEmbedJsConfiguration | null;
}

/** Entity `Entity/Integration/Payment/Actions`, normalised. */
export interface IntegrationPaymentActions {
  create?: string | null;
  approve?: string | null;
  cancel?: string | null;
  refund?: string | null;
  status?: string | null;
}

/** Entity `Entity/Integration/Payment/PaymentConfiguration`, normalised. */
export interface IntegrationPaymentConfiguration {
  actions?: IntegrationPaymentActions | null;
  currencies?: string[] | null;
  invoiceTypes?: OpenEnum<PaymentInvoiceType>[] | null;
  shops?: IntegrationPaymentShop[] | null;
}

/** Entity `Entity/Integration/Payment/Shop`, normalised. */
export interface IntegrationPaymentShop {
  code?: string | null;
  name?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/Integration/Recommendation/Mode`, normalised. */
export interface IntegrationRecommendationMode {
  code?: string | null;
  names?: Json | null;
}

/** Entity `Entity/Integration/Recommendation/RecommendationConfiguration`, normalised. */
export interface IntegrationRecommendationConfiguration {
  actions?: { [key: string]: string } | null;
  addDefaultModes?: boolean | null;
  modes?: IntegrationRecommendationMode[] | null;
}

/** Entity `Entity/Integration/Store/Action`, normalised. */
export interface IntegrationStoreAction {
  code?: string | null;
  url?: string | null;
  callPoints?: string[] | null;
}

/** Entity `Entity/Integration/Store/StoreConfiguration`, normalised. */
export interface IntegrationStoreConfiguration {
  actions?: IntegrationStoreAction[] | null;
}

/** Entity `Entity/Integration/Telephony/SerializedAdditionalCodes`, normalised. */
export interface IntegrationTelephonySerializedAdditionalCodes {
  userId?: number | null;
  code?: string | null;
}

/** Entity `Entity/Integration/Telephony/SerializedExternalPhones`, normalised. */
export interface IntegrationTelephonySerializedExternalPhones {
  siteCode?: string | null;
  externalPhone?: string | null;
}

/** Entity `Entity/Integration/Telephony/TelephonyConfiguration`, normalised. */
export interface IntegrationTelephonyConfiguration {
  makeCallUrl?: string | null;
  allowEdit?: boolean | null;
  inputEventSupported?: boolean | null;
  outputEventSupported?: boolean | null;
  hangupEventSupported?: boolean | null;
  changeUserStatusUrl?: string | null;
  additionalCodes?: IntegrationTelephonySerializedAdditionalCodes[] | null;
  externalPhones?: IntegrationTelephonySerializedExternalPhones[] | null;
  personalAccountUrl?: string | null;
}

/** Entity `Entity/Integration/Transport/TransportConfiguration`, normalised. */
export interface IntegrationTransportConfiguration {
  token?: string | null;
  isActive?: boolean | null;
  webhookUrl?: string | null;
  endpointUrl?: string | null;
  actions?: { [key: string]: string } | null;
}

/** Entity `Entity/Loyalty/BonusDetail`, normalised. */
export interface LoyaltyBonusDetail {
  /** Format Y-m-d. */
  date?: Date | null;
  amount?: number | null;
}

/** Entity `Entity/Loyalty/Customer`, normalised. */
export interface LoyaltyCustomer {
  id?: number | null;
  externalId?: string | null;
  personalDiscount?: number | null;
}

/** Entity `Entity/Loyalty/Loyalty`, normalised. */
export interface Loyalty {
  levels?: LoyaltyLevel[] | null;
  active?: boolean | null;
  blocked?: boolean | null;
  currency?: string | null;
  id?: number | null;
  name?: string | null;
  confirmSmsCharge?: boolean | null;
  confirmSmsRegistration?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  deactivatedAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  blockedAt?: Date | null;
}

/** Entity `Entity/Loyalty/LoyaltyAccount`, normalised. */
export interface LoyaltyAccount {
  active?: boolean | null;
  id?: number | null;
  phoneNumber?: string | null;
  cardNumber?: string | null;
  amount?: number | null;
  ordersSum?: number | null;
  nextLevelSum?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  activatedAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  confirmedPhoneAt?: Date | null;
  lastCheckId?: string | null;
  customFields?: Json | null;
  customer?: CustomersCorporateSerializedEntityCustomer | null;
  level?: LoyaltyLevel | null;
  status?: OpenEnum<LoyaltyAccountStatus> | null;
  loyalty?: Loyalty | null;
  loyaltyLevelId?: number | null;
}

/** Entity `Entity/Loyalty/LoyaltyBonus`, normalised. */
export interface LoyaltyBonus {
  amount?: number | null;
  /** Format Y-m-d. */
  activationDate?: Date | null;
  /** Format Y-m-d. */
  expireDate?: Date | null;
}

/** Entity `Entity/Loyalty/LoyaltyCalculation`, normalised. */
export interface LoyaltyCalculation {
  privilegeType?: OpenEnum<LoyaltyPrivilegeType> | null;
  discount?: number | null;
  creditBonuses?: number | null;
  loyaltyEventDiscount?: LoyaltyEventDiscount | null;
  maxChargeBonuses?: number | null;
  maximum?: boolean | null;
}

/** Entity `Entity/Loyalty/LoyaltyEventDiscount`, normalised. */
export interface LoyaltyEventDiscount {
  id?: number | null;
}

/** Entity `Entity/Loyalty/LoyaltyLevel`, normalised. */
export interface LoyaltyLevel {
  type?: OpenEnum<LoyaltyLevelType> | null;
  id?: number | null;
  name?: string | null;
  sum?: number | null;
  privilegeSize?: number | null;
  privilegeSizePromo?: number | null;
}

/** Entity `Entity/Loyalty/Operation`, normalised. */
export interface LoyaltyOperation {
  type?: OpenEnum<LoyaltyBonusOperationType> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  amount?: number | null;
  order?: LoyaltyOperationOrder | null;
  bonus?: LoyaltyOperationBonus | null;
  event?: LoyaltyOperationEvent | null;
  loyaltyAccount?: IdModel | null;
  loyalty?: IdModel | null;
}

/** Entity `Entity/Loyalty/OperationBonus`, normalised. */
export interface LoyaltyOperationBonus {
  /** Format Y-m-d. */
  activationDate?: Date | null;
}

/** Entity `Entity/Loyalty/OperationEvent`, normalised. */
export interface LoyaltyOperationEvent {
  id?: number | null;
  type?: OpenEnum<LoyaltyBonusOperationEventType> | null;
}

/** Entity `Entity/Loyalty/OperationOrder`, normalised. */
export interface LoyaltyOperationOrder {
  id?: number | null;
  externalId?: string | null;
}

/** Entity `Entity/Loyalty/OrderProduct`, normalised. */
export interface LoyaltyOrderProduct {
  bonusesChargeTotal?: number | null;
  bonusesCreditTotal?: number | null;
  id?: number | null;
  externalIds?: CodeValueModel[] | null;
  priceType?: LoyaltyPriceType | null;
  initialPrice?: number | null;
  discountTotal?: number | null;
  prices?: LoyaltyOrderProductPriceItem[] | null;
  vatRate?: string | null;
  quantity?: number | null;
  offer?: OrdersItemsOffer | null;
}

/** Entity `Entity/Loyalty/OrderProductPriceItem`, normalised. */
export interface LoyaltyOrderProductPriceItem {
  price?: number | null;
  quantity?: number | null;
}

/** Entity `Entity/Loyalty/PriceType`, normalised. */
export interface LoyaltyPriceType {
  code?: string | null;
}

/** Entity `Entity/Loyalty/SerializedLoyalty`, normalised. */
export interface LoyaltySerializedLoyalty {
  name?: string | null;
  chargeRate?: number | null;
}

/** Entity `Entity/Loyalty/SerializedLoyaltyOrder`, normalised. */
export interface LoyaltySerializedLoyaltyOrder {
  bonusesCreditTotal?: number | null;
  bonusesChargeTotal?: number | null;
  privilegeType?: OpenEnum<OrderPrivilegeType> | null;
  totalSumm?: number | null;
  personalDiscountPercent?: number | null;
  loyaltyAccount?: LoyaltyAccount | null;
  loyaltyLevel?: LoyaltyLevel | null;
  loyaltyEventDiscount?: LoyaltyEventDiscount | null;
  customer?: LoyaltyCustomer | null;
  delivery?: LoyaltySerializedOrderDelivery | null;
  site?: string | null;
  items?: LoyaltyOrderProduct[] | null;
  currency?: string | null;
}

/** Entity `Entity/Loyalty/SerializedOrderDelivery`, normalised. */
export interface LoyaltySerializedOrderDelivery {
  cost?: number | null;
}

/** Entity `Entity/Loyalty/SerializedOrderProduct`, normalised. */
export interface LoyaltySerializedOrderProduct {
  initialPrice?: number | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  quantity?: number | null;
  offer?: LoyaltySerializedOrderProductOffer | null;
  priceType?: LoyaltyPriceType | null;
}

/** Entity `Entity/Loyalty/SerializedOrderProductOffer`, normalised. */
export interface LoyaltySerializedOrderProductOffer {
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
}

/** Entity `Entity/Loyalty/SmsVerification`, normalised. */
export interface LoyaltySmsVerification {
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  expiredAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  verifiedAt?: Date | null;
  checkId?: string | null;
  actionType?: string | null;
}

/** Entity `Entity/Orders/CustomerInterface`, normalised. */
export interface OrderCustomer extends Customer {
  nickName?: string | null;
  mainAddress?: CustomersCorporateEntityWithExternalIdNameOutput | null;
  customerContacts?: CustomersCorporateCustomerContact[] | null;
  companies?: CustomersCorporateCompany[] | null;
  addresses?: CustomerAddress[] | null;
  mainCustomerContact?: CustomersCorporateCustomerContact | null;
  mainCompany?: CustomersCorporateEntityWithExternalIdNameOutput | null;
}

/** Entity `Entity/Orders/Delivery/CourierPhone`, normalised. */
export interface OrdersDeliveryCourierPhone extends CustomerPhone {}

/** Entity `Entity/Orders/Delivery/DeliveryData`, normalised. */
export interface OrdersDeliveryData {
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
  packages?: OrdersDeliveryPackage[] | null;
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
  phone?: OrdersDeliveryCourierPhone | null;
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
  preferredDeliveryDate?: Date | null;
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
  sendDate?: Date | null;
  deliveryType?: string | null;
  pickupType?: number | null;
  pickuppointDescription?: string | null;
  placesCount?: number | null;
  service?: string | null;
  itemDeclaredValues?: OrdersDeliveryItemDeclaredValue[] | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValue`, normalised. */
export interface OrdersDeliveryItemDeclaredValue {
  orderProduct?: OrdersDeliveryItemDeclaredValueProduct | null;
  value?: number | null;
}

/** Entity `Entity/Orders/Delivery/ItemDeclaredValueProduct`, normalised. */
export interface OrdersDeliveryItemDeclaredValueProduct {
  id?: number | null;
}

/** Entity `Entity/Orders/Delivery/OrderDeliveryAddress`, normalised. */
export interface OrdersDeliveryOrderDeliveryAddress {
  id?: number | null;
  index?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
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

/** Entity `Entity/Orders/Delivery/Package`, normalised. */
export interface OrdersDeliveryPackage {
  packageId?: string | null;
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  items?: OrdersDeliveryPackageItem[] | null;
}

/** Entity `Entity/Orders/Delivery/PackageItem`, normalised. */
export interface OrdersDeliveryPackageItem {
  orderProduct?: OrdersDeliveryPackageItemOrderProduct | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Delivery/PackageItemOrderProduct`, normalised. */
export interface OrdersDeliveryPackageItemOrderProduct {
  id?: number | null;
  externalId?: string | null;
  externalIds?: CodeValueModel[] | null;
}

/** Entity `Entity/Orders/Delivery/SerializedDeliveryService`, normalised. */
export interface OrdersDeliverySerializedDeliveryService {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/Orders/Delivery/SerializedOrderDelivery`, normalised. */
export interface OrdersDeliverySerializedOrderDelivery {
  code?: string | null;
  integrationCode?: string | null;
  data?: OrdersDeliveryData | null;
  service?: OrdersDeliverySerializedDeliveryService | null;
  cost?: number | null;
  netCost?: number | null;
  /** Format Y-m-d. */
  date?: Date | null;
  time?: DeliveryTimeInterval | null;
  address?: OrdersDeliveryOrderDeliveryAddress | null;
  vatRate?: string | null;
}

/** Entity `Entity/Orders/Items/AbstractDiscount`, normalised. */
export interface OrdersItemsAbstractDiscount {
  type?: OpenEnum<OrderDiscountType> | null;
  amount?: number | null;
}

/** Entity `Entity/Orders/Items/ItemProperty`, normalised. */
export interface OrdersItemProperty {
  code?: string | null;
  name?: string | null;
  value?: string | null;
}

/** Entity `Entity/Orders/Items/Offer`, normalised. */
export interface OrdersItemsOffer {
  displayName?: string | null;
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
  name?: string | null;
  article?: string | null;
  vatRate?: string | null;
  unit?: OrdersItemsUnit | null;
  barcode?: string | null;
  properties?: Json | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Items/OrderProduct`, normalised. */
export interface OrdersItemsOrderProduct {
  externalId?: string | null;
  markingCodes?: Json | null;
  id?: number | null;
  externalIds?: CodeValueModel[] | null;
  priceType?: OrdersItemsPriceType | null;
  initialPrice?: number | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  discountTotal?: number | null;
  prices?: OrdersItemsOrderProductPriceItem[] | null;
  vatRate?: string | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  quantity?: number | null;
  status?: string | null;
  comment?: string | null;
  offer?: OrdersItemsOffer | null;
  order?: IdModel | null;
  productName?: string | null;
  isCanceled?: boolean | null;
  properties?: { [key: string]: OrdersItemProperty } | null;
  discounts?: OrdersItemsAbstractDiscount[] | null;
  purchasePrice?: number | null;
  bonusesCreditTotal?: number | null;
  bonusesChargeTotal?: number | null;
}

/** Entity `Entity/Orders/Items/OrderProductPriceItem`, normalised. */
export interface OrdersItemsOrderProductPriceItem {
  price?: number | null;
  quantity?: number | null;
}

/** Entity `Entity/Orders/Items/PriceType`, normalised. */
export interface OrdersItemsPriceType {
  code?: string | null;
}

/** Entity `Entity/Orders/Items/Unit`, normalised. */
export interface OrdersItemsUnit {
  code?: string | null;
  name?: string | null;
  sym?: string | null;
}

/** Entity `Entity/Orders/LinkedOrder`, normalised. */
export interface OrdersLinkedOrder {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/Orders/MarketplaceData`, normalised. */
export interface OrdersMarketplaceData {
  code?: string | null;
  orderId?: string | null;
}

/** Entity `Entity/Orders/Order`, normalised. */
export interface Order {
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
  privilegeType?: OpenEnum<OrderPrivilegeType> | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  statusUpdatedAt?: Date | null;
  discountManualAmount?: number | null;
  discountManualPercent?: number | null;
  totalSumm?: number | null;
  prepaySum?: number | null;
  purchaseSumm?: number | null;
  personalDiscountPercent?: number | null;
  loyaltyAccount?: OrderLoyaltyAccount | null;
  loyaltyLevel?: LoyaltyLevel | null;
  loyaltyEventDiscount?: LoyaltyEventDiscount | null;
  mark?: number | null;
  /** Format Y-m-d H:i:s. */
  markDatetime?: Date | null;
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
  customer?: OrderCustomer | null;
  contact?: Customer | null;
  company?: CustomersCorporateCompany | null;
  contragent?: OrderContragent | null;
  delivery?: OrdersDeliverySerializedOrderDelivery | null;
  marketplace?: OrdersMarketplaceData | null;
  site?: string | null;
  status?: string | null;
  statusComment?: string | null;
  source?: Source | null;
  items?: OrdersItemsOrderProduct[] | null;
  /** Format Y-m-d H:i:s. */
  fullPaidAt?: Date | null;
  payments?: OrdersPayment[] | null;
  links?: OrderLink[] | null;
  fromApi?: boolean | null;
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  shipmentStore?: string | null;
  /** Format Y-m-d. */
  shipmentDate?: Date | null;
  shipped?: boolean | null;
  dialogId?: number | null;
  customFields?: Json | null;
  clientId?: string | null;
  loyaltyEventId?: number | null;
  applyRound?: boolean | null;
}

/** Entity `Entity/Orders/OrderContragent`, normalised. */
export interface OrderContragent extends CustomerContragent {}

/** Entity `Entity/Orders/OrderHistory`, normalised. */
export interface OrderHistory {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  created?: boolean | null;
  deleted?: boolean | null;
  source?: string | null;
  user?: HistoryUser | null;
  field?: string | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: HistoryApiKey | null;
  order?: Order | null;
  ancestor?: Order | null;
  item?: OrdersItemsOrderProduct | null;
  payment?: OrdersPayment | null;
  combinedTo?: Order | null;
}

/** Entity `Entity/Orders/OrderLink`, normalised. */
export interface OrderLink {
  comment?: string | null;
  order?: OrdersLinkedOrder | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
}

/** Entity `Entity/Orders/OrderLoyaltyAccount`, normalised. */
export interface OrderLoyaltyAccount {
  id?: number | null;
  amount?: number | null;
}

/** Entity `Entity/Orders/OrderStatusItem`, normalised. */
export interface OrderStatusItem {
  id?: number | null;
  externalId?: string | null;
  status?: string | null;
  group?: string | null;
}

/** Entity `Entity/Orders/Payment`, normalised. */
export interface OrdersPayment {
  id?: number | null;
  status?: string | null;
  type?: string | null;
  externalId?: string | null;
  amount?: number | null;
  /** Format Y-m-d H:i:s. */
  paidAt?: Date | null;
  comment?: string | null;
}

/** Entity `Entity/Orders/SerializedRelationCustomer`, normalised. */
export interface OrdersSerializedRelationCustomer extends CustomersCorporateSerializedRelationAbstractCustomer {
  type?: OpenEnum<CustomerType> | null;
  nickName?: string | null;
}

/** Entity `Entity/Packs/OrderProductPack`, normalised. */
export interface PacksOrderProductPack {
  id?: number | null;
  purchasePrice?: number | null;
  quantity?: number | null;
  unit?: OrdersItemsUnit | null;
  store?: string | null;
  item?: OrdersItemsOrderProduct | null;
  itemId?: number | null;
  /** Format Y-m-d. */
  shipmentDate?: Date | null;
  invoiceNumber?: string | null;
  deliveryNoteNumber?: string | null;
}

/** Entity `Entity/Packs/OrderProductPackHistory`, normalised. */
export interface PacksOrderProductPackHistory {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  created?: boolean | null;
  deleted?: boolean | null;
  field?: string | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  pack?: PacksOrderProductPack | null;
  source?: string | null;
  user?: HistoryUser | null;
}

/** Entity `Entity/Pagination`, normalised. */
export interface Pagination {
  limit?: number | null;
  totalCount?: number | null;
  currentPage?: number | null;
  totalPageCount?: number | null;
}

/** Entity `Entity/Payments/ApiCheckResponseResult`, normalised. */
export interface PaymentsApiCheckResponseResult {
  success?: boolean | null;
  errorMsg?: string | null;
}

/** Entity `Entity/Payments/ApiCreateInvoiceResponseResult`, normalised. */
export interface PaymentsApiCreateInvoiceResponseResult {
  link?: string | null;
}

/** Entity `Entity/Payments/ApiGetInvoiceResponse`, normalised. */
export interface PaymentsApiGetInvoiceResponse {
  createdAt?: string | null;
  customerId?: number | null;
  orderId?: number | null;
  paymentId?: string | null;
  amount?: string | null;
  currency?: string | null;
  email?: string | null;
  phone?: string | null;
  status?: string | null;
  statusMessage?: string | null;
  externalId?: string | null;
  invoiceUuid?: string | null;
  invoiceType?: OpenEnum<PaymentInvoiceType> | null;
  link?: string | null;
  errorMsg?: string | null;
  paidAt?: string | null;
  expiredAt?: string | null;
  cancellationDetails?: string | null;
  refundable?: boolean | null;
  cancellable?: boolean | null;
  refunds?: PaymentRefund[] | null;
  discountAmount?: number | null;
}

/** Entity `Entity/Payments/ApiImportInvoiceResponse`, normalised. */
export interface PaymentsApiImportInvoiceResponse {
  invoiceUuid?: string | null;
}

/** Entity `Entity/Payments/ModuleRefund`, normalised. */
export interface PaymentsModuleRefund {
  status?: string | null;
  id?: string | null;
  comment?: string | null;
  amount?: number | null;
}

/** Entity `Entity/Payments/PaymentRefund`, normalised. */
export interface PaymentRefund extends PaymentsModuleRefund {
  externalId?: string | null;
  createdAt?: string | null;
}

/** Entity `Entity/References/CostGroup`, normalised. */
export interface ReferencesCostGroup {
  code?: string | null;
  name?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  color?: OpenEnum<ReferenceCostGroupColor> | null;
}

/** Entity `Entity/References/CostItem`, normalised. */
export interface ReferencesCostItem {
  source?: Source | null;
  code?: string | null;
  name?: string | null;
  group?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  appliesToOrders?: boolean | null;
  type?: string | null;
  appliesToUsers?: boolean | null;
}

/** Entity `Entity/References/Courier`, normalised. */
export interface ReferencesCourier {
  id?: number | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  active?: boolean | null;
  email?: string | null;
  phone?: OrdersDeliveryCourierPhone | null;
  description?: string | null;
}

/** Entity `Entity/References/Currency`, normalised. */
export interface ReferencesCurrency {
  id?: number | null;
  code?: string | null;
  isBase?: boolean | null;
  isAutoConvert?: boolean | null;
  autoConvertExtraPercent?: number | null;
  manualConvertNominal?: number | null;
  manualConvertValue?: number | null;
}

/** Entity `Entity/References/DeliveryService`, normalised. */
export interface ReferencesDeliveryService {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
}

/** Entity `Entity/References/DeliveryType`, normalised. */
export interface ReferencesDeliveryType {
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
  deliveryPaymentTypes?: ReferencesDeliveryTypePaymentType[] | null;
  sites?: Json | null;
}

/** Entity `Entity/References/DeliveryTypePaymentType`, normalised. */
export interface ReferencesDeliveryTypePaymentType {
  code?: string | null;
  cod?: boolean | null;
}

/** Entity `Entity/References/GeoHierarchyRow`, normalised. */
export interface ReferencesGeoHierarchyRow {
  country?: OpenEnum<CountryCodeIso3166> | null;
  regionId?: string | null;
  region?: string | null;
  cityId?: string | null;
  city?: string | null;
}

/** Entity `Entity/References/LegalEntity`, normalised. */
export interface ReferencesLegalEntity {
  contragentType?: OpenEnum<CustomersContragentType> | null;
  legalName?: string | null;
  legalAddress?: string | null;
  INN?: string | null;
  OKPO?: string | null;
  KPP?: string | null;
  OGRN?: string | null;
  OGRNIP?: string | null;
  certificateNumber?: string | null;
  /** Format Y-m-d. */
  certificateDate?: Date | null;
  BIK?: string | null;
  bank?: string | null;
  bankAddress?: string | null;
  corrAccount?: string | null;
  bankAccount?: string | null;
  code?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
  vatRate?: string | null;
}

/** Entity `Entity/References/MGChannel`, normalised. */
export interface ReferencesMGChannel {
  id?: number | null;
  externalId?: number | null;
  type?: string | null;
  active?: boolean | null;
  name?: string | null;
}

/** Entity `Entity/References/OrderMethod`, normalised. */
export interface ReferencesOrderMethod {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  isFromPos?: boolean | null;
}

/** Entity `Entity/References/OrderProductStatus`, normalised. */
export interface ReferencesOrderProductStatus {
  code?: string | null;
  ordering?: number | null;
  active?: boolean | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  orderStatusByProductStatus?: string | null;
  orderStatusForProductStatus?: string | null;
  cancelStatus?: boolean | null;
  name?: string | null;
}

/** Entity `Entity/References/OrderType`, normalised. */
export interface ReferencesOrderType {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  ordering?: number | null;
}

/** Entity `Entity/References/PaymentStatus`, normalised. */
export interface ReferencesPaymentStatus {
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

/** Entity `Entity/References/PaymentType`, normalised. */
export interface ReferencesPaymentType {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  defaultForCrm?: boolean | null;
  defaultForApi?: boolean | null;
  description?: string | null;
  deliveryTypes?: Json | null;
  paymentStatuses?: Json | null;
  integrationModule?: IntegrationModule | null;
  sites?: Json | null;
}

/** Entity `Entity/References/Point`, normalised. */
export interface ReferencesPoint {
  latitude?: number | null;
  longitude?: number | null;
}

/** Entity `Entity/References/PriceType`, normalised. */
export interface ReferencesPriceType {
  id?: number | null;
  code?: string | null;
  name?: string | null;
  active?: boolean | null;
  default?: boolean | null;
  description?: string | null;
  filterExpression?: string | null;
  currency?: string | null;
  geo?: ReferencesGeoHierarchyRow[] | null;
  groups?: Json | null;
  ordering?: number | null;
}

/** Entity `Entity/References/SerializedUnit`, normalised. */
export interface ReferencesSerializedUnit {
  code?: string | null;
  name?: string | null;
  sym?: string | null;
  default?: boolean | null;
  active?: boolean | null;
}

/** Entity `Entity/References/Site`, normalised. */
export interface ReferencesSite {
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
  catalogUpdatedAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  catalogLoadingAt?: Date | null;
  ordering?: number | null;
  contragent?: ReferencesLegalEntity | null;
  contragentCode?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
  currency?: string | null;
  senderEmail?: string | null;
  senderName?: string | null;
  catalogId?: string | null;
  isCatalogMainSite?: boolean | null;
  isDemo?: boolean | null;
  usedInSimlaweb?: boolean | null;
}

/** Entity `Entity/References/Status`, normalised. */
export interface ReferencesStatus {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  ordering?: number | null;
  group?: string | null;
}

/** Entity `Entity/References/StatusGroup`, normalised. */
export interface ReferencesStatusGroup {
  name?: string | null;
  code?: string | null;
  active?: boolean | null;
  ordering?: number | null;
  process?: boolean | null;
  statuses?: Json | null;
}

/** Entity `Entity/References/Store`, normalised. */
export interface ReferencesStore {
  externalId?: string | null;
  xmlId?: string | null;
  description?: string | null;
  email?: string | null;
  type?: OpenEnum<ReferenceStoreType> | null;
  inventoryType?: OpenEnum<ReferenceStoreInventoryType> | null;
  address?: ReferencesStoreAddress | null;
  active?: boolean | null;
  phone?: ReferencesStorePhone | null;
  contact?: string | null;
  code?: string | null;
  workTime?: CallbackDeliverySerializedStoreWeekOpeningHours | null;
  name?: string | null;
}

/** Entity `Entity/References/StoreAddress`, normalised. */
export interface ReferencesStoreAddress {
  index?: string | null;
  countryIso?: OpenEnum<CountryCodeIso3166> | null;
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
  coordinates?: ReferencesPoint | null;
}

/** Entity `Entity/References/StorePhone`, normalised. */
export interface ReferencesStorePhone extends CustomerPhone {}

/** Entity `Entity/Settings/ChannelSetting`, normalised. */
export interface SettingsChannelSetting {
  site?: string | null;
  order_type?: string | null;
  order_method?: string | null;
}

/** Entity `Entity/Settings/Feature`, normalised. */
export interface SettingsFeature {
  code?: string | null;
  available?: boolean | null;
}

/** Entity `Entity/Settings/MgOrderCreationSettings`, normalised. */
export interface SettingsMgOrderCreationSettings {
  default?: SettingsChannelSetting | null;
  channels?: { [key: string]: SettingsChannelSetting } | null;
}

/** Entity `Entity/Settings/MgSettings`, normalised. */
export interface SettingsMgSettings {
  order_creation?: SettingsMgOrderCreationSettings | null;
}

/** Entity `Entity/Settings/NonWorkingDay`, normalised. */
export interface SettingsNonWorkingDay {
  start_date?: string | null;
  end_date?: string | null;
}

/** Entity `Entity/Settings/Settings`, normalised. */
export interface Settings {
  default_currency?: SettingsValue | null;
  system_language?: SettingsValue | null;
  timezone?: SettingsValue | null;
  work_times?: SettingsWorkTime[] | null;
  non_working_days?: SettingsNonWorkingDay[] | null;
  mg?: SettingsMgSettings | null;
}

/** Entity `Entity/Settings/Value`, normalised. */
export interface SettingsValue {
  value?: string | null;
  /** Format Y-m-d H:i:s. */
  updated_at?: Date | null;
}

/** Entity `Entity/Settings/WorkTime`, normalised. */
export interface SettingsWorkTime {
  day_type?: string | null;
  start_time?: string | null;
  end_time?: string | null;
  lunch_start_time?: string | null;
  lunch_end_time?: string | null;
}

/** Entity `Entity/Source`, normalised. */
export interface Source {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  keyword?: string | null;
  content?: string | null;
}

/** Entity `Entity/Store/Inventory`, normalised. */
export interface StoreInventory {
  quantity?: number | null;
  purchasePrice?: number | null;
  store?: string | null;
  code?: string | null;
  available?: number | null;
}

/** Entity `Entity/Store/Offer`, normalised. */
export interface StoreOffer extends OrdersItemsOffer {
  site?: string | null;
  purchasePrice?: number | null;
  quantity?: number | null;
  stores?: StoreInventory[] | null;
}

/** Entity `Entity/Store/OfferPrice`, normalised. */
export interface StoreOfferPrice {
  priceType?: string | null;
  price?: number | null;
  ordering?: number | null;
  currency?: string | null;
}

/** Entity `Entity/Store/OfferProduct`, normalised. */
export interface StoreOfferProduct {
  minPrice?: number | null;
  maxPrice?: number | null;
  id?: number | null;
  article?: string | null;
  name?: string | null;
  url?: string | null;
  imageUrl?: string | null;
  description?: string | null;
  popular?: boolean | null;
  stock?: boolean | null;
  novelty?: boolean | null;
  recommended?: boolean | null;
  properties?: Json | null;
  groups?: FixExternalRow[] | null;
  externalId?: string | null;
  manufacturer?: string | null;
  active?: boolean | null;
  quantity?: number | null;
  markable?: boolean | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: Date | null;
  type?: OpenEnum<ProductType> | null;
}

/** Entity `Entity/Store/PriceUploadNotFoundResponse`, normalised. */
export interface StorePriceUploadNotFoundResponse {
  id?: string | null;
  externalId?: string | null;
  xmlId?: string | null;
}

/** Entity `Entity/Store/Product`, normalised. */
export interface StoreProduct {
  minPrice?: number | null;
  maxPrice?: number | null;
  catalogId?: number | null;
  id?: number | null;
  article?: string | null;
  name?: string | null;
  url?: string | null;
  imageUrl?: string | null;
  description?: string | null;
  popular?: boolean | null;
  stock?: boolean | null;
  novelty?: boolean | null;
  recommended?: boolean | null;
  properties?: Json | null;
  groups?: FixExternalRow[] | null;
  externalId?: string | null;
  manufacturer?: string | null;
  offers?: StoreProductOffer[] | null;
  active?: boolean | null;
  quantity?: number | null;
  markable?: boolean | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: Date | null;
  type?: OpenEnum<ProductType> | null;
}

/** Entity `Entity/Store/ProductEditNotFoundResponse`, normalised. */
export interface StoreProductEditNotFoundResponse extends FixExternalRow {}

/** Entity `Entity/Store/ProductGroup`, normalised. */
export interface StoreProductGroup {
  parentId?: number | null;
  site?: string | null;
  id?: number | null;
  name?: string | null;
  externalId?: string | null;
  active?: boolean | null;
  lvl?: number | null;
}

/** Entity `Entity/Store/ProductOffer`, normalised. */
export interface StoreProductOffer {
  name?: string | null;
  price?: number | null;
  images?: string[] | null;
  id?: number | null;
  externalId?: string | null;
  xmlId?: string | null;
  article?: string | null;
  prices?: StoreOfferPrice[] | null;
  purchasePrice?: number | null;
  vatRate?: string | null;
  properties?: Json | null;
  quantity?: number | null;
  weight?: number | null;
  length?: number | null;
  width?: number | null;
  height?: number | null;
  active?: boolean | null;
  unit?: OrdersItemsUnit | null;
  barcode?: string | null;
  site?: string | null;
}

/** Entity `Entity/Store/ProductProperty`, normalised. */
export interface StoreProductProperty {
  sites?: string[] | null;
  groups?: StoreProductPropertyGroup[] | null;
  code?: string | null;
  name?: string | null;
  isNumeric?: boolean | null;
  visible?: boolean | null;
  variative?: boolean | null;
}

/** Entity `Entity/Store/ProductPropertyGroup`, normalised. */
export interface StoreProductPropertyGroup {
  id?: number | null;
  name?: string | null;
}

/** Entity `Entity/Store/ProductPropertyValue`, normalised. */
export interface StoreProductPropertyValue {
  property?: StoreProductProperty | null;
  value?: string | null;
  offersCount?: number | null;
}

/** Entity `Entity/Store/StoreOffer`, normalised. */
export interface StoreProductOfferOfStore extends StoreProductOffer {
  product?: StoreProduct | null;
}

/** Entity `Entity/Tasks/AbstractCustomer`, normalised. */
export interface TasksAbstractCustomer {
  type?: OpenEnum<CustomerType> | null;
  id?: number | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Tasks/BaseComment`, normalised. */
export interface TasksBaseComment {
  id?: number | null;
  text?: string | null;
}

/** Entity `Entity/Tasks/Order`, normalised. */
export interface TasksOrder {
  id?: number | null;
  number?: string | null;
  externalId?: string | null;
  site?: string | null;
}

/** Entity `Entity/Tasks/Task`, normalised. */
export interface Task {
  id?: number | null;
  text?: string | null;
  commentary?: string | null;
  /** Format Y-m-d H:i. */
  datetime?: Date | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  complete?: boolean | null;
  creator?: number | null;
  performer?: number | null;
  performerId?: number | null;
  performerType?: string | null;
  customer?: TasksAbstractCustomer | null;
  order?: TasksOrder | null;
  phone?: string | null;
  phoneSite?: string | null;
  /** Format Y-m-d H:i:s. */
  completedAt?: Date | null;
}

/** Entity `Entity/Tasks/TaskComment`, normalised. */
export interface TaskComment extends TasksBaseComment {
  creator?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  updatedAt?: Date | null;
}

/** Entity `Entity/Tasks/TaskHistory`, normalised. */
export interface TaskHistory {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  created?: boolean | null;
  source?: string | null;
  user?: HistoryUser | null;
  field?: string | null;
  oldValue?: Json | null;
  newValue?: Json | null;
  apiKey?: HistoryApiKey | null;
  task?: Task | null;
  comment?: TasksBaseComment | null;
}

/** Entity `Entity/Telephony/SerializedCustomer`, normalised. */
export interface TelephonySerializedCustomer {
  id?: string | null;
  externalId?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  email?: string | null;
  phones?: CustomerPhone[] | null;
}

/** Entity `Entity/Telephony/SerializedLinks`, normalised. */
export interface TelephonySerializedLinks {
  newOrderLink?: string | null;
  lastOrderLink?: string | null;
  newCustomerLink?: string | null;
  customerLink?: string | null;
}

/** Entity `Entity/Telephony/SerializedManager`, normalised. */
export interface TelephonySerializedManager {
  id?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  email?: string | null;
  code?: string | null;
}

/** Entity `Entity/Users/Group`, normalised. */
export interface UsersGroup {
  id?: number | null;
  name?: string | null;
  signatureTemplate?: string | null;
  code?: string | null;
  isManager?: boolean | null;
  isPosManager?: boolean | null;
  isDeliveryMen?: boolean | null;
  deliveryTypes?: Json | null;
  breakdownOrderTypes?: Json | null;
  breakdownSites?: Json | null;
  breakdownOrderMethods?: Json | null;
  grantedOrderTypes?: Json | null;
  grantedSites?: Json | null;
}

/** Entity `Entity/Users/User`, normalised. */
export interface User {
  id?: number | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  active?: boolean | null;
  email?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  patronymic?: string | null;
  position?: string | null;
  photoUrl?: string | null;
  phone?: string | null;
  status?: OpenEnum<UserStatus> | null;
  online?: boolean | null;
  isAdmin?: boolean | null;
  isManager?: boolean | null;
  groups?: UsersGroup[] | null;
  mgUserId?: number | null;
  senderEmail?: string | null;
  senderName?: string | null;
}

/** Entity `Entity/Verification/SmsVerification`, normalised. */
export interface VerificationSmsVerification {
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  expiredAt?: Date | null;
  /** Format Y-m-d H:i:s. */
  verifiedAt?: Date | null;
  checkId?: string | null;
  actionType?: string | null;
}

/** Entity `Entity/WebAnalytics/ClientId`, normalised. */
export interface WebAnalyticsClientId {
  value?: string | null;
  site?: string | null;
  order?: WebAnalyticsOrder | null;
  customer?: WebAnalyticsCustomer | null;
  /** Format Y-m-d H:i:s. */
  createdAt?: Date | null;
}

/** Entity `Entity/WebAnalytics/Customer`, normalised. */
export interface WebAnalyticsCustomer {
  id?: number | null;
  externalId?: string | null;
  type?: OpenEnum<CustomerType> | null;
}

/** Entity `Entity/WebAnalytics/Order`, normalised. */
export interface WebAnalyticsOrder {
  id?: number | null;
  externalId?: string | null;
  number?: string | null;
}

/** Entity `Entity/WebAnalytics/Page`, normalised. */
export interface WebAnalyticsPage {
  url?: string | null;
  title?: string | null;
  countViews?: number | null;
  timeOnPage?: number | null;
}

/** Entity `Entity/WebAnalytics/Source`, normalised. */
export interface WebAnalyticsSource {
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  keyword?: string | null;
  content?: string | null;
  site?: string | null;
  clientId?: string | null;
  order?: WebAnalyticsOrder | null;
  customer?: WebAnalyticsCustomer | null;
}

/** Entity `Entity/WebAnalytics/Visit`, normalised. */
export interface WebAnalyticsVisit {
  createdAt?: string | null;
  visitLength?: number | null;
  exitPage?: string | null;
  landingPage?: string | null;
  pageViews?: number | null;
  pageDepth?: number | null;
  customer?: WebAnalyticsCustomer | null;
  source?: string | null;
  pages?: WebAnalyticsPage[] | null;
  clientId?: string | null;
  site?: string | null;
}

/** Answer `Response/AbstractCursorPaginatedResponse`, normalised. */
export interface AbstractCursorPaginatedResponse extends SuccessResponse {
  pagination?: CursorPagination | null;
}

/** Answer `Response/AbstractPaginatedResponse`, normalised. */
export interface AbstractPaginatedResponse extends SuccessResponse {
  pagination?: Pagination | null;
}

/** Answer `Response/Api/ApiVersionsResponse`, normalised. */
export interface ApiVersionsResponse extends SuccessResponse {
  versions?: string[] | null;
}

/** Answer `Response/Api/Credentials`, normalised. */
export interface Credentials extends SuccessResponse {
  credentials?: string[] | null;
  scopes?: string[] | null;
  siteAccess?: OpenEnum<SiteAccess> | null;
  sitesAvailable?: string[] | null;
}

/** Answer `Response/Api/FeaturesCheckResponse`, normalised. */
export interface ApiFeaturesCheckResponse extends SuccessResponse {
  features?: SettingsFeature[] | null;
}

/** Answer `Response/Api/SystemInfoResponse`, normalised. */
export interface ApiSystemInfoResponse extends SuccessResponse {
  systemVersion?: string | null;
  publicUrl?: string | null;
  technicalUrl?: string | null;
}

/** Answer `Response/Costs/CostsDeleteResponse`, normalised. */
export interface CostsDeleteResponse extends SuccessResponse {
  count?: number | null;
  notRemovedIds?: number[] | null;
}

/** Answer `Response/Costs/CostsGetResponse`, normalised. */
export interface CostsGetResponse extends SuccessResponse {
  cost?: Cost | null;
}

/** Answer `Response/Costs/CostsResponse`, normalised. */
export interface CostsResponse extends AbstractPaginatedResponse {
  costs?: Cost[] | null;
}

/** Answer `Response/Costs/CostsUploadResponse`, normalised. */
export interface CostsUploadResponse extends SuccessResponse {
  uploadedCosts?: number[] | null;
}

/** Answer `Response/CustomFields/CustomDictionaryCreateResponse`, normalised. */
export interface CustomFieldsCustomDictionaryCreateResponse extends SuccessResponse {
  code?: string | null;
}

/** Answer `Response/CustomFields/CustomDictionaryGetResponse`, normalised. */
export interface CustomFieldsCustomDictionaryGetResponse extends SuccessResponse {
  customDictionary?: CustomFieldsCustomDictionary | null;
}

/** Answer `Response/CustomFields/CustomFieldsCreateResponse`, normalised. */
export interface CustomFieldsCreateResponse extends SuccessResponse {
  code?: string | null;
}

/** Answer `Response/CustomFields/CustomFieldsDictionariesResponse`, normalised. */
export interface CustomFieldsDictionariesResponse extends AbstractPaginatedResponse {
  customDictionaries?: CustomFieldsCustomDictionary[] | null;
}

/** Answer `Response/CustomFields/CustomFieldsEditResponse`, normalised. */
export interface CustomFieldsEditResponse extends CustomFieldsCreateResponse {}

/** Answer `Response/CustomFields/CustomFieldsGetResponse`, normalised. */
export interface CustomFieldsGetResponse extends SuccessResponse {
  customField?: CustomField | null;
}

/** Answer `Response/CustomFields/CustomFieldsResponse`, normalised. */
export interface CustomFieldsResponse extends AbstractPaginatedResponse {
  customFields?: CustomField[] | null;
}

/** Answer `Response/CustomerInteraction/CustomerInteractionCartGetResponse`, normalised. */
export interface CustomerInteractionCartGetResponse extends SuccessResponse {
  cart?: CustomerInteractionCart | null;
}

/** Answer `Response/CustomerInteraction/CustomerInteractionFavoritesResponse`, normalised. */
export interface CustomerInteractionFavoritesResponse extends SuccessResponse {
  favorites?: CustomerInteractionFavorite[] | null;
}

/** Answer `Response/Customers/CustomerNotesResponse`, normalised. */
export interface CustomerNotesResponse extends AbstractPaginatedResponse {
  notes?: CustomerNote[] | null;
}

/** Answer `Response/Customers/CustomersEditResponse`, normalised. */
export interface CustomersEditResponse extends IdResponse {
  state?: string | null;
}

/** Answer `Response/Customers/CustomersGetResponse`, normalised. */
export interface CustomersGetResponse extends SuccessResponse {
  customer?: Customer | null;
}

/** Answer `Response/Customers/CustomersHistoryResponse`, normalised. */
export interface CustomersHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: Date | null;
  history?: CustomerHistory[] | null;
}

/** Answer `Response/Customers/CustomersResponse`, normalised. */
export interface CustomersResponse extends AbstractPaginatedResponse {
  customers?: Customer[] | null;
}

/** Answer `Response/Customers/CustomersUploadResponse`, normalised. */
export interface CustomersUploadResponse extends SuccessResponse {
  uploadedCustomers?: FixExternalRow[] | null;
  failedCustomers?: EntityWithExternalId[] | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateAddressesResponse`, normalised. */
export interface CustomersCorporateAddressesResponse extends AbstractPaginatedResponse {
  addresses?: CustomerAddress[] | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateCompaniesResponse`, normalised. */
export interface CustomersCorporateCompaniesResponse extends AbstractPaginatedResponse {
  companies?: CustomersCorporateCompany[] | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateContactsResponse`, normalised. */
export interface CustomersCorporateContactsResponse extends AbstractPaginatedResponse {
  contacts?: CustomersCorporateCustomerContact[] | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateGetResponse`, normalised. */
export interface CustomersCorporateGetResponse extends SuccessResponse {
  customerCorporate?: CustomerCorporate | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateHistoryResponse`, normalised. */
export interface CustomersCorporateHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: Date | null;
  history?: CustomerCorporateHistory[] | null;
}

/** Answer `Response/CustomersCorporate/CustomersCorporateResponse`, normalised. */
export interface CustomersCorporateResponse extends AbstractPaginatedResponse {
  customersCorporate?: CustomerCorporate[] | null;
}

/** Answer `Response/Delivery/DeliveryCalculateResponse`, normalised. */
export interface DeliveryCalculateResponse extends SuccessResponse {
  calculations?: DeliveryCalculation[] | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsCreateResponse`, normalised. */
export interface DeliveryShipmentsCreateResponse extends IdResponse {
  status?: string | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsGetResponse`, normalised. */
export interface DeliveryShipmentsGetResponse extends SuccessResponse {
  deliveryShipment?: DeliveryShipment | null;
}

/** Answer `Response/Delivery/DeliveryShipmentsResponse`, normalised. */
export interface DeliveryShipmentsResponse extends AbstractPaginatedResponse {
  deliveryShipments?: DeliveryShipment[] | null;
}

/** Answer `Response/ErrorResponse`, normalised. */
export interface ErrorResponse extends SuccessResponse {
  errors?: Json | null;
  errorMsg?: string | null;
  combinedTo?: Customer | null;
  failedCustomers?: EntityWithExternalId[] | null;
}

/** Answer `Response/Files/FilesGetResponse`, normalised. */
export interface FilesGetResponse extends SuccessResponse {
  file?: FilesFile | null;
}

/** Answer `Response/Files/FilesResponse`, normalised. */
export interface FilesResponse extends AbstractPaginatedResponse {
  files?: FilesFile[] | null;
}

/** Answer `Response/Files/FilesUploadResponse`, normalised. */
export interface FilesUploadResponse extends SuccessResponse {
  file?: FilesFile | null;
}

/** Answer `Response/IdResponse`, normalised. */
export interface IdResponse extends SuccessResponse {
  id?: number | null;
}

/** Answer `Response/Integration/IntegrationModuleUpdateScopesResponse`, normalised. */
export interface IntegrationModuleUpdateScopesResponse extends SuccessResponse {
  apiKey?: string | null;
}

/** Answer `Response/Integration/IntegrationModulesEditResponse`, normalised. */
export interface IntegrationModulesEditResponse extends SuccessResponse {
  info?: IntegrationModuleEditInfo | null;
}

/** Answer `Response/Integration/IntegrationModulesGetResponse`, normalised. */
export interface IntegrationModulesGetResponse extends SuccessResponse {
  integrationModule?: IntegrationModule | null;
}

/** Answer `Response/Loyalty/AllBonusOperationsResponse`, normalised. */
export interface LoyaltyAllBonusOperationsResponse extends AbstractCursorPaginatedResponse {
  bonusOperations?: LoyaltyOperation[] | null;
}

/** Answer `Response/Loyalty/BonusAccountDetailsResponse`, normalised. */
export interface LoyaltyBonusAccountDetailsResponse extends AbstractPaginatedResponse {
  statistic?: LoyaltyBonusStatisticResponse | null;
  bonuses?: LoyaltyBonusDetail[] | null;
}

/** Answer `Response/Loyalty/LoyaltiesResponse`, normalised. */
export interface LoyaltyLoyaltiesResponse extends AbstractPaginatedResponse {
  loyalties?: Loyalty[] | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountActivateResponse`, normalised. */
export interface LoyaltyAccountActivateResponse extends SuccessResponse {
  loyaltyAccount?: LoyaltyAccount | null;
  verification?: LoyaltySmsVerification | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountCreateResponse`, normalised. */
export interface LoyaltyAccountCreateResponse extends SuccessResponse {
  site?: string | null;
  loyaltyAccount?: LoyaltyAccount | null;
  warnings?: Json | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountResponse`, normalised. */
export interface LoyaltyAccountResponse extends SuccessResponse {
  loyaltyAccount?: LoyaltyAccount | null;
}

/** Answer `Response/Loyalty/LoyaltyAccountsResponse`, normalised. */
export interface LoyaltyAccountsResponse extends AbstractPaginatedResponse {
  loyaltyAccounts?: LoyaltyAccount[] | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusCreditResponse`, normalised. */
export interface LoyaltyBonusCreditResponse extends SuccessResponse {
  loyaltyBonus?: LoyaltyBonus | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusOperationsResponse`, normalised. */
export interface LoyaltyBonusOperationsResponse extends AbstractPaginatedResponse {
  bonusOperations?: LoyaltyOperation[] | null;
}

/** Answer `Response/Loyalty/LoyaltyBonusStatisticResponse`, normalised. */
export interface LoyaltyBonusStatisticResponse {
  totalAmount?: number | null;
}

/** Answer `Response/Loyalty/LoyaltyCalculateResponse`, normalised. */
export interface LoyaltyCalculateResponse extends SuccessResponse {
  order?: LoyaltySerializedLoyaltyOrder | null;
  calculations?: LoyaltyCalculation[] | null;
  loyalty?: LoyaltySerializedLoyalty | null;
}

/** Answer `Response/Loyalty/LoyaltyResponse`, normalised. */
export interface LoyaltyResponse extends SuccessResponse {
  loyalty?: Loyalty | null;
  requiredFields?: Json | null;
}

/** Answer `Response/Orders/OrdersCombineResponse`, normalised. */
export interface OrdersCombineResponse extends SuccessResponse {
  errors?: Json | null;
}

/** Answer `Response/Orders/OrdersCreateResponse`, normalised. */
export interface OrdersCreateResponse extends IdResponse {
  order?: Order | null;
}

/** Answer `Response/Orders/OrdersGetResponse`, normalised. */
export interface OrdersGetResponse extends SuccessResponse {
  order?: Order | null;
}

/** Answer `Response/Orders/OrdersHistoryResponse`, normalised. */
export interface OrdersHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: Date | null;
  history?: OrderHistory[] | null;
}

/** Answer `Response/Orders/OrdersLoyaltyApplyResponse`, normalised. */
export interface OrdersLoyaltyApplyResponse extends SuccessResponse {
  order?: LoyaltySerializedLoyaltyOrder | null;
  verification?: LoyaltySmsVerification | null;
}

/** Answer `Response/Orders/OrdersResponse`, normalised. */
export interface OrdersResponse extends AbstractPaginatedResponse {
  orders?: Order[] | null;
}

/** Answer `Response/Orders/OrdersStatusesResponse`, normalised. */
export interface OrdersStatusesResponse extends SuccessResponse {
  orders?: OrderStatusItem[] | null;
}

/** Answer `Response/Orders/OrdersUploadResponse`, normalised. */
export interface OrdersUploadResponse extends SuccessResponse {
  site?: string | null;
  uploadedOrders?: FixExternalRow[] | null;
  orders?: Order[] | null;
  failedOrders?: EntityWithExternalId[] | null;
}

/** Answer `Response/Packs/PacksGetResponse`, normalised. */
export interface PacksGetResponse extends SuccessResponse {
  pack?: PacksOrderProductPack | null;
}

/** Answer `Response/Packs/PacksHistoryResponse`, normalised. */
export interface PacksHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: Date | null;
  history?: PacksOrderProductPackHistory[] | null;
}

/** Answer `Response/Packs/PacksResponse`, normalised. */
export interface PacksResponse extends AbstractPaginatedResponse {
  packs?: PacksOrderProductPack[] | null;
}

/** Answer `Response/Payments/PaymentCheckResponse`, normalised. */
export interface PaymentCheckResponse extends SuccessResponse {
  result?: PaymentsApiCheckResponseResult | null;
}

/** Answer `Response/Payments/PaymentCreateInvoiceResponse`, normalised. */
export interface PaymentCreateInvoiceResponse extends SuccessResponse {
  result?: PaymentsApiCreateInvoiceResponseResult | null;
}

/** Answer `Response/Payments/PaymentGetInvoiceResponse`, normalised. */
export interface PaymentGetInvoiceResponse extends SuccessResponse {
  invoice?: PaymentsApiGetInvoiceResponse | null;
}

/** Answer `Response/Payments/PaymentImportInvoiceResponse`, normalised. */
export interface PaymentImportInvoiceResponse extends SuccessResponse {
  invoice?: PaymentsApiImportInvoiceResponse | null;
}

/** Answer `Response/References/CostGroupsResponse`, normalised. */
export interface ReferencesCostGroupsResponse extends SuccessResponse {
  costGroups?: ReferencesCostGroup[] | null;
}

/** Answer `Response/References/CostItemsResponse`, normalised. */
export interface ReferencesCostItemsResponse extends SuccessResponse {
  costItems?: ReferencesCostItem[] | null;
}

/** Answer `Response/References/CountriesResponse`, normalised. */
export interface ReferencesCountriesResponse extends SuccessResponse {
  countriesIso?: OpenEnum<CountryCodeIso3166>[] | null;
}

/** Answer `Response/References/CouriersResponse`, normalised. */
export interface ReferencesCouriersResponse extends SuccessResponse {
  couriers?: ReferencesCourier[] | null;
}

/** Answer `Response/References/CurrenciesResponse`, normalised. */
export interface ReferencesCurrenciesResponse extends SuccessResponse {
  currencies?: ReferencesCurrency[] | null;
}

/** Answer `Response/References/DeliveryServicesResponse`, normalised. */
export interface ReferencesDeliveryServicesResponse extends SuccessResponse {
  deliveryServices?: ReferencesDeliveryService[] | null;
}

/** Answer `Response/References/DeliveryTypesResponse`, normalised. */
export interface ReferencesDeliveryTypesResponse extends SuccessResponse {
  deliveryTypes?: ReferencesDeliveryType[] | null;
}

/** Answer `Response/References/LegalEntitiesResponse`, normalised. */
export interface ReferencesLegalEntitiesResponse extends SuccessResponse {
  legalEntities?: ReferencesLegalEntity[] | null;
}

/** Answer `Response/References/MgChannelsResponse`, normalised. */
export interface ReferencesMgChannelsResponse extends SuccessResponse {
  mgChannels?: ReferencesMGChannel[] | null;
}

/** Answer `Response/References/OrderMethodsResponse`, normalised. */
export interface ReferencesOrderMethodsResponse extends SuccessResponse {
  orderMethods?: ReferencesOrderMethod[] | null;
}

/** Answer `Response/References/OrderTypesResponse`, normalised. */
export interface ReferencesOrderTypesResponse extends SuccessResponse {
  orderTypes?: ReferencesOrderType[] | null;
}

/** Answer `Response/References/PaymentStatusesResponse`, normalised. */
export interface ReferencesPaymentStatusesResponse extends SuccessResponse {
  paymentStatuses?: ReferencesPaymentStatus[] | null;
}

/** Answer `Response/References/PaymentTypesResponse`, normalised. */
export interface ReferencesPaymentTypesResponse extends SuccessResponse {
  paymentTypes?: ReferencesPaymentType[] | null;
}

/** Answer `Response/References/PriceTypesResponse`, normalised. */
export interface ReferencesPriceTypesResponse extends SuccessResponse {
  priceTypes?: ReferencesPriceType[] | null;
}

/** Answer `Response/References/ProductStatusesResponse`, normalised. */
export interface ReferencesProductStatusesResponse extends SuccessResponse {
  productStatuses?: ReferencesOrderProductStatus[] | null;
}

/** Answer `Response/References/SitesResponse`, normalised. */
export interface ReferencesSitesResponse extends SuccessResponse {
  sites?: ReferencesSite[] | null;
}

/** Answer `Response/References/StatusGroupsResponse`, normalised. */
export interface ReferencesStatusGroupsResponse extends SuccessResponse {
  statusGroups?: ReferencesStatusGroup[] | null;
}

/** Answer `Response/References/StatusesResponse`, normalised. */
export interface ReferencesStatusesResponse extends SuccessResponse {
  statuses?: ReferencesStatus[] | null;
}

/** Answer `Response/References/StoresResponse`, normalised. */
export interface ReferencesStoresResponse extends SuccessResponse {
  stores?: ReferencesStore[] | null;
}

/** Answer `Response/References/UnitsResponse`, normalised. */
export interface ReferencesUnitsResponse extends SuccessResponse {
  units?: ReferencesSerializedUnit[] | null;
}

/** Answer `Response/Segments/SegmentsResponse`, normalised. */
export interface SegmentsResponse extends AbstractPaginatedResponse {
  segments?: CustomersSegment[] | null;
}

/** Answer `Response/Settings/SettingsResponse`, normalised. */
export interface SettingsResponse extends SuccessResponse {
  settings?: Settings | null;
}

/** Answer `Response/Store/InventoriesResponse`, normalised. */
export interface StoreInventoriesResponse extends AbstractPaginatedResponse {
  offers?: StoreOffer[] | null;
}

/** Answer `Response/Store/InventoriesUploadResponse`, normalised. */
export interface StoreInventoriesUploadResponse extends SuccessResponse {
  processedOffersCount?: number | null;
  notFoundOffers?: StoreOffer[] | null;
}

/** Answer `Response/Store/OffersResponse`, normalised. */
export interface StoreOffersResponse extends AbstractPaginatedResponse {
  offers?: StoreProductOfferOfStore[] | null;
}

/** Answer `Response/Store/PricesUploadResponse`, normalised. */
export interface StorePricesUploadResponse extends SuccessResponse {
  processedOffersCount?: number | null;
  notFoundOffers?: StorePriceUploadNotFoundResponse[] | null;
}

/** Answer `Response/Store/ProductBatchEditResponse`, normalised. */
export interface StoreProductBatchEditResponse extends SuccessResponse {
  processedProductsCount?: number | null;
  notFoundProducts?: StoreProductEditNotFoundResponse[] | null;
}

/** Answer `Response/Store/ProductGroupsResponse`, normalised. */
export interface StoreProductGroupsResponse extends AbstractPaginatedResponse {
  productGroup?: StoreProductGroup[] | null;
}

/** Answer `Response/Store/ProductPropertiesResponse`, normalised. */
export interface StoreProductPropertiesResponse extends AbstractPaginatedResponse {
  properties?: StoreProductProperty[] | null;
}

/** Answer `Response/Store/ProductPropertyValuesResponse`, normalised. */
export interface StoreProductPropertyValuesResponse extends AbstractPaginatedResponse {
  productPropertyValues?: StoreProductPropertyValue[] | null;
}

/** Answer `Response/Store/ProductsBatchCreateResponse`, normalised. */
export interface StoreProductsBatchCreateResponse extends SuccessResponse {
  processedProductsCount?: number | null;
  addedProducts?: number[] | null;
}

/** Answer `Response/Store/ProductsResponse`, normalised. */
export interface StoreProductsResponse extends AbstractPaginatedResponse {
  products?: StoreProduct[] | null;
}

/** Answer `Response/SuccessResponse`, normalised. */
export interface SuccessResponse {
  success?: boolean | null;
}

/** Answer `Response/Tasks/TaskGetCommentsResponse`, normalised. */
export interface TaskGetCommentsResponse extends AbstractPaginatedResponse {
  comments?: TaskComment[] | null;
}

/** Answer `Response/Tasks/TasksGetResponse`, normalised. */
export interface TasksGetResponse extends SuccessResponse {
  task?: Task | null;
}

/** Answer `Response/Tasks/TasksHistoryResponse`, normalised. */
export interface TasksHistoryResponse extends AbstractPaginatedResponse {
  /** Format Y-m-d H:i:s. */
  generatedAt?: Date | null;
  history?: TaskHistory[] | null;
}

/** Answer `Response/Tasks/TasksResponse`, normalised. */
export interface TasksResponse extends AbstractPaginatedResponse {
  tasks?: Task[] | null;
}

/** Answer `Response/Telephony/CallEventResponse`, normalised. */
export interface TelephonyCallEventResponse extends SuccessResponse {
  notExistCodes?: Json | null;
  notExistUsers?: Json | null;
}

/** Answer `Response/Telephony/CallsUploadResponse`, normalised. */
export interface TelephonyCallsUploadResponse extends SuccessResponse {
  processedCallsCount?: number | null;
  duplicateCalls?: Json | null;
}

/** Answer `Response/Telephony/ManagerResponse`, normalised. */
export interface TelephonyManagerResponse extends SuccessResponse {
  manager?: TelephonySerializedManager | null;
  customer?: TelephonySerializedCustomer | null;
  links?: TelephonySerializedLinks | null;
}

/** Answer `Response/Users/UserGroupsResponse`, normalised. */
export interface UserGroupsResponse extends AbstractPaginatedResponse {
  groups?: UsersGroup[] | null;
}

/** Answer `Response/Users/UsersGetResponse`, normalised. */
export interface UsersGetResponse extends SuccessResponse {
  user?: User | null;
}

/** Answer `Response/Users/UsersResponse`, normalised. */
export interface UsersResponse extends AbstractPaginatedResponse {
  users?: User[] | null;
}

/** Answer `Response/Verification/SmsVerificationConfirmResponse`, normalised. */
export interface VerificationSmsVerificationConfirmResponse extends SuccessResponse {
  verification?: VerificationSmsVerification | null;
}

/** Answer `Response/Verification/SmsVerificationStatusResponse`, normalised. */
export interface VerificationSmsVerificationStatusResponse extends VerificationSmsVerificationConfirmResponse {}

/** Answer `Response/WebAnalytics/ClientIdUploadResponse`, normalised. */
export interface WebAnalyticsClientIdUploadResponse extends SuccessResponse {
  failedClientIds?: WebAnalyticsClientId[] | null;
}

/** Answer `Response/WebAnalytics/SourcesUploadResponse`, normalised. */
export interface WebAnalyticsSourcesUploadResponse extends SuccessResponse {
  failedSources?: WebAnalyticsSource[] | null;
}

/** Answer `Response/WebAnalytics/VisitsUploadResponse`, normalised. */
export interface WebAnalyticsVisitsUploadResponse extends SuccessResponse {
  failedVisits?: WebAnalyticsVisit[] | null;
}
