/** @jest-environment <rootDir>/../test/grafana-plugin/support/jsdom-with-fetch.cjs */
import '../host/boot';
import { locationService } from '@grafana/runtime';
import { QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { webcrypto } from 'node:crypto';
import React from 'react';
import { createQueryClient } from '../../../grafana-plugin/src/control-plane/query-client';
import PolicyTab from '../../../grafana-plugin/src/pages/policy/PolicyTab';
import VersionsTab from '../../../grafana-plugin/src/pages/versions/VersionsTab';
import { HistoryRouter } from '../host/HistoryRouter';
import { signInAs } from '../host/persona';
import { installServices } from '../host/services';
import { aPolicy, changes, held, type Held, reads, type Sent, someGates } from '../support/collector-handlers';
import type { Role } from '../support/plugin-proxy';

const server = setupServer();

beforeAll(() => {
  Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true });
  // Comboboxes measure their texts, which jsdom does not draw.
  HTMLCanvasElement.prototype.getContext = jest.fn().mockReturnValue({ measureText: () => ({ width: 0 }) });
  installServices();
  server.listen({ onUnhandledRequest: 'error' });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

function open(View: typeof VersionsTab, role: Role, holding: Held, search = '') {
  signInAs(role);
  server.use(reads(role, holding));
  act(() => locationService.push(`/a/plumbline-models-app/models/churn/versions${search}`));
  return render(
    <QueryClientProvider client={createQueryClient()}>
      <HistoryRouter>
        <View model="churn" />
      </HistoryRouter>
    </QueryClientProvider>,
  );
}

const button = (name: string) => screen.findByRole('button', { name });
const isOff = (element: HTMLElement) => element.getAttribute('aria-disabled') === 'true';

describe('Versions', () => {
  it.each([
    ['Viewer', true],
    ['Editor', false],
    ['Admin', false],
  ] as const)('a %s sees every button; off: %s', async (role, off) => {
    open(VersionsTab, role, held(), '?details=1');
    expect(isOff(await button('Promote'))).toBe(off);
    expect(isOff(await screen.findByText('Save a version').then((text) => text.closest('button') as HTMLElement))).toBe(
      off,
    );
  });

  it('says that there is none yet', async () => {
    open(VersionsTab, 'Editor', held({ versions: [] }));
    expect(await screen.findByText('This model has no version yet')).toBeInTheDocument();
  });

  it('says what is wrong and recovers on request', async () => {
    const down = http.get('*/versions', () => new HttpResponse(null, { status: 502 }));
    signInAs('Viewer');
    open(VersionsTab, 'Viewer', held());
    cleanup();
    server.use(down);
    render(
      <QueryClientProvider client={createQueryClient()}>
        <HistoryRouter>
          <VersionsTab model="churn" />
        </HistoryRouter>
      </QueryClientProvider>,
    );
    expect(await screen.findByText('The collector cannot be reached')).toBeInTheDocument();
    server.resetHandlers();
    server.use(reads('Viewer', held()));
    await userEvent.click(await button('Try again'));
    expect(await screen.findByText('trained on May')).toBeInTheDocument();
    expect(screen.queryByText('The collector cannot be reached')).not.toBeInTheDocument();
  });

  it('repeats a promotion whose answer never came under the same key, and closes once it is done', async () => {
    const sent: Sent[] = [];
    open(VersionsTab, 'Editor', held(), '?details=1');
    server.use(
      changes(sent, (attempt) => (attempt === 1 ? { status: 504 } : { status: 200, body: { stage: 'production' } })),
    );
    await userEvent.click(await button('Promote'));
    const dialog = await screen.findByRole('dialog', { name: /Move version 1 to production/ });
    // Grafana draws a button with a tooltip anew, so it is looked for each time.
    const confirm = () => within(dialog).getByRole('button', { name: 'Promote' });
    expect(isOff(confirm())).toBe(true);
    await within(dialog).findByText('at least 0.9');
    await userEvent.type(within(dialog).getByRole('textbox', { name: /^Reason/ }), 'good');
    await userEvent.click(confirm());
    expect(await within(dialog).findByText('The collector did not answer in time')).toBeInTheDocument();
    await userEvent.click(confirm());
    await screen.findByText('trained on May', { selector: 'dd' });
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]).toMatchObject({
      method: 'POST',
      path: 'operate/models/churn/versions/1/transition',
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      body: { to: 'production', reason: 'good' },
    });
  });

  it('passes over a gate on the admin’s route only', async () => {
    const sent: Sent[] = [];
    open(VersionsTab, 'Admin', held({ gates: someGates({ met: false }) }), '?details=1');
    server.use(changes(sent, () => ({ status: 200, body: { stage: 'production' } })));
    await userEvent.click(await button('Promote'));
    const dialog = await screen.findByRole('dialog', { name: /Move version 1/ });
    await userEvent.click(await within(dialog).findByRole('switch'));
    await userEvent.type(within(dialog).getByRole('textbox', { name: /^Reason/ }), 'urgent');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Pass over the gates' }));
    await screen.findByText('trained on May', { selector: 'dd' });
    expect(sent.map(({ path, body }) => [path, body])).toEqual([
      ['admin/models/churn/versions/1/transition', { to: 'production', reason: 'urgent', override: true }],
    ]);
  });
});

describe('Policy', () => {
  it.each([
    ['Viewer', true],
    ['Editor', true],
    ['Admin', false],
  ] as const)('a %s sees it; off: %s', async (role, off) => {
    open(PolicyTab, role, held());
    expect((await screen.findByLabelText<HTMLInputElement>('Accuracy below, critical')).disabled).toBe(off);
    expect(isOff(await button('Save policy'))).toBe(true);
  });

  it('keeps what was typed when somebody else was faster, until that is decided', async () => {
    const sent: Sent[] = [];
    const holding = held();
    open(PolicyTab, 'Admin', holding);
    const conflict = {
      code: 'conflict',
      message: 'revision: the policy is at 4 by now.',
      help: 'Read it again.',
      revision: 4,
    };
    server.use(
      changes(sent, (attempt) => {
        if (attempt > 1) {
          return {
            status: 200,
            body: aPolicy({ revision: 5, retentionDays: 45, thresholds: { accuracy: { critical: 0.7 } } }),
          };
        }
        holding.policy = aPolicy({ revision: 4, retentionDays: 45 });
        return { status: 409, body: conflict };
      }),
    );
    await userEvent.type(await screen.findByLabelText('Accuracy below, critical'), '0.7');
    await userEvent.click(await button('Save policy'));
    expect(await screen.findByText(/Somebody else has changed the policy/)).toBeInTheDocument();
    expect(isOff(await button('Save policy'))).toBe(true);
    await userEvent.click(await button('Keep what I typed'));
    await userEvent.click(await button('Save policy'));
    await screen.findByDisplayValue('45');
    expect(sent.map(({ body }) => body)).toEqual([
      { revision: 3, thresholds: { accuracy: { critical: 0.7 } } },
      { revision: 4, thresholds: { accuracy: { critical: 0.7 } } },
    ]);
    expect(sent[0]?.key).not.toBe(sent[1]?.key);
  });
});
