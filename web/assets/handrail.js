// Every page works without this file. htmx comes first: its extensions look for it.
import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-csp.js";
import "htmx.org/dist/ext/hx-sse.js";
import { initAll } from "nhsuk-frontend";
import "./live.js";

initAll();
