import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationDeliveryDataFieldInput, IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationPart } from '#onboarding';
import { textFor } from '#platform';
import { AUTOCOMPLETE_PATH, CALLBACK_PATHS } from './delivery.paths.js';
import type { DataField, DeliveryProvider } from './port/index.js';

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
export class DeliveryRegistration implements RegistrationPart {
  readonly integration = 'delivery';
  readonly scopes = ['delivery_read', 'delivery_write'];
  /** Payment types, warehouses and statuses are assigned there too. */
  readonly shopChoices = ['delivery.settings'] as const;

  constructor(@InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const manifest = this.providers.getManifest(connection);
    const { language } = connection.account;
    return {
      delivery: {
        actions: this.listActions(connection),
        payerType: [...manifest.payerTypes],
        platePrintLimit: manifest.printLimit,
        rateDeliveryCost: true,
        allowPackages: manifest.packages,
        codAvailable: manifest.cod,
        selfShipmentAvailable: manifest.selfShipment,
        duplicateOrderProductSupported: true,
        allowTrackNumber: manifest.trackNumber,
        availableCountries: [...connection.module.countries],
        ...(manifest.requiredFields.length > 0 && { requiredFields: [...manifest.requiredFields] }),
        statusList: manifest.statuses.map((status) => ({
          code: status.code,
          name: textFor(status.name, language),
          isEditable: status.isEditable ?? false,
          isError: status.isError ?? false,
          isPreprocessing: status.isPreprocessing ?? false,
        })),
        plateList: this.providers.has(connection, 'print')
          ? manifest.forms.map((form) => ({ type: form.entity, code: form.code, label: textFor(form.label, language) }))
          : [],
        deliveryDataFieldList: manifest.dataFields.map((field) => toDataField(field, language)),
        shipmentDataFieldList: this.providers.has(connection, 'saveShipment')
          ? manifest.shipmentDataFields.map((field) => toDataField(field, language))
          : [],
        settings: {
          defaultPayerType: manifest.payerTypes[0] ?? 'receiver',
          costCalculateBy: 'auto',
          nullDeclaredValue: false,
          lockedByDefault: false,
        },
      },
    };
  }

  /** Lists the callbacks whose method the provider has; `get` is always answered, from what is stored. */
  private listActions(connection: Connection): Partial<typeof CALLBACK_PATHS> {
    const able = Object.entries(CALLBACK_PATHS).filter(([action]) => {
      const method = METHODS[action as keyof typeof CALLBACK_PATHS];
      return method === undefined || this.providers.has(connection, method);
    });
    return Object.fromEntries(able);
  }
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
