import { InjectProviders, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import type { IntegrationDeliveryDataFieldInput, IntegrationsInput } from '#crm-client/wire';
import type { Connection } from '#connections';
import type { RegistrationPart } from '#onboarding';
import { textFor } from '#platform';
import type { DataField, DeliveryProvider } from './port/index.js';

/** Paths of the callbacks below the base URL. */
const PATHS = {
  calculate: '/delivery/calculate',
  save: '/delivery/save',
  get: '/delivery/get',
  delete: '/delivery/delete',
  print: '/delivery/print',
  shipmentPointList: '/delivery/shipment-points',
  tariffList: '/delivery/tariffs',
  shipmentSave: '/delivery/shipment-save',
  shipmentDelete: '/delivery/shipment-delete',
};

/** What the CRM is told a delivery module can do: derived from the provider's manifest and methods, so that it cannot promise more (reference: DeliveryConfiguration). */
@Injectable()
export class DeliveryRegistration implements RegistrationPart {
  readonly integration = 'delivery';
  readonly scopes = ['delivery_read', 'delivery_write'];
  /** Payment types, warehouses and statuses are assigned there too. */
  readonly shopChoices = ['delivery.settings'] as const;

  constructor(@InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>) {}

  build(connection: Connection): IntegrationsInput {
    const provider = this.providers.of(connection);
    const { manifest } = provider;
    const { language } = connection.account;
    return {
      delivery: {
        actions: actionsOf(provider),
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
        plateList: provider.print
          ? manifest.forms.map((form) => ({ type: form.entity, code: form.code, label: textFor(form.label, language) }))
          : [],
        deliveryDataFieldList: manifest.dataFields.map((field) => dataFieldOf(field, language)),
        shipmentDataFieldList: provider.saveShipment ? manifest.shipmentDataFields.map((field) => dataFieldOf(field, language)) : [],
        settings: {
          defaultPayerType: manifest.payerTypes[0] ?? 'receiver',
          costCalculateBy: 'auto',
          nullDeclaredValue: false,
          lockedByDefault: false,
        },
      },
    };
  }
}

/** Callbacks by the method each needs; `get` is always answered, from what we keep. */
function actionsOf(provider: DeliveryProvider): Record<string, string> {
  const able: Record<keyof typeof PATHS, boolean> = {
    calculate: true,
    save: true,
    get: true,
    delete: provider.cancel !== undefined,
    print: provider.print !== undefined,
    shipmentPointList: provider.listPickupPoints !== undefined,
    tariffList: provider.listTariffs !== undefined,
    shipmentSave: provider.saveShipment !== undefined,
    shipmentDelete: provider.cancelShipment !== undefined,
  };
  return Object.fromEntries(Object.entries(PATHS).filter(([action]) => able[action as keyof typeof PATHS]));
}

function dataFieldOf(field: DataField, language: string): IntegrationDeliveryDataFieldInput {
  return {
    code: field.code,
    label: textFor(field.label, language),
    ...(field.hint && { hint: textFor(field.hint, language) }),
    type: field.type,
    multiple: field.multiple ?? false,
    ...(field.choices && { choices: Object.fromEntries(field.choices.map((choice) => [choice.code, textFor(choice.label, language)])) }),
    ...(field.type === 'autocomplete' && { autocompleteUrl: `/delivery/autocomplete/${field.code}` }),
    visible: field.visible ?? true,
    required: field.required ?? false,
    affectsCost: field.affectsCost ?? false,
    editable: field.editable ?? true,
  };
}
