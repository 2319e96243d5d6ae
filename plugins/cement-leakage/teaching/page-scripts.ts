// The scripts of the offline pages as text, taken up by the build: modules that tests import as they are.
/* oxlint-disable import/default -- Vite gives the text of a file */
import answers from "../offline/answers.js?raw";
import collection from "../offline/collection.js?raw";
import dom from "../offline/dom.js?raw";
import figures from "../offline/figures.js?raw";
import lines from "../offline/lines.js?raw";
import listen from "../offline/listen.js?raw";
import oneCase from "../offline/one-case.js?raw";
import play from "../offline/play.js?raw";
import scoring from "../offline/scoring.js?raw";
import unpack from "../offline/unpack.js?raw";
import viewer from "../offline/viewer.js?raw";

/** What one takes of another stands above it. */
const playing: readonly string[] = [scoring, unpack, dom, lines, listen, viewer, figures, play];

/** Of the page of several cases. */
export const collectionScripts: readonly string[] = [...playing, answers, collection];

/** Of the page of one case. */
export const pageScripts: readonly string[] = [...playing, oneCase];
