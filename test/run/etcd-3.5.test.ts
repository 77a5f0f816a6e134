import { contractBehindEnvoy } from "./behind-envoy.ts";

contractBehindEnvoy("3.5");
