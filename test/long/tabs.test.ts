import { tabsSuite } from "../browser/tabs-suite.ts";

tabsSuite(20);
