import { VariableRefresh, VariableSort } from '@grafana/data';
import { t } from '@grafana/i18n';
import { type CustomVariableValue, QueryVariable } from '@grafana/scenes';
import { versionsOf } from '../../queries/known-models';
import { prometheusRef } from '../../queries/prom-query';
import { escapeLabelValue } from '../../queries/promql';

/** The variable's name in queries and, as `var-version`, in the address. */
export const VERSION = 'version';

/** The version a model's page is about, newest first. It writes itself into queries already escaped. */
export class VersionVariable extends QueryVariable {
  public constructor(model: string, prometheusUid: string) {
    super({
      name: VERSION,
      label: t('controls.version.label', 'Version'),
      datasource: prometheusRef(prometheusUid),
      query: { query: versionsOf(model), refId: 'versions' },
      refresh: VariableRefresh.onTimeRangeChanged,
      sort: VariableSort.naturalDesc,
      allowCustomValue: false,
    });
  }

  /** Grafana's own escaping depends on the data source and on the kind of variable; ours does not. */
  public override getValue(): CustomVariableValue {
    return { formatter: () => escapeLabelValue(String(this.state.value)) };
  }

  /**
   * A version that was asked for stays, even when the time range has none of that name; VersionNotice then says so.
   * Scenes would put another version in its place at the next refresh, under the eyes of whoever followed a link.
   */
  protected override interceptStateUpdateAfterValidation(update: Partial<QueryVariable['state']>): void {
    const { value, text } = this.state;
    super.interceptStateUpdateAfterValidation(update);
    if (value !== '') {
      Object.assign(update, { value, text });
    }
  }
}
