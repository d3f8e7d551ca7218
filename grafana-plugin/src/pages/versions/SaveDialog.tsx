import { t } from '@grafana/i18n';
import { Field, Input, TextArea } from '@grafana/ui';
import React, { useState } from 'react';
import { useSaveVersion } from '../../control-plane/actions';
import { isCollectorName } from '../../control-plane/address';
import { Problem } from '../../control-plane/problem';
import type { UploadFile } from '../../control-plane/upload';
import { ActionDialog } from '../shared/ActionDialog';
import { FileChooser } from './FileChooser';
import { metricsFault } from './metrics-field';
import { UploadProgress } from './UploadProgress';

interface SaveDialogProps {
  model: string;
  onClose: () => void;
  /** Told the name the version has got. */
  onSaved: (version: string) => void;
}

/** Saves a version with its files. Closing it while they are on their way calls the upload off. */
export function SaveDialog({ model, onClose, onSaved }: SaveDialogProps) {
  const [fields, setFields] = useState({ version: '', description: '', metrics: '' });
  const [files, setFiles] = useState<UploadFile[]>([]);
  const save = useSaveVersion(model);
  const change = (changes: Partial<typeof fields>) => setFields((before) => ({ ...before, ...changes }));
  const close = () => {
    save.cancel();
    onClose();
  };
  const saved = ({ version }: { version: string }) => {
    onClose();
    onSaved(version);
  };
  return (
    <ActionDialog
      title={t('save.title', 'Save a version of {{model}}', { model })}
      confirm={t('save.confirm', 'Save')}
      whyNot={whyNotSave(fields, files)}
      pending={save.isPending}
      problem={save.error instanceof Problem ? save.error : null}
      onConfirm={() => save.mutate({ ...fields, files }, { onSuccess: saved })}
      onDismiss={close}
    >
      <FileChooser files={files} onChange={setFiles} />
      <VersionFields fields={fields} change={change} />
      {save.isPending && <UploadProgress share={save.progress} />}
    </ActionDialog>
  );
}

interface VersionFieldsProps {
  fields: { version: string; description: string; metrics: string };
  change: (changes: Partial<VersionFieldsProps['fields']>) => void;
}

function VersionFields({ fields, change }: VersionFieldsProps) {
  const fault = metricsFault(fields.metrics);
  return (
    <>
      <Field
        noMargin
        htmlFor="plumbline-save-version"
        label={t('save.version', 'Version')}
        description={t('save.version-text', 'The next whole number where it has none.')}
        invalid={nameFault(fields.version) !== undefined}
        error={nameFault(fields.version)}
      >
        <Input
          id="plumbline-save-version"
          value={fields.version}
          onChange={(event) => change({ version: event.currentTarget.value })}
        />
      </Field>
      <Field noMargin htmlFor="plumbline-save-description" label={t('save.description', 'Description')}>
        <Input
          id="plumbline-save-description"
          value={fields.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
      </Field>
      <Field
        noMargin
        htmlFor="plumbline-save-metrics"
        label={t('save.metrics', 'Metrics')}
        description={t('save.metrics-text', 'As JSON, with n: on how many rows they were measured.')}
        invalid={fault !== undefined}
        error={fault}
      >
        <TextArea
          id="plumbline-save-metrics"
          rows={2}
          placeholder={EXAMPLE}
          value={fields.metrics}
          onChange={(event) => change({ metrics: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}

/** The same in every language. */
const EXAMPLE = '{"accuracy": 0.93, "n": 4000}';

function nameFault(version: string): string | undefined {
  return version === '' || isCollectorName(version)
    ? undefined
    : t('save.name-fault', 'Letters, digits, dots, dashes and underscores, beginning with a letter or digit.');
}

function whyNotSave(fields: VersionFieldsProps['fields'], files: readonly UploadFile[]): string | undefined {
  if (files.length === 0) {
    return t('save.no-files', 'Choose its files first.');
  }
  return nameFault(fields.version) ?? metricsFault(fields.metrics);
}
