import { initPluginTranslations } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import pluginJson from './plugin.json';

/** Must be done before any text is asked for. English texts stand in the source; scenes brings its own. */
export async function loadTranslations(): Promise<void> {
  await initPluginTranslations(pluginJson.id, [loadResources]);
}
