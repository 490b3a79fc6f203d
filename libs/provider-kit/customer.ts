/** A postal address from the CRM. */
export interface PostalAddress {
  /** Postal code. */
  index?: string;
  /** ISO 3166-1 alpha-2, upper case. */
  countryIso?: string;
  region?: string;
  /** Ids of the CRM's geocoder have no meaning outside it. They are kept for replies to it. */
  regionId?: number;
  city?: string;
  cityId?: number;
  cityType?: string;
  street?: string;
  streetId?: number;
  streetType?: string;
  /** Number of the house, `дом` in Russian. */
  building?: string;
  /** One of several buildings with that number, `строение` in Russian. */
  house?: string;
  /** Wing, `корпус` in Russian. */
  housing?: string;
  /** Entrance, `подъезд` in Russian. */
  block?: number;
  floor?: number;
  flat?: string;
  metro?: string;
  notes?: string;
  /** The whole address as one line. */
  text?: string;
}

/** An address of a customer's address book. */
export interface CustomerAddress extends PostalAddress {
  /** Id in the CRM. */
  id?: number;
  name?: string;
  isMain?: boolean;
  /** Id in the shop. */
  externalId?: string;
}

/** The buyer's legal person. */
export interface Contragent {
  /** `individual`, `legal-entity` or `enterpreneur`, in the CRM's spelling. */
  contragentType?: string;
  /** Type of a legal entity in the CRM's terms. */
  type?: string;
  legalName?: string;
  legalAddress?: string;
  /** Taxpayer number. */
  inn?: string;
  okpo?: string;
  kpp?: string;
  ogrn?: string;
  ogrnip?: string;
  certificateNumber?: string;
  /** `YYYY-MM-DD`. */
  certificateDate?: string;
  bik?: string;
  bank?: string;
  bankAddress?: string;
  corrAccount?: string;
  bankAccount?: string;
}

/** The buyer's data in the CRM. Unknown values are missing. */
export interface Customer {
  /** Id in the CRM. */
  id?: number;
  /** Id in the shop. */
  externalId?: string;
  /** `customer` or `customer_corporate`. */
  type?: string;
  /** Whether the buyer is a contact person of a corporate customer. */
  isContact?: boolean;
  /** Code of the shop. */
  site?: string;
  /** Id of the buyer's manager in the CRM. */
  managerId?: number;
  vip?: boolean;
  bad?: boolean;
  /** `YYYY-MM-DD HH:MM:SS` in the account's zone. */
  createdAt?: string;
  firstName?: string;
  lastName?: string;
  patronymic?: string;
  sex?: string;
  /** `YYYY-MM-DD`. */
  birthday?: string;
  email?: string;
  /** Phones in the CRM's form, not normalised. None is empty. */
  phones: readonly string[];
  contragent?: Contragent;
  address?: CustomerAddress;
  /** By the field's code. */
  customFields?: Readonly<Record<string, unknown>>;
}

const PLAIN_EMAIL = /^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;

/** Whether any service accepts an e-mail address. Some refuse a whole request for an unusual one. */
export function isPlainEmail(address: string): boolean {
  return PLAIN_EMAIL.test(address);
}
