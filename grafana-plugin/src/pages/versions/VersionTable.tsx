import { InteractiveTable } from '@grafana/ui';
import React, { useMemo } from 'react';
import { useLocation } from 'react-router-dom';
import type { Version } from '../../control-plane/types';
import { type VersionRow, versionColumns } from './version-columns';
import type { LiveSpan } from './version-moves';

const ROWS_PER_PAGE = 25;
/** Newest first, so that what was just saved is at the top. */
const NEWEST_FIRST = [{ id: 'createdAt', desc: true }];

interface VersionTableProps {
  versions: readonly Version[];
  spans: ReadonlyMap<string, readonly LiveSpan[]>;
  chosen: readonly string[];
  choose: (version: string) => void;
}

/** One row per version; its name opens what is known of it. */
export function VersionTable({ versions, spans, chosen, choose }: VersionTableProps) {
  const { pathname, search } = useLocation();
  const columns = useMemo(() => versionColumns(), []);
  const rows: VersionRow[] = useMemo(
    () =>
      versions.map((version) => ({
        ...version,
        live: spans.get(version.version),
        isChosen: chosen.includes(version.version),
        choose: () => choose(version.version),
        href: detailsUrl(pathname, search, version.version),
      })),
    [versions, spans, chosen, choose, pathname, search]
  );
  return (
    <InteractiveTable
      columns={columns}
      data={rows}
      getRowId={rowId}
      pageSize={ROWS_PER_PAGE}
      initialSortBy={NEWEST_FIRST}
      autoResetPage={false}
    />
  );
}

function rowId({ version }: VersionRow): string {
  return version;
}

function detailsUrl(pathname: string, search: string, version: string): string {
  const query = new URLSearchParams(search);
  query.set('details', version);
  return `${pathname}?${query.toString()}`;
}
