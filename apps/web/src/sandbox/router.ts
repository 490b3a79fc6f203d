import { createRouter, createWebHashHistory } from 'vue-router';
import ModulesPage from './modules/ModulesPage.vue';

/** The screens. They are routed by the hash, because the page's path belongs to the CRM. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', component: ModulesPage, meta: { title: 'Modules' } },
    {
      path: '/modules/:code/:place(page|phone)',
      component: () => import('./modules/FramePage.vue'),
      props: true,
      meta: { title: 'Module' },
    },
    {
      path: '/modules/:code/pages/:page',
      component: () => import('./widgets/WidgetPage.vue'),
      props: true,
      meta: { title: 'Module' },
    },
    { path: '/orders', component: () => import('./orders/OrdersPage.vue'), meta: { title: 'Orders' } },
    { path: '/orders/:order', component: () => import('./orders/OrderPage.vue'), props: true, meta: { title: 'Order' } },
    { path: '/customers/:customer', component: () => import('./customers/CustomerPage.vue'), props: true, meta: { title: 'Customer' } },
    { path: '/shipments', component: () => import('./shipments/ShipmentsPage.vue'), meta: { title: 'Shipments' } },
    { path: '/payments', component: () => import('./payments/PaymentsPage.vue'), meta: { title: 'Payments' } },
    { path: '/stock', component: () => import('./stock/StockPage.vue'), meta: { title: 'Stock' } },
    { path: '/phone', component: () => import('./phone/PhonePage.vue'), meta: { title: 'Phone' } },
    { path: '/dialogues', component: () => import('./dialogues/DialoguesPage.vue'), meta: { title: 'Dialogues' } },
    { path: '/exchanges', component: () => import('./exchanges/ExchangesPage.vue'), meta: { title: 'Requests' } },
    { path: '/faults', component: () => import('./faults/FaultsPage.vue'), meta: { title: 'Faults' } },
    { path: '/settings', component: () => import('./settings/SettingsPage.vue'), meta: { title: 'Account' } },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

router.afterEach((to) => {
  document.title = `${String(to.meta.title)} – Sandbox CRM`;
});
