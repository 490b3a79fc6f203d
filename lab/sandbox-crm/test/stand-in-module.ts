import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A JSON body. */
interface Body {
  [field: string]: unknown;
}

interface StandInDelivery {
  readonly deliveryId: string;
  readonly order: string;
  readonly trackNumber: string;
  tariff: string;
  status: string;
  deleted: boolean;
}

/**
 * A minimal delivery module with two tariffs, one point, two forms and an operator API. Can reply wrongly.
 */
export class StandInModule {
  readonly code = 'stand-in';
  readonly secret = 'development-secret-of-stand-in';
  readonly operatorToken = 'operator-token';
  readonly deliveries: StandInDelivery[] = [];
  /** Bodies of the callbacks received, in order. */
  readonly received: { readonly name: string; readonly fields: { readonly [name: string]: string }; readonly clientHeader?: string }[] = [];
  /** Wrong replies by callback. */
  readonly wrong = new Map<string, { readonly status: number; readonly body: unknown; readonly type?: string }>();
  /** Changes of the next registration. */
  registrationPatch: Body = {};
  clientId = randomUUID();
  apiKey = '';
  systemUrl = '';
  /** The CRM's last reply to the registration. */
  registered: Body = {};
  private readonly server: Server;
  private shipments = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.handle(request).then(
        ({ status, body, type }) =>
          response
            .writeHead(status, { 'content-type': type ?? 'application/json' })
            .end(Buffer.isBuffer(body) ? body : JSON.stringify(body)),
        (error: unknown) =>
          response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ success: false, errorMsg: String(error) })),
      );
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/${this.code}`;
  }

  /** Calls the CRM's API with the module's key. */
  async call(path: string, form: { readonly [name: string]: string }): Promise<{ readonly status: number; readonly body: Body }> {
    const response = await fetch(`${this.systemUrl}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': this.apiKey },
      body: new URLSearchParams(form),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }

  /** Sends statuses by tracking. */
  track(statusUpdate: unknown): Promise<{ readonly status: number; readonly body: Body }> {
    return this.call(`/api/v5/delivery/generic/${this.code}/tracking`, { statusUpdate: JSON.stringify(statusUpdate) });
  }

  /** Returns the registration to send. */
  registration(): Body {
    return {
      code: this.code,
      integrationCode: this.code,
      active: true,
      name: 'Stand-in',
      logo: `${this.url}/logo.svg`,
      clientId: this.clientId,
      baseUrl: this.url,
      accountUrl: `${this.url}/account`,
      actions: { activity: 'callbacks/activity', settings: '/callbacks/settings' },
      availableCountries: ['RU', 'ES', 'MX'],
      integrations: {
        delivery: {
          actions: Object.fromEntries(
            ['calculate', 'save', 'get', 'delete', 'print', 'shipmentSave', 'shipmentDelete', 'shipmentPointList', 'tariffList'].map(
              (name) => [name, `/callbacks/${name}`],
            ),
          ),
          payerType: ['sender', 'receiver'],
          allowTrackNumber: true,
          allowPackages: true,
          codAvailable: true,
          selfShipmentAvailable: true,
          statusList: [
            { code: 'created', name: 'Created', isEditable: true },
            { code: 'transit', name: 'On its way' },
            { code: 'delivered', name: 'Delivered' },
            { code: 'lost', name: 'Lost', isError: true },
          ],
          plateList: [
            { type: 'order', code: 'label', label: 'Label' },
            { type: 'shipment', code: 'manifest', label: 'Manifest' },
          ],
          deliveryDataFieldList: [
            { code: 'gate', label: 'Gate', type: 'autocomplete', autocompleteUrl: '/callbacks/autocomplete/gate', editable: true },
          ],
        },
      },
      ...this.registrationPatch,
    };
  }

  private async handle(request: IncomingMessage): Promise<{ status: number; body: unknown; type?: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString('utf8');
    const url = new URL(request.url ?? '/', this.origin);
    if (url.pathname === '/operator/api/deliveries/statuses') return this.report(request, JSON.parse(text) as Body[]);
    const contentType = request.headers['content-type'] ?? '';
    const form = contentType.startsWith('multipart/')
      ? await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
      : new URLSearchParams(text);
    const fields = Object.fromEntries([...url.searchParams, ...form].map(([name, value]) => [name, String(value)]));
    const name = url.pathname.replace(`/${this.code}/`, '').replace('callbacks/', '').split('/')[0] ?? '';
    const clientHeader = request.headers['x-client-id'];
    this.received.push({ name, fields, ...(typeof clientHeader === 'string' && { clientHeader }) });
    const wrong = this.wrong.get(name);
    if (wrong) return wrong;
    if (name === 'config')
      return ok({ scopes: ['integration_read', 'integration_write', 'order_read'], registerUrl: `${this.url}/register` });
    if (name === 'register') return this.register(JSON.parse(fields['register'] ?? '{}') as Body);
    if (fields['clientId'] !== this.clientId) return { status: 403, body: { success: false, errorMsg: 'Unknown client' } };
    return this.callback(name, name in fields ? (JSON.parse(fields[name] ?? '{}') as Body) : fields);
  }

  private async register(body: Body): Promise<{ status: number; body: unknown }> {
    const token = createHmac('sha256', this.secret).update(String(body['apiKey'])).digest('hex');
    if (token !== body['token']) return { status: 401, body: { success: false, errorMsg: 'Bad token' } };
    this.apiKey = String(body['apiKey']);
    this.systemUrl = String(body['systemUrl']);
    const { status, body: answer } = await this.call(`/api/v5/integration-modules/${this.code}/edit`, {
      integrationModule: JSON.stringify(this.registration()),
    });
    this.registered = answer;
    if (status !== 200)
      return { status: 502, body: { success: false, errorMsg: `The CRM refused the registration: ${JSON.stringify(answer)}` } };
    return ok({ accountUrl: `${this.url}/account?token=x` });
  }

  private callback(name: string, body: Body): { status: number; body: unknown; type?: string } {
    const delivery = this.deliveries.find((one) => one.deliveryId === body['deliveryId'] && !one.deleted);
    switch (name) {
      case 'calculate':
        return ok({
          result: [
            { code: 'door', name: 'To the door', type: 'courier', cost: 350, minTerm: 1, maxTerm: 2, extraData: [] },
            {
              code: 'point',
              name: 'To a point',
              type: 'selfDelivery',
              cost: 150.5,
              minTerm: 1,
              maxTerm: 3,
              pickuppointList: [
                { code: 'P1', name: 'Point 1', address: 'Street 1', coordinates: { latitude: '55.75', longitude: '37.61' } },
              ],
            },
          ],
        });
      case 'save': {
        if (body['deliveryId'] !== undefined && !delivery)
          return { status: 404, body: { success: false, errorMsg: 'No such delivery', errors: { deliveryId: 'is not known' } } };
        const tariff = String((body['delivery'] as Body)['tariff']);
        let saved = delivery ?? this.deliveries.find((one) => one.order === body['order'] && !one.deleted);
        if (saved) saved.tariff = tariff;
        else {
          saved = {
            deliveryId: `D${this.deliveries.length + 1}`,
            order: String(body['order']),
            trackNumber: `T${1000 + this.deliveries.length}`,
            tariff,
            status: 'created',
            deleted: false,
          };
          this.deliveries.push(saved);
        }
        return ok({ result: { deliveryId: saved.deliveryId, trackNumber: saved.trackNumber, cost: 350, status: saved.status } });
      }
      case 'get':
        if (!delivery) return { status: 404, body: { success: false, errorMsg: 'No such delivery' } };
        return ok({
          result: {
            trackNumber: delivery.trackNumber,
            tariff: delivery.tariff,
            payerType: 'sender',
            status: { code: delivery.status, updatedAt: '2026-01-01T10:00:00+03:00' },
          },
        });
      case 'delete':
        if (!delivery) return { status: 404, body: { success: false, errorMsg: 'No such delivery' } };
        delivery.deleted = true;
        return ok({});
      case 'print':
        return { status: 200, body: Buffer.from('%PDF-1.4\n%%EOF\n'), type: 'application/pdf' };
      case 'shipmentSave':
        this.shipments += 1;
        return ok({ result: { shipmentId: `S${this.shipments}` } });
      case 'shipmentPointList':
        return ok({ result: [{ code: 'W1', name: 'Depot', address: 'Depot street' }] });
      case 'tariffList':
        return ok({ result: [{ code: 'door', name: 'To the door', type: 'courier' }] });
      case 'autocomplete':
        return ok({ result: [{ value: '1', label: `Gate for ${String(body['term'])}` }] });
      default:
        return ok({});
    }
  }

  private async report(request: IncomingMessage, statuses: Body[]): Promise<{ status: number; body: unknown }> {
    if (request.headers.authorization !== `Bearer ${this.operatorToken}`) return { status: 401, body: { error: 'bad token' } };
    const byDelivery = new Map<string, Body[]>();
    for (const one of statuses) byDelivery.set(String(one['deliveryId']), [...(byDelivery.get(String(one['deliveryId'])) ?? []), one]);
    const items = [...byDelivery].map(([deliveryId, list]) => ({
      deliveryId,
      history: list.map((one) => ({
        code: one['code'],
        updatedAt: `${new Date(String(one['updatedAt'])).toISOString().slice(0, 19)}+00:00`,
        ...(one['comment'] === undefined ? {} : { comment: one['comment'] }),
      })),
    }));
    for (const item of items) {
      const delivery = this.deliveries.find((one) => one.deliveryId === item.deliveryId);
      if (delivery) delivery.status = String(item.history.at(-1)?.code);
    }
    await this.track(items);
    return { status: 200, body: { accepted: statuses.length, rejected: [], notSent: [] } };
  }
}

function ok(fields: Body): { status: number; body: unknown } {
  return { status: 200, body: { success: true, ...fields } };
}
