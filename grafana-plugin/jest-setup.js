// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';
import { initPluginTranslations } from '@grafana/i18n';

// jsdom lays nothing out, so there is nothing to observe; scenes only needs the names.
class SilentObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Object.assign(global, { IntersectionObserver: SilentObserver, ResizeObserver: SilentObserver });

// i18next greets on the console, in every test file anew.
jest.spyOn(console, 'info').mockImplementation(() => {});

// Texts are asked for as in Grafana: translations are ready before the first page.
beforeAll(() => initPluginTranslations('plumbline-models-app', []));
