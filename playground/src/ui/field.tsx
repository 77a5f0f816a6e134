import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import "./field.css";

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  /** Below it. */
  readonly hint?: ReactNode;
  /** What is wrong with it: in place of the hint. */
  readonly error?: string | undefined;
  /** The label is there for screen readers only. */
  readonly hideLabel?: boolean;
  readonly mono?: boolean;
  /** Several lines. */
  readonly rows?: number;
  readonly type?: "text" | "password" | "search" | "url" | "number";
  readonly name?: string;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  readonly isRequired?: boolean;
  readonly className?: string;
}

/** A label, a box to type in, and what to know about it. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    hint,
    error,
    hideLabel,
    mono,
    rows,
    placeholder,
    autoComplete = "off",
    className = "",
    ...rest
  } = props;
  const look = `input${mono ? " mono" : ""}`;
  return (
    <AriaTextField
      {...rest}
      autoComplete={autoComplete}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={`field ${className}`}
      spellCheck="false"
    >
      <Label className={hideLabel ? "visually-hidden" : "label"}>{label}</Label>
      {rows === undefined ? (
        <Input className={look} placeholder={placeholder ?? ""} autoCapitalize="none" />
      ) : (
        <TextArea className={look} placeholder={placeholder ?? ""} rows={rows} autoCapitalize="none" />
      )}
      {hint !== undefined && error === undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}
