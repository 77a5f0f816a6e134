import "react";

declare module "react" {
  // Custom properties: React hands them on as they are.
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined;
  }
}
