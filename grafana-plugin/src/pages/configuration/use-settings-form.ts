import type { AppPluginMeta } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useState } from 'react';
import { type Problem, problemFrom } from '../../control-plane/problem';
import { saveSettings } from '../../control-plane/settings';
import { type AppSettings, type AppTokens, prometheusUidOf } from '../../settings';

/** What stands in the form. A token that is undefined stays as Grafana has it. */
interface Values {
  collectorUrl: string;
  prometheusUid: string;
  tokens: Partial<AppTokens>;
}

/** The form's state and what can be done with it. */
export interface SettingsFormState extends Values {
  isChanged: boolean;
  pending: boolean;
  problem: Problem | null;
  /** What is wrong with the address; undefined when nothing is. */
  urlFault: string | undefined;
  /** Whether Grafana holds a token of this name, and it is not about to be replaced. */
  isKept: (name: keyof AppTokens) => boolean;
  change: (values: Partial<Values>) => void;
  setToken: (name: keyof AppTokens, token: string) => void;
  save: () => Promise<void>;
}

/** Begins with what is saved. Saving reloads the page, since Grafana hands a plugin its settings once. */
export function useSettingsForm(meta: AppPluginMeta<AppSettings>): SettingsFormState {
  const saved: Values = {
    collectorUrl: meta.jsonData?.collectorUrl ?? '',
    prometheusUid: prometheusUidOf(meta.jsonData),
    tokens: {},
  };
  const [values, setValues] = useState(saved);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (changes: Partial<Values>) => setValues((before) => ({ ...before, ...changes }));
  const save = async () => {
    setPending(true);
    setProblem(null);
    try {
      await saveSettings(settingsOf(meta, values));
      window.location.reload();
    } catch (error) {
      setProblem(problemFrom(error));
      setPending(false);
    }
  };
  return {
    ...values,
    isChanged: JSON.stringify(values) !== JSON.stringify(saved),
    pending,
    problem,
    urlFault: urlFault(values.collectorUrl),
    isKept: (name) => values.tokens[name] === undefined && meta.secureJsonFields?.[name] === true,
    change,
    setToken: (name, token) => setValues((before) => ({ ...before, tokens: { ...before.tokens, [name]: token } })),
    save,
  };
}

/** All that Grafana keeps of the app, since it replaces one by the other. An empty token is left out: it would overwrite a good one. */
function settingsOf(meta: AppPluginMeta<AppSettings>, { collectorUrl, prometheusUid, tokens }: Values) {
  const given = Object.entries(tokens).flatMap(([name, token]) => (token.trim() === '' ? [] : [[name, token.trim()]]));
  return {
    enabled: meta.enabled ?? true,
    pinned: meta.pinned ?? true,
    jsonData: { ...meta.jsonData, collectorUrl: collectorUrl.trim().replace(/\/+$/, ''), prometheusUid },
    secureJsonData: Object.fromEntries(given) as Partial<AppTokens>,
  };
}

function urlFault(text: string): string | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return t('config.url.fault', 'Expected an address such as http://collector:8080.');
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '') {
    return t(
      'config.url.bare',
      'Expected an address without user, query or fragment; every user of the app can read it.'
    );
  }
  return undefined;
}
