import { Menu as MenuIcon, Monitor, Moon, Search, Sun, X } from "lucide-react";
import { ConnectionPill } from "../connection/connection-pill.tsx";
import type { CurrentConnection } from "../connection/store.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { Logo } from "./logo.tsx";
import { openPalette } from "./palette-host.tsx";
import { setTheme, type Theme, useTheme } from "./theme.ts";

interface TopBarProps {
  readonly connection: CurrentConnection;
  readonly menuOpen: boolean;
  readonly onMenu: () => void;
}

/** Which etcd, how it is doing, and the way to everything else. */
export function TopBar({ connection, menuOpen, onMenu }: TopBarProps) {
  return (
    <header className="bar">
      <IconButton
        className="menu-button"
        icon={menuOpen ? X : MenuIcon}
        label={menuOpen ? "Close the list of panels" : "Open the list of panels"}
        onPress={onMenu}
      />
      <p className="brand">
        <Logo /> <span>etcd playground</span>
      </p>
      <ConnectionPill connection={connection} />
      <div className="bar-end">
        <Button className="palette-button" icon={Search} onPress={openPalette}>
          <span>Go to or do…</span>
          <Kbd keys="Mod K" />
        </Button>
        <ThemeButton />
      </div>
    </header>
  );
}

const nextTheme: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;
const themeLabels = { system: "Colours: as the system", light: "Colours: light", dark: "Colours: dark" } as const;

function ThemeButton() {
  const theme = useTheme();
  return <IconButton icon={themeIcons[theme]} label={themeLabels[theme]} onPress={() => setTheme(nextTheme[theme])} />;
}
