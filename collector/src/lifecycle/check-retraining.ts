/** Checks the section `retraining` of a policy. */
import { Cron } from 'croner';
import { errorText } from '../errors.ts';
import { checkText, invalid } from '../registry/version-checks.ts';
import { variableFault } from './environment.ts';
import { number, whole } from './policy-numbers.ts';
import type { FollowUp, RetrainingPolicy, TriggerPolicy, ValidationPolicy } from './retraining-policy.ts';

const MAX_ARGUMENTS = 100;
const MAX_VARIABLES = 50;
const WEEK_HOURS = 7 * 24;
const DAY = 86_400;
const MAX_KEY_WINDOW = 365 * DAY;
const METRIC = /^[a-z][a-z0-9_]{0,63}$/;
/** A header of ours, or one that frames the message, is no trainer's to set. */
const HEADER = /^(?!(?:host|content-length|content-type|transfer-encoding|connection)$)[a-z0-9-]{1,100}$/i;

/** @throws PlumblineError `invalid_request` naming the field */
export function checkRetraining(policy: RetrainingPolicy): void {
  checkTrainer(policy.trainer);
  checkTriggers(policy.triggers);
  number(policy.cooldownHours, 'retraining.cooldownHours', 0, 52 * WEEK_HOURS);
  whole(policy.runsPerWeek, 'retraining.runsPerWeek', 0, 10_000);
  whole(policy.timeLimitSeconds, 'retraining.timeLimitSeconds', 1, 14 * DAY);
  const { data } = policy;
  number(data.windowDays, 'retraining.data.windowDays', 1 / 24, 3_650);
  oneOf(data.source, ['all', 'feedback'], 'retraining.data.source');
  whole(data.minimumRows, 'retraining.data.minimumRows', 1, 100_000_000);
  whole(data.maximumRows, 'retraining.data.maximumRows', data.minimumRows, 100_000_000);
  whole(data.minimumFeedback, 'retraining.data.minimumFeedback', 0, 1_000_000_000);
  number(data.feedbackWeight, 'retraining.data.feedbackWeight', 0, 1_000_000);
  checkValidation(policy.validation);
  checkFollowUp(policy.then);
}

function checkTrainer(trainer: RetrainingPolicy['trainer']): void {
  if (trainer === null) return;
  oneOf(trainer?.kind, ['command', 'webhook'], 'retraining.trainer.kind');
  if (trainer.kind === 'command') {
    const { command, environment } = trainer;
    texts(command, 'retraining.trainer.command', MAX_ARGUMENTS);
    if (!command[0]) throw invalid('retraining.trainer.command: expected a program and its arguments');
    texts(environment, 'retraining.trainer.environment', MAX_VARIABLES);
    environment.forEach((name, index) => checkVariable(name, `retraining.trainer.environment[${index}]`));
    return;
  }
  checkUrl(trainer.url);
  number(trainer.pollSeconds, 'retraining.trainer.pollSeconds', 1, DAY);
  for (const [header, name] of Object.entries(trainer.headers ?? {})) {
    if (!HEADER.test(header)) throw invalid(`retraining.trainer.headers.${header}: is no header a trainer may set`);
    checkVariable(name, `retraining.trainer.headers.${header}`);
  }
  if (trainer.under !== undefined) checkText(trainer.under, 'retraining.trainer.under', 100);
}

function checkVariable(name: string, field: string): void {
  const fault = variableFault(name);
  if (fault !== undefined)
    throw invalid(`${field}: "${name}" ${fault}`, 'Name a variable of the service’s environment.');
}

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return;
  const help = 'Secrets go into headers, whose values are read from environment variables.';
  throw invalid('retraining.trainer.url: expected an http(s) address without a name and password', help);
}

function checkTriggers({ accuracy, drift, feedback, schedule, alert }: TriggerPolicy): void {
  if (typeof alert !== 'boolean') throw invalid('retraining.triggers.alert: expected true or false');
  if (accuracy) {
    number(accuracy.below, 'retraining.triggers.accuracy.below', 0, 1);
    whole(accuracy.minimum, 'retraining.triggers.accuracy.minimum', 1, 1_000_000_000);
    number(accuracy.windowDays, 'retraining.triggers.accuracy.windowDays', 1 / 24, 3_650);
  }
  if (drift) number(drift.share, 'retraining.triggers.drift.share', 0, 1);
  if (feedback) whole(feedback.count, 'retraining.triggers.feedback.count', 1, 1_000_000_000);
  if (schedule) checkSchedule(schedule);
}

function checkSchedule({ cron, timeZone }: NonNullable<TriggerPolicy['schedule']>): void {
  checkText(cron, 'retraining.triggers.schedule.cron', 200);
  try {
    new Intl.DateTimeFormat('en', { timeZone: checkText(timeZone, 'retraining.triggers.schedule.timeZone', 100) });
  } catch {
    throw invalid(
      `retraining.triggers.schedule.timeZone: "${timeZone}" is not known`,
      'For instance UTC, Europe/Berlin.',
    );
  }
  try {
    new Cron(cron, { timezone: timeZone, paused: true });
  } catch (error) {
    const said = errorText(error).replace(/\.$/, '');
    throw invalid(`retraining.triggers.schedule.cron: ${said}`, 'For instance "0 3 * * 1": Mondays at three.');
  }
}

function checkValidation(validation: ValidationPolicy): void {
  const { heldOut, minimumRows, metric, min, max, margin, timeLimitSeconds } = validation;
  number(heldOut, 'retraining.validation.heldOut', 0.01, 0.9);
  whole(minimumRows, 'retraining.validation.minimumRows', 1, 100_000_000);
  if (typeof metric !== 'string' || !METRIC.test(metric))
    throw invalid(
      'retraining.validation.metric: expected the name of a metric',
      'For instance accuracy, f1_weighted, mae.',
    );
  if ((min === undefined) === (max === undefined))
    throw invalid(
      'retraining.validation: expected either min or max',
      'Errors such as mae are held by max, all else by min.',
    );
  number(min ?? max, `retraining.validation.${min === undefined ? 'max' : 'min'}`);
  number(margin, 'retraining.validation.margin', 0);
  whole(timeLimitSeconds, 'retraining.validation.timeLimitSeconds', 1, 14 * DAY);
}

function checkFollowUp(then: FollowUp): void {
  oneOf(then?.do, ['development', 'promote', 'experiment'], 'retraining.then.do');
  if (then.do === 'promote') oneOf(then.to, ['staging', 'production'], 'retraining.then.to');
  if (then.do !== 'experiment') return;
  number(then.weight, 'retraining.then.weight', 0, 1);
  if (then.weight === 0)
    throw invalid('retraining.then.weight: expected more than 0', 'For instance 0.1: a tenth of the keys.');
  if (then.keyWindowSeconds !== undefined)
    number(then.keyWindowSeconds, 'retraining.then.keyWindowSeconds', 0, MAX_KEY_WINDOW);
}

function texts(list: readonly string[], field: string, most: number): void {
  if (!Array.isArray(list) || list.length > most) throw invalid(`${field}: expected a list of at most ${most} texts`);
  list.forEach((text, index) => checkText(text, `${field}[${index}]`));
}

function oneOf(value: unknown, known: readonly string[], field: string): void {
  if (!known.includes(value as string)) throw invalid(`${field}: expected one of ${known.join(', ')}`);
}
