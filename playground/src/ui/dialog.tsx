import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import "./dialog.css";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly footer?: ReactNode;
  /** What it is about to do, in TypeScript, to be copied; undefined while that is not known. */
  readonly code?: string | undefined;
  readonly size?: "small" | "medium" | "large";
  /** A question that must be answered: no click beside it closes it. */
  readonly role?: "dialog" | "alertdialog";
  /** It holds what somebody has made: neither Escape nor a click beside it throws that away. Default false. */
  readonly isUnsaved?: boolean;
  /** What Enter and the footer's button of type "submit" do: the dialog is a form then. */
  readonly onSubmit?: () => void;
}

/** In front of everything, with the focus inside; Escape closes it, where that loses nothing. */
export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, footer, code, onSubmit } = props;
  const { size = "medium", role = "dialog", isUnsaved = false } = props;
  const content = (
    <>
      <div className="dialog-body">{children}</div>
      {footer && (
        <footer className="dialog-foot">
          {code !== undefined && <CopyButton text={code} label="Copy as code" />}
          {footer}
        </footer>
      )}
    </>
  );
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable={role === "dialog" && !isUnsaved}
      isKeyboardDismissDisabled={isUnsaved}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={`dialog ${size}`}>
        <AriaDialog role={role} className="dialog-inside">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton icon={X} label="Close" onPress={onClose} />
          </header>
          {onSubmit === undefined ? (
            content
          ) : (
            <form
              className="dialog-form"
              onSubmit={(event) => {
                event.preventDefault();
                onSubmit();
              }}
            >
              {content}
            </form>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
