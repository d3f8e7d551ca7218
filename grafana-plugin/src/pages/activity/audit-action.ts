import { t } from '@grafana/i18n';

/** What the log calls its entries about a model; an action it does not know is shown by its own name. */
const NAMES: Record<string, () => string> = {
  'model.changed': () => t('audit.action.model-changed', 'Model declared anew'),
  'policy.changed': () => t('audit.action.policy-changed', 'Policy changed'),
  'version.saved': () => t('audit.action.version-saved', 'Version saved'),
  'version.changed': () => t('audit.action.version-changed', 'Version described anew'),
  'version.deleted': () => t('audit.action.version-deleted', 'Version deleted'),
  'version.promoted': () => t('audit.action.version-promoted', 'Version promoted'),
  'version.overridden': () => t('audit.action.version-overridden', 'Version promoted past its gates'),
  'version.rolled_back': () => t('audit.action.version-rolled-back', 'Rolled back to a version'),
  'version.deprecated': () => t('audit.action.version-deprecated', 'Version deprecated'),
  'transition.refused': () => t('audit.action.transition-refused', 'Promotion refused by a gate'),
  'experiment.created': () => t('audit.action.experiment-created', 'Experiment created'),
  'experiment.changed': () => t('audit.action.experiment-changed', 'Experiment changed'),
  'experiment.started': () => t('audit.action.experiment-started', 'Experiment started'),
  'experiment.paused': () => t('audit.action.experiment-paused', 'Experiment paused'),
  'experiment.ended': () => t('audit.action.experiment-ended', 'Experiment ended'),
  'experiment.guardrail': () => t('audit.action.experiment-guardrail', 'Experiment ended by a guardrail'),
  'feedback.reviewed': () => t('audit.action.feedback-reviewed', 'Feedback reviewed'),
  'feedback.exported': () => t('audit.action.feedback-exported', 'Feedback exported'),
  'retraining.started': () => t('audit.action.retraining-started', 'Retraining started'),
  'retraining.refused': () => t('audit.action.retraining-refused', 'Retraining refused'),
  'retraining.finished': () => t('audit.action.retraining-finished', 'Retraining finished'),
  'retraining.cancelled': () => t('audit.action.retraining-cancelled', 'Retraining cancelled'),
  'retraining.interrupted': () => t('audit.action.retraining-interrupted', 'Retraining interrupted'),
};

/** An action as people read it. */
export function actionName(action: string): string {
  return NAMES[action]?.() ?? action;
}

/** What the log can be narrowed to. */
export function actionOptions(): Array<{ value: string; label: string }> {
  const known = Object.keys(NAMES).map((value) => ({ value, label: actionName(value) }));
  return [{ value: '', label: t('audit.all', 'All changes') }, ...known];
}
