/** Labelled rows as they are sent, checked one by one as ingest checks them. */
import { PlumblineError } from '../../errors.ts';
import { featuresField } from '../../labels/check-prediction.ts';
import { fieldsOfRow, idField, storedValue, valueField } from '../../labels/row-fields.ts';
import { RowFault } from '../../labels/row-faults.ts';
import type { TaskName } from '../../monitor/options.ts';
import type { FeatureValue } from '../../prediction.ts';
import type { LabelledRow } from './evaluation.ts';

/** A row with what versions are shown of it. */
export interface EvaluationRow extends LabelledRow {
  readonly features: Readonly<Record<string, FeatureValue>>;
}

/** Checks rows. @throws PlumblineError `invalid_request` naming the first one that is wrong */
export function checkedRows(rows: readonly unknown[], task: TaskName): EvaluationRow[] {
  if (rows.length === 0) throw invalid('rows: there is none', 'Send at least one row, or name a range of stored ones.');
  const seen = new Set<string>();
  return rows.map((row, index) => {
    try {
      const checked = checkedRow(row, index, task);
      if (seen.has(checked.id)) throw new RowFault('duplicate_id', `id: ${JSON.stringify(checked.id)} is there twice.`);
      seen.add(checked.id);
      return checked;
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      throw invalid(`rows[${index}].${error.message.replace(/\.$/, '')}`, 'A row is {id?, features, label}.');
    }
  });
}

function checkedRow(row: unknown, index: number, task: TaskName): EvaluationRow {
  const fields = fieldsOfRow(row);
  const unknown = Object.keys(fields).find((name) => !['id', 'features', 'label'].includes(name));
  if (unknown !== undefined) throw new RowFault('invalid_row', `${unknown}: is no field of a labelled row.`);
  const features = featuresField(fields['features']);
  if (features === undefined) throw new RowFault('invalid_features', 'features: is missing.');
  const id = fields['id'];
  return {
    id: id === undefined || id === null ? String(index + 1) : idField(id, 'id'),
    features,
    label: storedValue(valueField(fields['label'], task, 'label'), task),
  };
}

function invalid(message: string, help: string): PlumblineError {
  return new PlumblineError('invalid_request', `${message}.`, help);
}
