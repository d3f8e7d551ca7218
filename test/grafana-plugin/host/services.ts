import {
  type CurrentUser,
  type DataQueryRequest,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  EventBusSrv,
  LoadingState,
  type FieldConfigPropertyItem,
  type PanelData,
  standardFieldConfigEditorRegistry,
} from '@grafana/data';
import {
  type DataSourceSrv,
  type BackendSrv,
  setAppEvents,
  setBackendSrv,
  setCurrentUser,
  setDataSourceSrv,
  setPluginImportUtils,
  setPluginComponentHook,
  setReturnToPreviousHook,
  setRunRequest,
} from '@grafana/runtime';
import { from, map, type Observable, of, startWith } from 'rxjs';
import { catchError } from 'rxjs/operators';
import { backendSrv } from './backend-srv';
import { FakeDataSource } from './data-source';
import { panelPlugin } from './panels';
import { signInAs, user } from './persona';
import { scenario } from './scenario';

const UID = 'plumbline-prometheus';

const settings = {
  id: 1,
  uid: UID,
  type: 'prometheus',
  name: 'Prometheus',
  access: 'proxy',
  readOnly: true,
  jsonData: {},
  meta: { id: 'prometheus', name: 'Prometheus', info: { logos: { small: 'data:,', large: 'data:,' } } },
} as DataSourceInstanceSettings;

const prometheus = new FakeDataSource(settings);

function uidOf(ref: unknown): string | undefined {
  return typeof ref === 'object' && ref !== null && 'uid' in ref ? String(ref.uid) : undefined;
}

/** Scenes keeps an app per data source; a test that wants a fresh one names its own, `plumbline-prometheus-7`. */
function isKnown(ref: unknown): boolean {
  return uidOf(ref)?.startsWith(UID) ?? false;
}

const dataSources: Partial<DataSourceSrv> = {
  get: async (ref) => {
    if (!isKnown(ref)) {
      throw new Error(`Datasource ${uidOf(ref)} was not found`);
    }
    return prometheus;
  },
  getInstanceSettings: (ref) => (isKnown(ref) ? settings : undefined),
  getList: () => [settings],
};

/** As Grafana does: first the news that a query runs, then its answer or its error. */
function runRequest(source: DataSourceApi, request: DataQueryRequest): Observable<PanelData> {
  const base = { series: [], timeRange: request.range, request };
  return from(source.query(request)).pipe(
    map((response): PanelData => ({ ...base, state: LoadingState.Done, series: response.data })),
    catchError((error: Error) =>
      of<PanelData>({ ...base, state: LoadingState.Error, errors: [{ message: error.message }] }),
    ),
    startWith<PanelData>({ ...base, state: LoadingState.Loading }),
  );
}

const FIELD_OPTIONS = ['unit', 'min', 'max', 'decimals', 'displayName', 'mappings', 'thresholds', 'color', 'noValue'];

/** A standard option that takes its value as it stands; Grafana adds an editor to each. */
function fieldOption(id: string): FieldConfigPropertyItem {
  return {
    id,
    path: id,
    name: id,
    editor: () => null,
    override: () => null,
    process: (value) => value,
    shouldApply: () => true,
  };
}

/** Gives the plugin the services it would find in Grafana. */
export function installServices(): void {
  setAppEvents(new EventBusSrv());
  setBackendSrv(backendSrv as BackendSrv);
  setPluginComponentHook(() => ({ component: null, isLoading: false }));
  signInAs(scenario.role);
  setCurrentUser(user as CurrentUser);
  setDataSourceSrv(dataSources as DataSourceSrv);
  setRunRequest(runRequest);
  setReturnToPreviousHook(() => () => undefined);
  setPluginImportUtils({
    importPanelPlugin: async (id) => panelPlugin(id),
    getPanelPluginFromCache: (id) => panelPlugin(id),
  });
  standardFieldConfigEditorRegistry.setInit(() => FIELD_OPTIONS.map(fieldOption));
}
