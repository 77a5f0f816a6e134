import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";
import { Kbd } from "./kbd.tsx";
import "./button.css";

/** `primary`: the one thing to do here. `danger`: what cannot be undone. `quiet`: without a border. */
export type ButtonKind = "plain" | "primary" | "danger" | "quiet";

export interface ButtonProps {
  readonly kind?: ButtonKind;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly type?: "button" | "submit";
  readonly isDisabled?: boolean;
  /** Being done: it keeps the focus, and its width. */
  readonly isPending?: boolean;
  readonly autoFocus?: boolean;
  readonly className?: string;
}

export function Button({ kind = "plain", icon: Icon, children, className = "", ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button ${kind} ${className}`}>
      {Icon && <Icon aria-hidden="true" />}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps {
  readonly icon: LucideIcon;
  /** What it does: its name for screen readers, and its tooltip. */
  readonly label: string;
  /** Shown in the tooltip: "Delete", "Ctrl S". */
  readonly shortcut?: string;
  readonly onPress?: () => void;
  readonly isDisabled?: boolean;
  readonly isPending?: boolean;
  readonly kind?: ButtonKind;
  readonly className?: string;
}

/** A square button with a tooltip. */
export function IconButton({ icon: Icon, label, shortcut, kind = "quiet", className = "", ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      <AriaButton {...props} aria-label={label} className={`button icon-only ${kind} ${className}`}>
        <Icon aria-hidden="true" />
      </AriaButton>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {shortcut && <Kbd keys={shortcut} />}
      </Tooltip>
    </TooltipTrigger>
  );
}
