import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";

/** A thing that somebody has, and that can be taken away. */
export function Chip(props: {
  readonly children: ReactNode;
  /** What its button does. */
  readonly remove: string;
  readonly onRemove: () => void;
  readonly isDisabled: boolean;
}) {
  return (
    <span className="access-chip">
      {props.children}
      <IconButton icon={X} label={props.remove} onPress={props.onRemove} isDisabled={props.isDisabled} />
    </span>
  );
}
