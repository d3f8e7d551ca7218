import { EmbeddedScene, SceneFlexLayout, sceneGraph, SceneVariableSet } from '@grafana/scenes';
import { firstValueFrom, of } from 'rxjs';
import { VersionVariable } from '../../../grafana-plugin/src/pages/model/version-variable';
import { WindowVariable } from '../../../grafana-plugin/src/pages/shared/window-variable';
import { recorded } from '../../../grafana-plugin/src/queries/promql';

const query = recorded('accuracy', { model: 'a$version', version: { variable: 'version' } });

/** The variable after Prometheus answered with these versions. */
async function updated(version: VersionVariable, found: string[]): Promise<VersionVariable> {
  jest.spyOn(version, 'getValueOptions').mockReturnValue(of(found.map((value) => ({ value, label: value }))));
  await firstValueFrom(version.validateAndUpdate());
  return version;
}

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

test('a page begins with the newest version', async () => {
  const version = await updated(new VersionVariable('a', 'prometheus'), ['2', '1']);
  expect(version.state.value).toBe('2');
});

test.each([{ found: ['2', '1'] }, { found: [] }])(
  'a version that was asked for stays, refresh after refresh, where there are $found',
  async ({ found }) => {
    const version = new VersionVariable('a', 'prometheus');
    version.changeValueTo('99', '99');
    for (const _refresh of [1, 2]) {
      await updated(version, found);
      expect(version.state).toMatchObject({ value: '99', text: '99' });
    }
  },
);

test.each([
  ['version', new VersionVariable('a', 'prometheus')],
  ['window', new WindowVariable()],
])('a %s is chosen, not typed: a typed one would be in no series', (_name, variable) => {
  expect(variable.state.allowCustomValue).toBe(false);
});
