import { t } from '@grafana/i18n';
import { hasPermission } from '@grafana/runtime';
import { getExploreURL, type SceneObject, sceneGraph, VizPanelMenu } from '@grafana/scenes';

/** What Grafana asks of whoever opens Explore; editors and administrators have it. */
const MAY_EXPLORE = 'datasources:explore';

/** A panel's menu: its queries in Explore, to look closer or to change them. None for those who may not go there. */
export function exploreMenu(): VizPanelMenu | undefined {
  return hasPermission(MAY_EXPLORE) ? new VizPanelMenu({ $behaviors: [offerExplore] }) : undefined;
}

/** Runs whenever the menu opens, so that the link has the time range and version of that moment. */
function offerExplore(menu: SceneObject): void {
  const { data } = sceneGraph.getData(menu).state;
  if (!(menu instanceof VizPanelMenu) || !data) {
    return;
  }
  const { from, to } = sceneGraph.getTimeRange(menu).state;
  void getExploreURL(data, menu, { from, to }).then((href) => {
    menu.setItems([{ text: t('panels.menu.explore', 'Explore'), iconClassName: 'compass', href }]);
  });
}
