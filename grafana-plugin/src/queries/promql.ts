/** The one place that writes label values into PromQL. Every query file builds its selectors here. */

/** A label value: a text, which is escaped, or a reference to a scene variable that escapes its own value. */
export type LabelValue = string | VariableReference;

/** Names a scene variable whose interpolated value is already escaped (see VersionVariable). */
export interface VariableReference {
  readonly variable: string;
}

/** What a query on the model page is about: one version of one model, seen through the window variable. */
export interface ModelVersion {
  model: string;
  version: LabelValue;
}

/** The window variable, left for scenes to fill in; its values are the windows of the recording rules. */
export const WINDOW = '${window:raw}';

/**
 * Escapes a text for a double-quoted PromQL string. Besides PromQL's own `\`, `"` and line breaks, `$` and `[[` are
 * written as escapes: Grafana would otherwise take `a$version` in a model's name for a variable.
 */
export function escapeLabelValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('$', '\\x24')
    .replaceAll('[[', '\\x5b\\x5b');
}

/** `{model="churn",version="1"}`; an empty string when nothing is to be matched. */
export function matchers(labels: Record<string, LabelValue>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelText(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A series of the recording rules for the chosen window, for example `ml:accuracy:1h{model="churn"}`. */
export function recorded(name: string, labels: Record<string, LabelValue> = {}): string {
  return `ml:${name}:${WINDOW}${matchers(labels)}`;
}

/** The labels of one version of one model, in the order people read them. */
export function ofVersion({ model, version }: ModelVersion): Record<string, LabelValue> {
  return { model, version };
}

function labelText(value: LabelValue): string {
  return typeof value === 'string' ? escapeLabelValue(value) : `\${${value.variable}}`;
}
