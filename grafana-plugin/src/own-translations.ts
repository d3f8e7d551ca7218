import { initPluginTranslations } from '@grafana/i18n';
import pluginJson from './plugin.json';

/** Must be done before any text of ours is asked for. English texts stand in the source. */
export async function loadOwnTranslations(): Promise<void> {
  await initPluginTranslations(pluginJson.id, []);
}
