import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pluginJson from '../../grafana-plugin/src/plugin.json';

const PLUGIN = resolve(__dirname, '../../grafana-plugin');

describe('plugin.json', () => {
  it('is an app under the id everything else names', () => {
    expect(pluginJson).toMatchObject({ id: 'plumbline-models-app', type: 'app', name: 'Plumbline' });
  });

  it('asks for Grafana 12.4 without an upper bound', () => {
    expect(pluginJson.dependencies.grafanaDependency).toBe('>=12.4.0');
  });

  it('gives every page a path of ours and a role Grafana knows', () => {
    // An unknown role would not deny anything: Grafana leaves such a page open.
    for (const include of pluginJson.includes) {
      expect(include.path).toMatch(/^\/a\/%PLUGIN_ID%\//);
      expect(['Viewer', 'Editor', 'Admin']).toContain(include.role);
    }
    expect(pluginJson.includes.filter(({ defaultNav }) => defaultNav)).toHaveLength(1);
  });

  it('names images that exist and hold nothing that runs', () => {
    for (const path of Object.values(pluginJson.info.logos)) {
      const file = join(PLUGIN, 'src', path);
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, 'utf8')).not.toMatch(/<script|on\w+=|href=/);
    }
  });

  it('takes its version from a package.json under the Apache licence', () => {
    expect(pluginJson.info.version).toBe('%VERSION%');
    expect(JSON.parse(readFileSync(join(PLUGIN, 'package.json'), 'utf8'))).toMatchObject({ license: 'Apache-2.0' });
    expect(readFileSync(join(PLUGIN, 'LICENSE'), 'utf8')).not.toMatch(/\{yyyy\}|\{name of copyright owner\}/);
  });
});
