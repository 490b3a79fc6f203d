import './docs.css';
import bundle from 'redoc/bundles/redoc.standalone.js?url';

/** The documents that are shown, by the page's address. */
const DOCUMENTS = [
  { title: 'API', page: 'docs', json: 'docs-json' },
  { title: 'Callbacks', page: 'docs/callbacks', json: 'docs/callbacks-json' },
];
/** Contrast of at least 4.5 to 1. */
const THEME = {
  colors: {
    text: { primary: '#1a1f2b', secondary: '#4a5160' },
    primary: { main: '#0050c8' },
    success: { main: '#0a6640' },
    http: { get: '#0a6640', post: '#0050c8', put: '#7a3e9d', delete: '#a8071a' },
  },
  schema: { typeNameColor: '#4a5160', typeTitleColor: '#4a5160', requireLabelColor: '#a8071a' },
  typography: { fontFamily: 'system-ui, sans-serif', headings: { fontFamily: 'system-ui, sans-serif' }, fontSize: '15px' },
};

const isCallbacks = location.pathname.replace(/\/$/, '').endsWith('/callbacks');
const root = isCallbacks ? '../' : './';
const main = document.createElement('main');
const nav = document.createElement('nav');
nav.setAttribute('aria-label', 'Documents');
nav.append(
  ...DOCUMENTS.map(({ title, page }, index) => {
    const link = document.createElement('a');
    link.href = root + page;
    link.textContent = title;
    if (Number(isCallbacks) === index) link.setAttribute('aria-current', 'page');
    return link;
  }),
);
document.querySelector('#app')?.append(nav, main);
const script = document.createElement('script');
script.src = bundle;
script.addEventListener('load', () =>
  Redoc.init(
    root + (DOCUMENTS[Number(isCallbacks)]?.json ?? ''),
    { hideLoading: true, nativeScrollbars: true, scrollYOffset: 48, theme: THEME },
    main,
  ),
);
document.head.append(script);
