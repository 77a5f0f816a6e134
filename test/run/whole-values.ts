import { config } from "chai";

// In the line that names a failure, "expected [ Array(1) ]" hides the one thing to know.
config.truncateThreshold = 400;
