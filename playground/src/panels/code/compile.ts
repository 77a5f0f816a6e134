import { transform } from "sucrase";

/** JavaScript of TypeScript, line for line: types go, imports become calls of `require`. Throws SyntaxError. */
export function compile(code: string): string {
  return transform(code, {
    transforms: ["typescript", "imports"],
    disableESTransforms: true,
    production: true,
  }).code;
}
