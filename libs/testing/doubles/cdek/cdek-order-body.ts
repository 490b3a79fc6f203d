import type { DoublePackage, DoublePlace } from './cdek-network.js';

/** A problem in CDEK's words. */
export interface DoubleProblem {
  code: string;
  message: string;
}

export const problem = (code: string, message: string): DoubleProblem => ({ code, message });

/** An amount; 0 if prepaid. */
export interface DoubleMoney {
  value: number;
  vat_sum?: number;
  vat_rate?: number | null;
}

/** An item of a package, as a client sends it. */
export interface DoubleItem {
  name: string;
  ware_key: string;
  marking?: string;
  payment: DoubleMoney;
  cost: number;
  weight: number;
  amount: number;
}

/** The body of a new or changed order. */
export interface DoubleOrderBody {
  type?: number;
  number?: string;
  tariff_code: number;
  comment?: string;
  shipment_point?: string;
  delivery_point?: string;
  delivery_recipient_cost?: DoubleMoney;
  sender?: object;
  recipient: { name: string; company?: string; contragent_type?: 'LEGAL_ENTITY' | 'INDIVIDUAL'; phones: { number: string }[] };
  from_location?: DoublePlace & { address?: string };
  to_location?: DoublePlace & { address?: string };
  services?: { code: string; parameter?: string }[];
  packages: (DoublePackage & { package_id?: string; number: string; items?: DoubleItem[] })[];
}
