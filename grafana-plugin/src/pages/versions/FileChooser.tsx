import { t } from '@grafana/i18n';
import { Field, Stack, Text } from '@grafana/ui';
import React from 'react';
import type { UploadFile } from '../../control-plane/upload';
import { formatBytes } from '../shared/format';

interface FileChooserProps {
  files: readonly UploadFile[];
  onChange: (files: UploadFile[]) => void;
}

/** Chooses files, or a folder, whose inner paths then become those of the version. */
export function FileChooser({ files, onChange }: FileChooserProps) {
  const choose = (event: React.ChangeEvent<HTMLInputElement>) => onChange(filesOf(event.currentTarget.files));
  return (
    <Stack direction="column" gap={1}>
      <Stack gap={2} wrap="wrap">
        <Field noMargin htmlFor="plumbline-files" label={t('save.files', 'Files')}>
          <input id="plumbline-files" type="file" multiple onChange={choose} />
        </Field>
        <Field noMargin htmlFor="plumbline-folder" label={t('save.folder', 'or a folder')}>
          <input id="plumbline-folder" type="file" ref={chooseFolders} onChange={choose} />
        </Field>
      </Stack>
      {files.length > 0 && <Text color="secondary">{summary(files)}</Text>}
    </Stack>
  );
}

/** React has no word for it. */
function chooseFolders(input: HTMLInputElement | null): void {
  input?.setAttribute('webkitdirectory', '');
}

/** Within a chosen folder the path begins with the folder's own name, which is no part of the version. */
function filesOf(list: FileList | null): UploadFile[] {
  return Array.from(list ?? [], (content) => ({
    content,
    path: content.webkitRelativePath.split('/').slice(1).join('/') || content.name,
  }));
}

function summary(files: readonly UploadFile[]): string {
  const size = formatBytes(files.reduce((sum, { content }) => sum + content.size, 0));
  const names = files.slice(0, 3).map(({ path }) => path);
  return t('save.chosen', '{{count}} files, {{size}}: {{names}}', {
    count: files.length,
    size,
    names: files.length > names.length ? `${names.join(', ')}, …` : names.join(', '),
    defaultValue_one: '{{count}} file, {{size}}: {{names}}',
    defaultValue_other: '{{count}} files, {{size}}: {{names}}',
    interpolation: { escapeValue: false },
  });
}
