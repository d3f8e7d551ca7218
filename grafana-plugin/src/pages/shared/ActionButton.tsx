import { Button, type ButtonVariant, type ComponentSize, type IconName } from '@grafana/ui';
import React from 'react';

interface ActionButtonProps {
  children: string;
  onClick: () => void;
  /** Why it cannot be pressed now; the keyboard reaches the button all the same, and hears the reason. */
  whyNot: string | undefined;
  variant?: ButtonVariant;
  size?: ComponentSize;
  icon?: IconName;
}

/** A button that is never hidden: where it cannot be pressed it says why. */
export function ActionButton({ whyNot, children, ...props }: ActionButtonProps) {
  return (
    <Button {...props} type="button" disabled={whyNot !== undefined} tooltip={whyNot}>
      {children}
    </Button>
  );
}
