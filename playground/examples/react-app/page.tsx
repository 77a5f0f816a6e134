import { createEtcd } from "etcd-web";
import { createView } from "etcd-web/live";
import { EtcdProvider } from "etcd-web/react";
import { hydrateRoot } from "react-dom/client";
import { range, Settings } from "./settings.tsx";

// What the server has rendered with: the first paint needs no call, and the first call is the watch from there on.
const { endpoints, initial } = JSON.parse(document.querySelector("#state")?.textContent ?? "");
const etcd = createEtcd({ endpoints });
const view = createView(etcd, range, { initial });

hydrateRoot(
  document.querySelector("#root") as Element,
  <EtcdProvider etcd={etcd} view={view}>
    <Settings />
  </EtcdProvider>,
);
