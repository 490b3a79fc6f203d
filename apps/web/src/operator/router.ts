import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { pageRoot } from '../kit/page-root.js';
import { setTitle } from './title.js';

declare module 'vue-router' {
  interface RouteMeta {
    /** Title of the page in the browser's tab. */
    title: string;
    /** Label in the menu, in the order of the routes. Without one, the page is linked from other pages. */
    menu?: string;
    /** The page is about the whole deployment, so operators who are limited to modules cannot open it. */
    isOfAllModules?: boolean;
  }
}

/** The console's pages, each loaded when it is first opened. */
export const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./overview/OverviewPage.vue'), meta: { title: 'Overview', menu: 'Overview' } },
  { path: '/connections', component: () => import('./shops/ShopsPage.vue'), meta: { title: 'Connections', menu: 'Connections' } },
  // Links and bookmarks from before the pages were renamed.
  { path: '/shops/:rest(.*)*', redirect: ({ fullPath }) => fullPath.replace('/shops', '/connections') },
  { path: '/failures', component: () => import('./failures/FailuresPage.vue'), meta: { title: 'Failures', menu: 'Failures' } },
  { path: '/failures/:what/:group', component: () => import('./failures/FailureGroupPage.vue'), meta: { title: 'Failures' } },
  { path: '/connections/:id', component: () => import('./shop/ShopPage.vue'), meta: { title: 'Connection' } },
  { path: '/stories/:kind/:id', component: () => import('./story/StoryPage.vue'), meta: { title: 'Story' } },
  { path: '/search', component: () => import('./search/SearchPage.vue'), meta: { title: 'Search' } },
  { path: '/usage', component: () => import('./usage/UsagePage.vue'), meta: { title: 'Usage', menu: 'Usage' } },
  { path: '/system', component: () => import('./system/SystemPage.vue'), meta: { title: 'System', menu: 'System', isOfAllModules: true } },
  { path: '/:path(.*)*', component: () => import('./NotFoundPage.vue'), meta: { title: 'Not found' } },
];

export const router = createRouter({
  history: createWebHistory(`${new URL(pageRoot()).pathname.replace(/\/$/, '')}/operator`),
  routes,
  // "Back" restores the scroll position. A change of filter keeps it.
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

router.afterEach(({ meta }) => setTitle(meta.title));
