import { t, Trans } from '@grafana/i18n';
import { type ButtonVariant, Button, Modal, Stack } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import type { Problem } from '../../control-plane/problem';
import { ActionButton } from './ActionButton';
import { ProblemAlert } from './ProblemAlert';

interface ActionDialogProps {
  title: string;
  children: ReactNode;
  confirm: string;
  variant?: ButtonVariant;
  /** Why it cannot be confirmed yet. */
  whyNot: string | undefined;
  pending: boolean;
  problem: Problem | null;
  onConfirm: () => void;
  onDismiss: () => void;
}

/** A short decision. It closes only when it has been carried out or given up: after a failure it stays, with what was said about it. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, children, confirm, variant = 'primary', pending, problem, onConfirm, onDismiss } = props;
  const whyNot = pending ? t('action.pending', 'It is under way.') : props.whyNot;
  // A click beside it would throw away what was typed.
  return (
    <Modal isOpen title={title} onDismiss={onDismiss} closeOnBackdropClick={false}>
      <Stack direction="column" gap={2}>
        {children}
        {problem && <ProblemAlert problem={problem} />}
      </Stack>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onDismiss}>
          <Trans i18nKey="action.cancel">Cancel</Trans>
        </Button>
        <ActionButton variant={variant} whyNot={whyNot} icon={pending ? 'spinner' : undefined} onClick={onConfirm}>
          {confirm}
        </ActionButton>
      </Modal.ButtonRow>
    </Modal>
  );
}
