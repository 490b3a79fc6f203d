import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationDeliveryDataFieldInput, IntegrationDeliverySettingsInput, IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationContributor } from '#onboarding';
import { Database, textFor } from '#platform';
import { AUTOCOMPLETE_PATH, CALLBACK_PATHS } from './delivery.paths.js';
import { isPdf } from './form-formats.js';
import type { DataField, DeliveryProvider, DeliveryTraits } from './port/index.js';

/** The provider's method that each callback needs. */
const METHODS: Record<keyof typeof CALLBACK_PATHS, keyof DeliveryProvider | undefined> = {
  calculate: 'calculate',
  save: 'save',
  get: undefined,
  delete: 'cancel',
  print: 'print',
  shipmentPointList: 'listPickupPoints',
  tariffList: 'listTariffs',
  shipmentSave: 'saveShipment',
  shipmentDelete: 'cancelShipment',
};

/**
 * Registers a delivery module's capabilities, derived from manifest and methods (reference:
 * DeliveryConfiguration).
 */
@Injectable()
export class DeliveryRegistration implements RegistrationContributor {
  readonly integration = 'delivery';
  readonly scopes = ['delivery_read', 'delivery_write'];
  /** Orders are only read to compare them, and for the number of the buyer's document. */
  readonly optionalScopes = ['order_read'];
  /** Payment types, warehouses and statuses are assigned there too. */
  readonly shopChoices = ['delivery.settings'] as const;

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly database: Database,
  ) {}

  async isUsed({ id }: Connection): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM delivery WHERE connection_id = $1 LIMIT 1', [id])).length > 0;
  }

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const { language } = connection.account;
    return {
      delivery: {
        ...(manifest.description && { description: textFor(manifest.description, language) }),
        actions: this.listActions(connection),
        payerType: [...manifest.payerTypes],
        platePrintLimit: manifest.printLimit,
        rateDeliveryCost: manifest.ratesCost ?? true,
        allowPackages: manifest.packages,
        codAvailable: manifest.cod,
        selfShipmentAvailable: manifest.selfShipment,
        duplicateOrderProductSupported: manifest.repeatedProducts ?? true,
        allowTrackNumber: manifest.trackNumber,
        availableCountries: [...(manifest.deliveryCountries ?? connection.module.countries)],
        ...(manifest.requiredFields.length > 0 && { requiredFields: [...manifest.requiredFields] }),
        statusList: manifest.statuses.map((status) => ({
          code: status.code,
          name: textFor(status.name, language),
          isEditable: status.isEditable ?? false,
          isError: status.isError ?? false,
          isPreprocessing: status.isPreprocessing ?? false,
        })),
        plateList: this.providers.has(connection, 'print')
          ? manifest.forms.filter(isPdf).map((form) => ({ type: form.entity, code: form.code, label: textFor(form.label, language) }))
          : [],
        deliveryDataFieldList: manifest.dataFields.map((field) => toDataField(field, language)),
        shipmentDataFieldList: this.providers.has(connection, 'saveShipment')
          ? manifest.shipmentDataFields.map((field) => toDataField(field, language))
          : [],
        settings: toSettings(manifest),
      },
    };
  }

  /** A payer that the settings no longer allow would make the CRM send requests that are rejected. */
  isOffered({ delivery }: IntegrationsInput, choice: string, value: unknown): boolean {
    return choice !== 'delivery.settings.defaultPayerType' || Object.values(delivery?.payerType ?? []).includes(value as string);
  }

  /**
   * Lists the callbacks whose method the provider has. `get` is always answered, from the stored delivery.
   */
  private listActions(connection: Connection): Partial<typeof CALLBACK_PATHS> {
    const able = Object.entries(CALLBACK_PATHS).filter(([action]) => {
      const method = METHODS[action as keyof typeof CALLBACK_PATHS];
      return method === undefined || this.providers.has(connection, method);
    });
    return Object.fromEntries(able);
  }
}

/**
 * Maps the initial values of a shop. Without `shopDefaults` it is the registration from before there were
 * any.
 */
function toSettings({ payerTypes, shopDefaults = {} }: DeliveryTraits): IntegrationDeliverySettingsInput {
  const { paymentTypes, shipmentPoints, statuses, deliveryExtraData, shipmentExtraData } = shopDefaults;
  return {
    defaultPayerType: shopDefaults.payerType ?? payerTypes[0] ?? 'receiver',
    costCalculateBy: shopDefaults.costCalculateBy ?? 'auto',
    nullDeclaredValue: shopDefaults.nullDeclaredValue ?? false,
    lockedByDefault: shopDefaults.lockedByDefault ?? false,
    ...(paymentTypes && { paymentTypes: paymentTypes.map(({ code, active, cod }) => ({ code, active, cod })) }),
    ...(shipmentPoints && {
      shipmentPoints: shipmentPoints.map(({ store, point, label }) => ({
        code: store,
        shipmentPointId: point,
        shipmentPointLabel: label,
      })),
    }),
    ...(statuses && { statuses: statuses.map(({ crmStatus, status }) => ({ code: crmStatus, trackingStatusCode: status })) }),
    ...(deliveryExtraData && { deliveryExtraData }),
    ...(shipmentExtraData && { shipmentExtraData }),
  };
}

function toDataField(field: DataField, language: string): IntegrationDeliveryDataFieldInput {
  return {
    code: field.code,
    label: textFor(field.label, language),
    ...(field.hint && { hint: textFor(field.hint, language) }),
    type: field.type,
    multiple: field.multiple ?? false,
    ...(field.choices && { choices: Object.fromEntries(field.choices.map((choice) => [choice.code, textFor(choice.label, language)])) }),
    ...(field.type === 'autocomplete' && { autocompleteUrl: `${AUTOCOMPLETE_PATH}/${field.code}` }),
    visible: field.visible ?? true,
    required: field.required ?? false,
    affectsCost: field.affectsCost ?? false,
    editable: field.editable ?? true,
  };
}
