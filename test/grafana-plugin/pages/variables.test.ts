import { EmbeddedScene, SceneFlexLayout, sceneGraph, SceneVariableSet } from '@grafana/scenes';
import { firstValueFrom } from 'rxjs';
import { VersionVariable } from '../../../grafana-plugin/src/pages/model/version-variable';
import { WindowVariable } from '../../../grafana-plugin/src/pages/shared/window-variable';
import { recorded } from '../../../grafana-plugin/src/queries/promql';

const query = recorded('accuracy', { model: 'a$version', version: { variable: 'version' } });

function sceneWith(version: string): EmbeddedScene {
  const versions = new VersionVariable('a', 'prometheus');
  versions.setState({ value: version, text: version });
  return new EmbeddedScene({
    $variables: new SceneVariableSet({ variables: [versions, new WindowVariable()] }),
    body: new SceneFlexLayout({ children: [] }),
  });
}

test('a query is filled in with an escaped version, and a model that looks like a variable stays itself', () => {
  expect(sceneGraph.interpolate(sceneWith('1"2\\'), query)).toBe(
    'ml:accuracy:1h{model="a\\x24version",version="1\\"2\\\\"}',
  );
});

test("the data source's own way of escaping does not add to ours", () => {
  const shout = (value: unknown) => String(value).toUpperCase();
  expect(sceneGraph.interpolate(sceneWith('v"1'), 'x{version="${version}"}', undefined, shout)).toBe(
    'x{version="v\\"1"}',
  );
});

test('a window nobody records falls back to one hour', async () => {
  const window = new WindowVariable();
  window.changeValueTo('2h] or vector(1', '2h');
  await firstValueFrom(window.validateAndUpdate());
  expect(window.state.value).toBe('1h');
});

test.each(['5m', '1h', '24h'])('a window of %s is kept', async (value) => {
  const window = new WindowVariable();
  window.changeValueTo(value, value);
  await firstValueFrom(window.validateAndUpdate());
  expect(window.state.value).toBe(value);
});
