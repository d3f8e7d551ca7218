import { t } from '@grafana/i18n';
import { CustomVariable } from '@grafana/scenes';

/** The windows the recording rules know. */
export const WINDOWS = ['5m', '1h', '24h'];

const DEFAULT_WINDOW = '1h';

/** The window every value is computed over. It lives in the address as `var-window`. */
export class WindowVariable extends CustomVariable {
  public constructor() {
    super({
      name: 'window',
      label: t('controls.window.label', 'Window'),
      description: t('controls.window.description', 'Every value is computed over this much time.'),
      query: WINDOWS.join(','),
      value: DEFAULT_WINDOW,
      text: DEFAULT_WINDOW,
      allowCustomValue: false,
    });
  }

  /** Scenes keeps whatever the address says at first; a window without recording rules would leave every panel empty. */
  public override validateAndUpdate(): ReturnType<CustomVariable['validateAndUpdate']> {
    if (!WINDOWS.includes(String(this.state.value))) {
      this.changeValueTo(DEFAULT_WINDOW, DEFAULT_WINDOW);
    }
    return super.validateAndUpdate();
  }
}
