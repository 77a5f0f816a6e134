/**
 * The name of the method that `await using` calls. WebKit has no such symbol yet; where a compiler has taken
 * `await using` apart (esbuild, Babel, SWC, oxc), it then looks for this one instead.
 */
export const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
