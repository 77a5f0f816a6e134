import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles/theme.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/panels.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has lost its #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
