import { matchers, WINDOW } from './promql';

const INFO = 'ml_model_info';

/** Every version that was scraped within the window, with or without predictions and labels. */
export function knownModels(): string {
  return `max by (model, version) (last_over_time(${INFO}[${WINDOW}]))`;
}

/** Fills the version variable: the versions of one model within the time range. */
export function versionsOf(model: string): string {
  return `label_values(${INFO}${matchers({ model })}, version)`;
}
