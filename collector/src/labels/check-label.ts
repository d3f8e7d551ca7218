/** Checks one row of a batch of labels. */
import type { KnownVersion } from './declared-model.ts';
import { idField, timeField, valueField, type Fields } from './row-fields.ts';

/** A label that may be joined. */
export interface CheckedLabel {
  /** Any version of the model: they share its declaration and policy. */
  readonly version: KnownVersion;
  readonly id: string;
  readonly label: string;
  /** When it became known, epoch ms. */
  readonly time: number;
}

/** @param version any of the model @param now epoch ms @throws RowFault naming field and remedy */
export function checkLabel(row: Fields, version: KnownVersion, now: number): CheckedLabel {
  return {
    version,
    id: idField(row['id'], 'id'),
    label: valueField(row['label'], version.declaration.task ?? 'classification', 'label'),
    time: timeField(row['timestamp'], now, now),
  };
}
