import { render, screen } from '@testing-library/react';
import React from 'react';
import { isBreached } from '../../../grafana-plugin/src/limits';
import { LimitedValue } from '../../../grafana-plugin/src/pages/shared/LimitedValue';

const ACCURACY = { value: 0.8, bad: 'below', severity: 'critical' } as const;

test.each([
  [0.704, 100, '70.4%Critical: below 80.0%'],
  [0.8, 100, '80.0%'],
  [undefined, undefined, '–'],
  [undefined, 0, 'no labels yet'],
  [undefined, 3, 'too few sound labels'],
])('a value of %s with %s labels reads %s', (value, labeled, text) => {
  const { container } = render(<LimitedValue value={value} labeled={labeled} limit={ACCURACY} />);
  expect(container).toHaveTextContent(text, { normalizeWhitespace: true });
  expect(screen.queryByText(/Warning/)).not.toBeInTheDocument();
});

test('a limit itself is still good, on either side', () => {
  expect(isBreached(ACCURACY, 0.8)).toBe(false);
  expect(isBreached(ACCURACY, 0.7999)).toBe(true);
  expect(isBreached({ value: 0.1, bad: 'above', severity: 'warning' }, 0.1)).toBe(false);
  expect(isBreached({ value: 0.1, bad: 'above', severity: 'warning' }, 0.11)).toBe(true);
});
