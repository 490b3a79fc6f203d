import { IsOptional, IsString, IsUrl } from 'class-validator';

/** Settings of the operator's for Mercado Pago. */
export class MercadoPagoEnvironment {
  /** Mercado Pago's API. Another address points the adapter at the double. */
  @IsOptional() @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true }) MERCADOPAGO_URL?: string;
  /** The partner's application at Mercado Pago. With it, sellers connect without a token. */
  @IsOptional() @IsString() MERCADOPAGO_CLIENT_ID?: string;
  @IsOptional() @IsString() MERCADOPAGO_CLIENT_SECRET?: string;
}
