import { t } from '@grafana/i18n';

/** What to know and to do when an alert rule fires, for somebody who has just been woken by it. */
export interface Runbook {
  /** The rule's uid in provisioning/alerting. */
  rule: string;
  title: string;
  severity: 'critical' | 'warning';
  /** What has happened, and what it costs. */
  meaning: string;
  /** What to look at, in this order. */
  look: string[];
  /** What to do about it, the quickest first. */
  act: string[];
  /** When nothing has to be done. */
  harmless: string;
}

/** One per provisioned alert rule; a test holds the two together. */
export function runbooks(): Runbook[] {
  return [accuracy(), weightedF1(), featureDrift(), predictionShift()];
}

/** The runbook of a rule; undefined for a rule that has none. */
export function runbookOf(rule: string): Runbook | undefined {
  return runbooks().find((one) => one.rule === rule);
}

function accuracy(): Runbook {
  return {
    rule: 'accuracy_critical',
    title: t('runbook.accuracy.title', 'Accuracy below its threshold'),
    severity: 'critical',
    meaning: t(
      'runbook.accuracy.meaning',
      'Of the labels that arrived in the last hour (in the last day, where an hour holds fewer than 100), fewer were right than the threshold asks for. What the model decides is wrong more often than was agreed.'
    ),
    look: [
      t(
        'runbook.accuracy.look-version',
        'Performance: is it one version or all, and since when? A version that went live just before is the first suspect.'
      ),
      t(
        'runbook.accuracy.look-labels',
        'Samples and labels by status: are there few labels, or many late ones? Labels of one day only can be hard cases.'
      ),
      t(
        'runbook.accuracy.look-drift',
        'Feature drift: what has drifted comes before what went wrong. Invalid values point to the pipeline, not to the model.'
      ),
      t('runbook.accuracy.look-activity', 'Activity: who changed what shortly before?'),
    ],
    act: [
      t(
        'runbook.accuracy.act-rollback',
        'If it began with a promotion: Versions, Roll back. It takes seconds and asks no gate.'
      ),
      t(
        'runbook.accuracy.act-pipeline',
        'If features broke: mend the pipeline. Another version would only get the same wrong input.'
      ),
      t(
        'runbook.accuracy.act-retrain',
        'If the world has changed: retrain on recent data, save it as a version, and let the gates decide.'
      ),
    ],
    harmless: t(
      'runbook.accuracy.harmless',
      'When labels of another population were loaded later, or the threshold was never reachable: change it for this model under Policy.'
    ),
  };
}

function weightedF1(): Runbook {
  return {
    rule: 'f1_warning',
    title: t('runbook.f1.title', 'Weighted F1 below its threshold'),
    severity: 'warning',
    meaning: t(
      'runbook.f1.meaning',
      'F1, weighted by how often each class is true, is below the threshold. While accuracy holds, a rarer class is often the one that suffers.'
    ),
    look: [
      t('runbook.f1.look-class', 'F1 per class: which class has fallen, and how many labels has it?'),
      t('runbook.f1.look-share', 'Predicted classes: is the class predicted less often than before?'),
      t('runbook.f1.look-drift', 'Feature drift: the features that tell the class from the others.'),
    ],
    act: [
      t('runbook.f1.act-rollback', 'If it began with a promotion: Versions, Roll back.'),
      t('runbook.f1.act-retrain', 'Otherwise collect labels of the class that has fallen, and retrain.'),
    ],
    harmless: t(
      'runbook.f1.harmless',
      'A class with a handful of labels makes F1 waver. Look at n first; a longer window tells more.'
    ),
  };
}

function featureDrift(): Runbook {
  return {
    rule: 'feature_drift',
    title: t('runbook.drift.title', 'A feature has drifted'),
    severity: 'warning',
    meaning: t(
      'runbook.drift.meaning',
      'In at least two of the last three windows a feature lay farther from its reference than the threshold, and farther than chance alone reaches. The model sees data it was not trained on; whether that costs accuracy, labels will tell later.'
    ),
    look: [
      t(
        'runbook.drift.look-feature',
        'Drift: which features, and how far beyond chance? Many at once point to the source of the data, one to its own pipeline.'
      ),
      t('runbook.drift.look-shift', 'Shift of predicted classes: does the model decide differently already?'),
      t('runbook.drift.look-accuracy', 'Accuracy, as far as labels have come in.'),
    ],
    act: [
      t(
        'runbook.drift.act-unit',
        'Ask the owners of the source first: a new unit, a renamed category and a default value are the usual causes.'
      ),
      t(
        'runbook.drift.act-retrain',
        'If the change is real and lasts: retrain. The new version brings a new reference with it.'
      ),
      t('runbook.drift.act-threshold', 'If it is real and harmless: raise the threshold for this model under Policy.'),
    ],
    harmless: t(
      'runbook.drift.harmless',
      'Seasons and weekdays drift and come back. A reference of a whole year, or a longer window, keeps quiet about them.'
    ),
  };
}

function predictionShift(): Runbook {
  return {
    rule: 'prediction_shift',
    title: t('runbook.shift.title', 'Predicted classes have shifted'),
    severity: 'warning',
    meaning: t(
      'runbook.shift.meaning',
      'Between two windows the share of a class changed by more than the threshold and by more than chance. No label is needed to see it, so it is often the first sign.'
    ),
    look: [
      t('runbook.shift.look-share', 'Predicted classes: which class grew, and was it sudden or slow?'),
      t(
        'runbook.shift.look-version',
        'Activity: did another version go live? Two versions may differ in this without either being wrong.'
      ),
      t('runbook.shift.look-drift', 'Feature drift and traffic: other customers bring other classes.'),
    ],
    act: [
      t('runbook.shift.act-rollback', 'If it began with a promotion and nobody expected it: Versions, Roll back.'),
      t(
        'runbook.shift.act-label',
        'Otherwise have some of the recent predictions labelled now, rather than waiting for labels to come.'
      ),
    ],
    harmless: t(
      'runbook.shift.harmless',
      'A campaign, a holiday, a new customer. When accuracy holds once labels are in, nothing was wrong.'
    ),
  };
}
