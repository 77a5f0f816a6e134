import { tabsSuite } from "./tabs-suite.ts";

tabsSuite(5);
