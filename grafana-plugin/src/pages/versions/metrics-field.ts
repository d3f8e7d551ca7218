import { t } from '@grafana/i18n';

/** What is wrong with metrics as somebody typed them; undefined when they can be sent. Nothing at all is fine. */
export function metricsFault(text: string): string | undefined {
  if (text.trim() === '') {
    return undefined;
  }
  return isNumbers(text) ? undefined : t('save.metrics-fault', 'Expected JSON of names and numbers.');
}

function isNumbers(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.values(value).every((one) => typeof one === 'number');
  } catch {
    return false;
  }
}
