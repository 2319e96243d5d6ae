// The script of the offline page as text, taken up by the build: modules that tests import as they are.
/* oxlint-disable import/default -- Vite gives the text of a file */
import dom from "../offline/dom.js?raw";
import lines from "../offline/lines.js?raw";
import listen from "../offline/listen.js?raw";
import play from "../offline/play.js?raw";
import scoring from "../offline/scoring.js?raw";
import unpack from "../offline/unpack.js?raw";

/** What one takes of another stands above it. */
export const pageScripts: readonly string[] = [scoring, unpack, dom, lines, listen, play];
