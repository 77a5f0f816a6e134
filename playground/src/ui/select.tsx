import { ChevronDown } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import "./select.css";

export interface Choice<T extends string> {
  readonly id: T;
  readonly label: string;
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** One of a list that is too long to show. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, hideLabel, choices, value, onChange, className = "", isDisabled = false } = props;
  return (
    <AriaSelect
      className={`field ${className}`}
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => onChange(key as T)}
    >
      <Label className={hideLabel ? "visually-hidden" : "label"}>{label}</Label>
      <Button className="button select">
        <SelectValue className="select-value" />
        <ChevronDown aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu">
          {choices.map((choice) => (
            <ListBoxItem key={choice.id} id={choice.id} className="menu-item" textValue={choice.label}>
              {choice.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
