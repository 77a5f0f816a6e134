import { registerHooks } from "node:module";

// The page imports the package by its name, and its build finds the sources. Here, for modules that are imported later.
registerHooks({
  resolve(specifier, context, next) {
    const [, part] = /^etcd-web(?:\/(.*))?$/.exec(specifier) ?? [];
    if (!specifier.startsWith("etcd-web")) return next(specifier, context);
    const file = part === undefined ? "index.ts" : part === "proto" ? "proto.ts" : `${part}/index.ts`;
    return next(new URL(`../../../src/${file}`, import.meta.url).href, context);
  },
});
