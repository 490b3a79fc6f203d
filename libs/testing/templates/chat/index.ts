export { TemplateProvider } from './template.provider.js';
