/* Generated from contract/ by generator/generate.mjs. Do not edit: run `npm run generate:crm-types`. */

/** Values of `Enum/ByIdentifier`. */
export const ByIdentifier = ['id', 'externalId'] as const;
/** One of `Enum/ByIdentifier`. */
export type ByIdentifier = (typeof ByIdentifier)[number];

/** Values of `Enum/BySite`. */
export const BySite = ['id', 'code'] as const;
/** One of `Enum/BySite`. */
export type BySite = (typeof BySite)[number];

/** Values of `Enum/CombineTechnique`. */
export const CombineTechnique = ['merge', 'ours', 'summ', 'theirs'] as const;
/** One of `Enum/CombineTechnique`. */
export type CombineTechnique = (typeof CombineTechnique)[number];

/** Values of `Enum/CountryCodeIso3166`. */
export const CountryCodeIso3166 = ['AF', 'AL', 'DZ', 'AS', 'AD', 'AO', 'AI', 'AQ', 'AG', 'AR', 'AM', 'AW', 'AU', 'AT', 'AZ', 'BS', 'BH', 'BD', 'BB', 'BY', 'BE', 'BZ', 'BJ', 'BM', 'BT', 'BO', 'BQ', 'BA', 'BW', 'BV', 'BR', 'IO', 'BN', 'BG', 'BF', 'BI', 'CV', 'KH', 'CM', 'CA', 'KY', 'CF', 'TD', 'CL', 'CN', 'CX', 'CC', 'CO', 'KM', 'CD', 'CG', 'CK', 'CR', 'HR', 'CU', 'CW', 'CY', 'CZ', 'CI', 'DK', 'DJ', 'DM', 'DO', 'EC', 'EG', 'SV', 'GQ', 'ER', 'EE', 'SZ', 'ET', 'FK', 'FO', 'FJ', 'FI', 'FR', 'GF', 'PF', 'TF', 'GA', 'GM', 'GE', 'DE', 'GH', 'GI', 'GR', 'GL', 'GD', 'GP', 'GU', 'GT', 'GG', 'GN', 'GW', 'GY', 'HT', 'HM', 'VA', 'HN', 'HK', 'HU', 'IS', 'IN', 'ID', 'IR', 'IQ', 'IE', 'IM', 'IL', 'IT', 'JM', 'JP', 'JE', 'JO', 'KZ', 'KE', 'KI', 'KP', 'KR', 'KW', 'KG', 'LA', 'LV', 'LB', 'LS', 'LR', 'LY', 'LI', 'LT', 'LU', 'MO', 'MG', 'MW', 'MY', 'MV', 'ML', 'MT', 'MH', 'MQ', 'MR', 'MU', 'YT', 'MX', 'FM', 'MD', 'MC', 'MN', 'ME', 'MS', 'MA', 'MZ', 'MM', 'NA', 'NR', 'NP', 'NL', 'NC', 'NZ', 'NI', 'NE', 'NG', 'NU', 'NF', 'MP', 'NO', 'OM', 'PK', 'PW', 'PS', 'PA', 'PG', 'PY', 'PE', 'PH', 'PN', 'PL', 'PT', 'PR', 'QA', 'MK', 'RO', 'RU', 'RW', 'RE', 'BL', 'SH', 'KN', 'LC', 'MF', 'PM', 'VC', 'WS', 'SM', 'ST', 'SA', 'SN', 'RS', 'SC', 'SL', 'SG', 'SX', 'SK', 'SI', 'SB', 'SO', 'ZA', 'GS', 'SS', 'ES', 'LK', 'SD', 'SR', 'SJ', 'SE', 'CH', 'SY', 'TW', 'TJ', 'TZ', 'TH', 'TL', 'TG', 'TK', 'TO', 'TT', 'TN', 'TR', 'TM', 'TC', 'TV', 'UG', 'UA', 'AE', 'GB', 'UM', 'US', 'UY', 'UZ', 'VU', 'VE', 'VN', 'VG', 'VI', 'WF', 'EH', 'YE', 'ZM', 'ZW', 'AX'] as const;
/** One of `Enum/CountryCodeIso3166`. */
export type CountryCodeIso3166 = (typeof CountryCodeIso3166)[number];

/** Values of `Enum/Currency`. */
export const Currency = ['rub', 'uah', 'byn', 'kzt', 'usd', 'eur', 'prb', 'mdl', 'kgs', 'pln', 'azn', 'amd', 'thb', 'aed', 'nok', 'cad', 'czk', 'sek', 'dkk', 'ron', 'uzs', 'aud', 'chf', 'inr', 'bgn', 'ngn', 'huf', 'ils', 'try', 'stn', 'ars', 'bob', 'ves', 'gtq', 'hnl', 'dop', 'cop', 'crc', 'cup', 'mxn', 'nio', 'pab', 'pyg', 'pen', 'svc', 'uyu', 'clp', 'gel', 'gbp'] as const;
/** One of `Enum/Currency`. */
export type Currency = (typeof Currency)[number];

/** Values of `Enum/CustomFields/CustomFieldDisplayArea`. */
export const CustomFieldDisplayArea = ['address', 'customer', 'delivery', 'dimensions', 'legal_details', 'main_data', 'payment', 'shipment'] as const;
/** One of `Enum/CustomFields/CustomFieldDisplayArea`. */
export type CustomFieldDisplayArea = (typeof CustomFieldDisplayArea)[number];

/** Values of `Enum/CustomFields/CustomFieldEntity`. */
export const CustomFieldEntity = ['customer', 'loyalty_account', 'order'] as const;
/** One of `Enum/CustomFields/CustomFieldEntity`. */
export type CustomFieldEntity = (typeof CustomFieldEntity)[number];

/** Values of `Enum/CustomFields/CustomFieldType`. */
export const CustomFieldType = ['boolean', 'date', 'dictionary', 'email', 'integer', 'numeric', 'string', 'text'] as const;
/** One of `Enum/CustomFields/CustomFieldType`. */
export type CustomFieldType = (typeof CustomFieldType)[number];

/** Values of `Enum/CustomFields/CustomFieldViewMode`. */
export const CustomFieldViewMode = ['miss', 'editable', 'not_editable'] as const;
/** One of `Enum/CustomFields/CustomFieldViewMode`. */
export type CustomFieldViewMode = (typeof CustomFieldViewMode)[number];

/** Values of `Enum/Customers/AttachmentsStatus`. */
export const CustomersAttachmentsStatus = ['1', '2', '3'] as const;
/** One of `Enum/Customers/AttachmentsStatus`. */
export type CustomersAttachmentsStatus = (typeof CustomersAttachmentsStatus)[number];

/** Values of `Enum/Customers/ContragentType`. */
export const CustomersContragentType = ['enterpreneur', 'individual', 'legal-entity'] as const;
/** One of `Enum/Customers/ContragentType`. */
export type CustomersContragentType = (typeof CustomersContragentType)[number];

/** Values of `Enum/Customers/CustomerType`. */
export const CustomerType = ['customer', 'customer_corporate'] as const;
/** One of `Enum/Customers/CustomerType`. */
export type CustomerType = (typeof CustomerType)[number];

/** Values of `Enum/Customers/Gender`. */
export const CustomersGender = ['female', 'male'] as const;
/** One of `Enum/Customers/Gender`. */
export type CustomersGender = (typeof CustomersGender)[number];

/** Values of `Enum/Customers/TasksCountsStatus`. */
export const CustomersTasksCountsStatus = ['1', '2', '3'] as const;
/** One of `Enum/Customers/TasksCountsStatus`. */
export type CustomersTasksCountsStatus = (typeof CustomersTasksCountsStatus)[number];

/** Values of `Enum/Loyalty/AccountStatus`. */
export const LoyaltyAccountStatus = ['activated', 'deactivated', 'not_confirmed'] as const;
/** One of `Enum/Loyalty/AccountStatus`. */
export type LoyaltyAccountStatus = (typeof LoyaltyAccountStatus)[number];

/** Values of `Enum/Loyalty/BonusOperationEventType`. */
export const LoyaltyBonusOperationEventType = ['birthday', 'welcome'] as const;
/** One of `Enum/Loyalty/BonusOperationEventType`. */
export type LoyaltyBonusOperationEventType = (typeof LoyaltyBonusOperationEventType)[number];

/** Values of `Enum/Loyalty/BonusOperationType`. */
export const LoyaltyBonusOperationType = ['credit_for_order', 'burn', 'credit_for_event', 'charge_for_order', 'charge_manual', 'credit_manual', 'cancel_of_charge', 'cancel_of_credit'] as const;
/** One of `Enum/Loyalty/BonusOperationType`. */
export type LoyaltyBonusOperationType = (typeof LoyaltyBonusOperationType)[number];

/** Values of `Enum/Loyalty/LoyaltyLevelType`. */
export const LoyaltyLevelType = ['bonus_converting', 'bonus_percent', 'discount'] as const;
/** One of `Enum/Loyalty/LoyaltyLevelType`. */
export type LoyaltyLevelType = (typeof LoyaltyLevelType)[number];

/** Values of `Enum/Loyalty/PrivilegeType`. */
export const LoyaltyPrivilegeType = ['none', 'loyalty_level'] as const;
/** One of `Enum/Loyalty/PrivilegeType`. */
export type LoyaltyPrivilegeType = (typeof LoyaltyPrivilegeType)[number];

/** Values of `Enum/NumericBoolean`. */
export const NumericBoolean = ['1', '0'] as const;
/** One of `Enum/NumericBoolean`. */
export type NumericBoolean = (typeof NumericBoolean)[number];

/** Values of `Enum/Order/DeliveryState`. */
export const OrderDeliveryState = ['cancel', 'cancel_force', 'error', 'none', 'processing', 'success'] as const;
/** One of `Enum/Order/DeliveryState`. */
export type OrderDeliveryState = (typeof OrderDeliveryState)[number];

/** Values of `Enum/Order/DiscountType`. */
export const OrderDiscountType = ['manual_order', 'manual_product', 'loyalty_level', 'loyalty_event', 'personal', 'bonus_charge', 'round'] as const;
/** One of `Enum/Order/DiscountType`. */
export type OrderDiscountType = (typeof OrderDiscountType)[number];

/** Values of `Enum/Order/PrivilegeType`. */
export const OrderPrivilegeType = ['personal_discount', 'loyalty_level', 'loyalty_event', 'none'] as const;
/** One of `Enum/Order/PrivilegeType`. */
export type OrderPrivilegeType = (typeof OrderPrivilegeType)[number];

/** Values of `Enum/PaginationLimit`. */
export const PaginationLimit = ['20', '50', '100', '250'] as const;
/** One of `Enum/PaginationLimit`. */
export type PaginationLimit = (typeof PaginationLimit)[number];

/** Values of `Enum/Payments/PaymentInvoiceType`. */
export const PaymentInvoiceType = ['link'] as const;
/** One of `Enum/Payments/PaymentInvoiceType`. */
export type PaymentInvoiceType = (typeof PaymentInvoiceType)[number];

/** Values of `Enum/Payments/PaymentObjectType`. */
export const PaymentObjectType = ['commodity', 'service', 'payment'] as const;
/** One of `Enum/Payments/PaymentObjectType`. */
export type PaymentObjectType = (typeof PaymentObjectType)[number];

/** Values of `Enum/Product/ProductType`. */
export const ProductType = ['product', 'service'] as const;
/** One of `Enum/Product/ProductType`. */
export type ProductType = (typeof ProductType)[number];

/** Values of `Enum/Reference/CostGroupColor`. */
export const ReferenceCostGroupColor = ['#19976e', '#4191ff', '#6ce0b9', '#8453df', '#8a96a6', '#bc6b01', '#c7cdd4', '#ef8e06', '#ff8e87', '#ffd298'] as const;
/** One of `Enum/Reference/CostGroupColor`. */
export type ReferenceCostGroupColor = (typeof ReferenceCostGroupColor)[number];

/** Values of `Enum/Reference/StoreInventoryType`. */
export const ReferenceStoreInventoryType = ['available', 'integer'] as const;
/** One of `Enum/Reference/StoreInventoryType`. */
export type ReferenceStoreInventoryType = (typeof ReferenceStoreInventoryType)[number];

/** Values of `Enum/Reference/StoreType`. */
export const ReferenceStoreType = ['store-type-online', 'store-type-retail', 'store-type-supplier', 'store-type-warehouse'] as const;
/** One of `Enum/Reference/StoreType`. */
export type ReferenceStoreType = (typeof ReferenceStoreType)[number];

/** Values of `Enum/RequestMethod`. */
export const RequestMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'] as const;
/** One of `Enum/RequestMethod`. */
export type RequestMethod = (typeof RequestMethod)[number];

/** Values of `Enum/SiteAccess`. */
export const SiteAccess = ['access_full', 'access_selective'] as const;
/** One of `Enum/SiteAccess`. */
export type SiteAccess = (typeof SiteAccess)[number];

/** Values of `Enum/Tasks/TaskStatus`. */
export const TaskStatus = ['completed', 'performing'] as const;
/** One of `Enum/Tasks/TaskStatus`. */
export type TaskStatus = (typeof TaskStatus)[number];

/** Values of `Enum/Telephony/CallEventHangupStatus`. */
export const TelephonyCallEventHangupStatus = ['answered', 'busy', 'cancel', 'failed', 'no answered'] as const;
/** One of `Enum/Telephony/CallEventHangupStatus`. */
export type TelephonyCallEventHangupStatus = (typeof TelephonyCallEventHangupStatus)[number];

/** Values of `Enum/Telephony/CallEventType`. */
export const TelephonyCallEventType = ['hangup', 'in', 'out'] as const;
/** One of `Enum/Telephony/CallEventType`. */
export type TelephonyCallEventType = (typeof TelephonyCallEventType)[number];

/** Values of `Enum/Telephony/CallResult`. */
export const TelephonyCallResult = ['answered', 'busy', 'failed', 'no answer', 'not allowed', 'unknown'] as const;
/** One of `Enum/Telephony/CallResult`. */
export type TelephonyCallResult = (typeof TelephonyCallResult)[number];

/** Values of `Enum/Users/UserStatus`. */
export const UserStatus = ['free', 'busy', 'dinner', 'break'] as const;
/** One of `Enum/Users/UserStatus`. */
export type UserStatus = (typeof UserStatus)[number];

/** Values of `Enum/YesNo`. */
export const YesNo = ['No', 'Yes'] as const;
/** One of `Enum/YesNo`. */
export type YesNo = (typeof YesNo)[number];

/** Values of `Callback/Enum/Recommendations/Mode`. */
export const CallbackRecommendationsMode = ['buying_with', 'analogs'] as const;
/** One of `Callback/Enum/Recommendations/Mode`. */
export type CallbackRecommendationsMode = (typeof CallbackRecommendationsMode)[number];
