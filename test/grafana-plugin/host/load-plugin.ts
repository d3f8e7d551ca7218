import * as emotion from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import type { AppPlugin } from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as i18next from 'i18next';
import * as lodash from 'lodash';
import * as react from 'react';
import * as reactDom from 'react-dom';
import * as reactRouter from 'react-router';
import * as jsxRuntime from 'react/jsx-runtime';
import * as rxjs from 'rxjs';
import { HostPage } from './HostPage';

const MODULE_URL = '/public/plugins/plumbline-models-app/module.js';

/** What Grafana shares with plugins, under the names it shares them by. */
const shared: Record<string, unknown> = {
  '@emotion/css': emotion,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  // The npm package draws children only; Grafana sets a page with title and controls.
  '@grafana/runtime': { ...grafanaRuntime, PluginPage: HostPage },
  '@grafana/ui': grafanaUi,
  i18next,
  lodash,
  module: { uri: MODULE_URL },
  react,
  'react-dom': reactDom,
  'react-router': reactRouter,
  'react/jsx-runtime': jsxRuntime,
  rxjs,
};

type Factory = (...dependencies: unknown[]) => { plugin: AppPlugin };

/** Loads the built bundle as Grafana's module loader does: an AMD module that asks for shared packages by name. */
export function loadPlugin(): Promise<AppPlugin> {
  return new Promise((resolve, reject) => {
    const define = (names: string[], factory: Factory) => {
      const missing = names.filter((name) => !(name in shared));
      if (missing.length > 0) {
        reject(new Error(`Grafana does not share: ${missing.join(', ')}`));
        return;
      }
      resolve(factory(...names.map((name) => shared[name])).plugin);
    };
    Object.assign(window, { define: Object.assign(define, { amd: {} }) });
    const script = document.createElement('script');
    script.src = MODULE_URL;
    script.onerror = () => reject(new Error(`cannot load ${MODULE_URL}`));
    document.head.append(script);
  });
}
