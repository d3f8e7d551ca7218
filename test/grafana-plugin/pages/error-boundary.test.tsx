import { locationService } from '@grafana/runtime';
import { act, render, screen } from '@testing-library/react';
import React from 'react';
import { AppErrorBoundary } from '../../../grafana-plugin/src/pages/AppErrorBoundary';
import { HistoryRouter } from '../host/HistoryRouter';

function Broken({ on }: { on: string }) {
  if (locationService.getLocation().pathname === on) {
    throw new Error('Loading chunk 7 failed');
  }
  return <p>fine</p>;
}

test('a fault stays on its page, says what it is, and is gone on the next page', () => {
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => {});
  act(() => locationService.push('/bad'));
  render(
    <HistoryRouter>
      <AppErrorBoundary>
        <Broken on="/bad" />
      </AppErrorBoundary>
    </HistoryRouter>,
  );
  expect(screen.getByText('This page could not be shown')).toBeInTheDocument();
  expect(screen.getByText('Loading chunk 7 failed')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Reload' })).toBeInTheDocument();
  act(() => locationService.push('/good'));
  expect(screen.getByText('fine')).toBeInTheDocument();
  silenced.mockRestore();
});
