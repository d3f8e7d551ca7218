import { locationService } from '@grafana/runtime';
import { useLocation } from 'react-router-dom';

/** A value that stands in the address, so that a link shows others the same. Setting undefined takes it out. */
export function useUrlValue(name: string): [string | undefined, (value: string | undefined) => void] {
  const { search } = useLocation();
  const value = new URLSearchParams(search).get(name) ?? undefined;
  return [value, (next) => locationService.partial({ [name]: next ?? null })];
}
