import { t, Trans } from '@grafana/i18n';
import { type SceneComponentProps, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import { Alert, EmptyState, LoadingPlaceholder, Text } from '@grafana/ui';
import React, { type ComponentType, Suspense } from 'react';
import { isCollectorName } from '../../control-plane/address';
import { useModel } from '../../control-plane/reads';
import { whyNot } from '../../permissions';
import { ProblemAlert } from '../shared/ProblemAlert';

/** A tab about what the collector manages of a model. */
export type ModelView = ComponentType<{ model: string }>;

interface ManagedTabState extends SceneObjectState {
  model: string;
  view: ModelView;
}

/** Sets a React page into a tab of the model's page, for models the collector knows. */
export class ManagedTab extends SceneObjectBase<ManagedTabState> {
  public static Component = ManagedTabView;
}

function ManagedTabView({ model: scene }: SceneComponentProps<ManagedTab>) {
  const { model, view } = scene.useState();
  const refusal = whyNot('read');
  if (refusal !== undefined) {
    return <Alert severity="warning" title={refusal} />;
  }
  return isCollectorName(model) ? <KnownModel model={model} view={view} /> : <UnknownToCollector />;
}

/** The scene lays its body out as a flex item, which would be only as wide as its content. */
const FILL = { flexGrow: 1, minWidth: 0 };

function KnownModel({ model, view: View }: { model: string; view: ModelView }) {
  const state = useModel(model);
  if (state.error?.details.code === 'not_found') {
    return <UnknownToCollector />;
  }
  if (state.data) {
    // What the view itself asks for says what fails; the model's own record is only the door to it.
    return (
      <div style={FILL}>
        <Suspense fallback={<LoadingPlaceholder text={loadingText()} />}>
          <View model={model} />
        </Suspense>
      </div>
    );
  }
  return (
    <div style={FILL}>
      {state.error ? (
        <ProblemAlert problem={state.error} onRetry={() => void state.refetch()} />
      ) : (
        <LoadingPlaceholder text={loadingText()} />
      )}
    </div>
  );
}

function loadingText(): string {
  return t('managed.loading', 'Asking the collector for the model…');
}

function UnknownToCollector() {
  return (
    <div style={FILL}>
      <EmptyState variant="not-found" message={t('managed.unknown.title', 'The collector does not know this model')}>
        <Text color="secondary">
          <Trans i18nKey="managed.unknown.text">
            Its monitor runs inside the model’s own process and reports to Prometheus alone. Save a version of it, or
            send its predictions to the collector, and what is managed appears here.
          </Trans>
        </Text>
      </EmptyState>
    </div>
  );
}
