import { t } from '@grafana/i18n';
import { EmbeddedScene, SceneAppPage, SceneVariableSet } from '@grafana/scenes';
import { promRunner } from '../../queries/prom-query';
import { KEPT_URL_KEYS, MODELS_URL } from '../../routing';
import { modelPage } from '../model/model-page';
import { pageControls, pageTimeRange } from '../shared/controls';
import { WindowVariable } from '../shared/window-variable';
import { modelQueries } from './model-rows';
import { ModelsTable } from './ModelsTable';

/** The list of all models; each model's own page lies below it. */
export function modelsPage(prometheusUid: string): SceneAppPage {
  return new SceneAppPage({
    title: t('models.title', 'Models'),
    subTitle: t('models.subtitle', 'How every model did over the window before the end of the time range.'),
    url: MODELS_URL,
    routePath: 'models/*',
    preserveUrlKeys: KEPT_URL_KEYS,
    getScene: () => modelsScene(prometheusUid),
    drilldowns: [
      {
        routePath: ':model/*',
        getPage: (match, parent) => modelPage(match.params.model ?? '', parent, prometheusUid),
      },
    ],
  });
}

function modelsScene(prometheusUid: string): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: pageTimeRange(),
    $variables: new SceneVariableSet({ variables: [new WindowVariable()] }),
    controls: pageControls(),
    body: new ModelsTable({ $data: promRunner(prometheusUid, modelQueries()) }),
  });
}
