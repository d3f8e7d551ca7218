import { getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import pluginJson from '../plugin.json';
import type { AppSettings, AppTokens } from '../settings';
import { problemFrom } from './problem';

/** Everything Grafana keeps of the app. What is left out would be lost, so all of it is sent. */
export interface SettingsToSave {
  enabled: boolean;
  pinned: boolean;
  jsonData: AppSettings;
  /** Only the tokens that change; an empty text would overwrite one. */
  secureJsonData: Partial<AppTokens>;
}

/** Saves the app's settings in Grafana. @throws Problem */
export async function saveSettings(settings: SettingsToSave): Promise<void> {
  try {
    await lastValueFrom(
      getBackendSrv().fetch({
        url: `api/plugins/${pluginJson.id}/settings`,
        method: 'POST',
        data: settings,
        showErrorAlert: false,
        showSuccessAlert: false,
      }),
      { defaultValue: undefined }
    );
  } catch (error) {
    throw problemFrom(error);
  }
}
