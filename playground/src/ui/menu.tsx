import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Kbd } from "./kbd.tsx";
import "./select.css";

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly isDisabled?: boolean;
  readonly run: () => void;
}

export interface MenuProps {
  /** A {@link Button} or {@link IconButton}. */
  readonly trigger: ReactNode;
  readonly label: string;
  readonly actions: readonly MenuAction[];
}

/** A button that opens a list of actions. */
export function Menu({ trigger, label, actions }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" offset={4}>
        <AriaMenu
          className="menu"
          aria-label={label}
          onAction={(id) => actions.find((action) => action.id === id)?.run()}
        >
          {actions.map(({ id, label: text, icon: Icon, shortcut, danger, isDisabled = false }) => (
            <AriaMenuItem
              key={id}
              id={id}
              className={`menu-item ${danger ? "danger" : ""}`}
              isDisabled={isDisabled}
              textValue={text}
            >
              {Icon && <Icon aria-hidden="true" />}
              {text}
              {shortcut && <Kbd keys={shortcut} />}
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
