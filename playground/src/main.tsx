import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/layers.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app/app.tsx";
import { applyTheme } from "./app/theme.ts";
import { worksOffline } from "./offline/register.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has lost its #root");
applyTheme();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
worksOffline();
