import '../host/boot';
import { type AppPluginMeta } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { Route, Routes } from 'react-router';
import App from '../../../grafana-plugin/src/pages/App';
import type { AppSettings } from '../../../grafana-plugin/src/settings';
import { HistoryRouter } from '../host/HistoryRouter';
import { scenario } from '../host/scenario';
import { installServices } from '../host/services';

beforeAll(installServices);
afterEach(() => {
  cleanup();
  jest.restoreAllMocks();
});

/** Scenes reports a failing data source on the console as well; these tests mean it to fail. */
function expectConsoleErrors() {
  jest.spyOn(console, 'error').mockImplementation(() => {});
}

let opened = 0;

function open(path: string, data: typeof scenario.data, settings: AppSettings = {}) {
  opened += 1;
  const jsonData = { prometheusUid: `plumbline-prometheus-${opened}`, ...settings };
  scenario.data = data;
  act(() => locationService.push(path));
  const meta = { id: 'plumbline-models-app', jsonData } as AppPluginMeta<AppSettings>;
  return render(
    <HistoryRouter>
      <Routes>
        <Route
          path="/a/plumbline-models-app/*"
          element={<App meta={meta} basename="" query={{}} path="" onNavChanged={() => {}} />}
        />
      </Routes>
    </HistoryRouter>,
  );
}

const MODELS = '/a/plumbline-models-app/models';

describe('the Models page', () => {
  it('lists versions with their limits in words', async () => {
    open(MODELS, 'models');
    const row = await screen.findByRole('row', { name: /electricity 2/ });
    expect(within(row).getByText('Critical: below 80.0%')).toBeInTheDocument();
    expect(within(row).getByText('3 of 6 drifted')).toBeInTheDocument();
    expect(screen.getAllByRole('row')).toHaveLength(5);
    expect(screen.queryByText(/has recorded nothing/)).not.toBeInTheDocument();
  });

  it('says that it waits', async () => {
    open(MODELS, 'slow');
    expect(await screen.findByText('Asking Prometheus for models…')).toBeInTheDocument();
    scenario.data = 'models';
    expect(await screen.findByRole('row', { name: /churn/ })).toBeInTheDocument();
  });

  it('shows how to begin when nothing has reported', async () => {
    open(MODELS, 'empty');
    expect(await screen.findByText('No model has reported in this time')).toBeInTheDocument();
    expect(screen.getByText(/createMonitor\(\{/)).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('says when models are scraped but the recording rules are silent', async () => {
    open(MODELS, 'unrecorded');
    const row = await screen.findByRole('row', { name: /churn/ });
    expect(within(row).getAllByText('–')).toHaveLength(4);
    expect(screen.getByText('Prometheus has recorded nothing over this window')).toBeInTheDocument();
  });

  it('shows the fault and recovers on request', async () => {
    open(MODELS, 'failing');
    expect(await screen.findByText('connect ECONNREFUSED 127.0.0.1:9090')).toBeInTheDocument();
    scenario.data = 'models';
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('row', { name: /churn/ })).toBeInTheDocument();
    expect(screen.queryByText('Prometheus could not be read')).not.toBeInTheDocument();
  });

  it('names the data source that the settings ask for and Grafana lacks', async () => {
    expectConsoleErrors();
    open(MODELS, 'models', { prometheusUid: 'mimir' });
    expect(await screen.findByText(/Datasource mimir was not found/)).toBeInTheDocument();
  });
});

describe('the model page', () => {
  it('puts verdicts in words beside statistic and chance', async () => {
    open(`${MODELS}/electricity`, 'models');
    const row = await screen.findByRole('row', { name: /vicprice/ });
    expect(within(row).getByText('drifted')).toBeInTheDocument();
    expect(within(row).getByText('0.317 Kolmogorov–Smirnov')).toBeInTheDocument();
    expect(screen.getByRole('heading', { name: 'Accuracy' })).toBeInTheDocument();
  });

  it('says when it knows no version', async () => {
    open(`${MODELS}/nope`, 'models');
    expect(await screen.findByText(/knows no version of this model/)).toBeInTheDocument();
  });

  it('says when it does not know the version asked for, and opens the newest on request', async () => {
    open(`${MODELS}/electricity?var-version=9"9`, 'models');
    expect(await screen.findByText('Prometheus knows no version 9"9 of this model in this time')).toBeInTheDocument();
    expect(screen.getByText(/holds no reference profile/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Open version 2' }));
    expect(await screen.findByRole('row', { name: /vicprice/ })).toBeInTheDocument();
    expect(screen.queryByText(/knows no version/)).not.toBeInTheDocument();
    expect(locationService.getSearchObject()).toMatchObject({ 'var-version': '2' });
  });

  it('offers to ask again for versions when Prometheus was down', async () => {
    expectConsoleErrors();
    open(`${MODELS}/churn`, 'failing');
    expect((await screen.findAllByText('connect ECONNREFUSED 127.0.0.1:9090')).length).toBeGreaterThan(0);
    scenario.data = 'models';
    for (const button of screen.getAllByRole('button', { name: 'Try again' })) {
      await userEvent.click(button);
    }
    expect(await screen.findByText('2026-11')).toBeInTheDocument();
  });
});
