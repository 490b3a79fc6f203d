import { definePageRunner, defineRunner, defineWidgetRunner, runEndpoint } from '@retailcrm/embed-ui-v1-endpoint/remote';
import CardWidget from './CardWidget.vue';
import RegistryPage from './RegistryPage.vue';

/** Each target has its own instance of the same component: the server sends what a target shows. */
const widget = defineWidgetRunner(CardWidget);

runEndpoint(
  defineRunner({
    widgets: [
      {
        'order/card:delivery.after': widget,
        'order/mg:delivery.after': widget,
        'order/card:payment.before': widget,
        'order/mg:payment.before': widget,
        'customer/card:phone': widget,
        'order/card:customer.phone': widget,
        'order/card:list.after': widget,
        'customer/card:communications.after': widget,
      },
    ],
    pages: [{ registry: definePageRunner(RegistryPage) }],
  }),
);
