import { t } from '@grafana/i18n';
import { SceneAppPage, type SceneAppPageLike } from '@grafana/scenes';
import { decodeModelName, modelUrl } from '../../routing';
import { modelTabs } from './model-tabs';

/** The page of one model. `segment` is the part of the path that names it, as the router decoded it. */
export function modelPage(segment: string, parent: SceneAppPageLike, prometheusUid: string): SceneAppPage {
  const model = decodeModelName(segment);
  return new SceneAppPage({
    title: model,
    subTitle: t('model.subtitle', 'How it does, what versions it has, what is allowed, and who did what.'),
    url: modelUrl(model),
    routePath: ':model/*',
    getParentPage: () => parent,
    tabs: modelTabs(model, prometheusUid),
  });
}
