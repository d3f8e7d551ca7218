import { t } from '@grafana/i18n';
import { API_VERSION } from '../../control-plane/connection';
import type { Problem, ProblemKind } from '../../control-plane/problem';

/** A problem in people's words: what it is, what was said about it, and what to do. */
export interface ProblemText {
  title: string;
  /** What the collector or Grafana said; may be empty, since proxies often say nothing. */
  said: string;
  help: string;
}

/** The text of a problem. The collector's own message and help come before ours, which speak for those who say nothing. */
export function problemText(problem: Problem): ProblemText {
  const { kind, message, details } = problem;
  return { title: TITLES[kind](), said: message, help: details.help ?? HELP[kind]() };
}

const TITLES: Record<ProblemKind, () => string> = {
  disabled: () => t('problem.disabled.title', 'The app is disabled in Grafana'),
  forbidden: () => t('problem.forbidden.title', 'Your role in Grafana does not allow this'),
  'signed-out': () => t('problem.signed-out.title', 'Your session has ended'),
  token: () => t('problem.token.title', 'The collector refused the app’s token'),
  scope: () => t('problem.scope.title', 'The app’s token may not do this'),
  identity: () => t('problem.identity.title', 'The collector refused your identity'),
  unreachable: () => t('problem.unreachable.title', 'The collector cannot be reached'),
  timeout: () => t('problem.timeout.title', 'The collector did not answer in time'),
  version: () => t('problem.version.title', 'What answered is not a collector this app knows'),
  refused: () => t('problem.refused.title', 'The collector refused'),
  failed: () => t('problem.failed.title', 'The collector failed'),
};

const HELP: Record<ProblemKind, () => string> = {
  disabled: () =>
    t(
      'problem.disabled.help',
      'Enable it on its page below Administration → Plugins, in the version this page comes from.'
    ),
  forbidden: () => t('problem.forbidden.help', 'Ask a Grafana administrator for a role that does.'),
  'signed-out': () => t('problem.signed-out.help', 'Reload the page and sign in again.'),
  token: () => t('problem.token.help', 'Set the token anew on the app’s configuration page; it may have been revoked.'),
  scope: () => t('problem.scope.help', 'Set a token with the scope of the same name on the app’s configuration page.'),
  identity: () =>
    t(
      'problem.identity.help',
      'Check GRAFANA_URL, GRAFANA_ISSUER and GRAFANA_ORG_IDS of the collector against this Grafana.'
    ),
  unreachable: () =>
    t(
      'problem.unreachable.help',
      'Check that it runs, and its address on the app’s configuration page, as Grafana’s server sees it.'
    ),
  timeout: () =>
    t('problem.timeout.help', 'It may be busy. What you did may have been done; trying again does not do it twice.'),
  version: () =>
    t(
      'problem.version.help',
      'Check the address. This app speaks version {{version}} of the API; update the older of the two.',
      {
        version: API_VERSION,
      }
    ),
  refused: () => t('problem.refused.help', 'Correct what it names and try again.'),
  failed: () => t('problem.failed.help', 'Its log says why, by the id of the request.'),
};
