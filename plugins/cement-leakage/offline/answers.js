// A learner's answers over several cases: shuffled order, points by site, and a table for a spreadsheet. No page needed.

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */
/** @typedef {import("./scoring.js").CaseResult} CaseResult */
/** @typedef {{ readonly data: PlayData, readonly result: CaseResult }} Answered */
/** @typedef {{ readonly site: string, readonly leaks: number, readonly marked: number, readonly named: number, readonly sized: number, readonly sizes: number }} SiteScore */

/**
 * Every order is as likely (Fisher and Yates).
 * @template T
 * @param {readonly T[]} list
 * @param {() => number} random in [0, 1)
 * @returns {T[]}
 */
export function shuffled(list, random) {
  const out = [...list];
  for (let n = out.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [out[n], out[other]] = [out[other], out[n]];
  }
  return out;
}

/**
 * For each true site: leaks there, how many were marked, named and sized rightly. In the order in which sites are met.
 * @param {readonly Answered[]} answered
 * @returns {SiteScore[]}
 */
export function scoresBySite(answered) {
  const scores = /** @type {Map<string, SiteScore>} */ (new Map());
  for (const { data, result } of answered)
    data.leaks.forEach((leak, n) => {
      const site = data.sites[leak.site];
      const before = scores.get(site) ?? { site, leaks: 0, marked: 0, named: 0, sized: 0, sizes: 0 };
      const { site: named, size } = result.answers[n];
      scores.set(site, {
        site,
        leaks: before.leaks + 1,
        marked: before.marked + Number(result.judged.some((mark) => mark.leak === n)),
        named: before.named + Number(named),
        sized: before.sized + Number(size === true),
        sizes: before.sizes + Number(size !== null),
      });
    });
  return [...scores.values()];
}

const COLUMNS = [
  "learner",
  "position",
  "case",
  "leak",
  "site",
  "marked",
  "distance_mm",
  "site_answered",
  "site_right",
  "size_answered",
  "size_right",
  "wrong_marks",
  "points",
  "most_points",
];

/**
 * RFC 4180, a row for each leak; a case without a leak has one row. Truth is 1 or 0, empty where nothing was asked.
 * @param {string} learner
 * @param {readonly Answered[]} answered in the order in which they were played
 */
export function answersCsv(learner, answered) {
  const rows = answered.flatMap(({ data, result }, position) => {
    const { judged, answers, points, most, wrongMarks } = result;
    const whole = [wrongMarks, points, most];
    if (data.leaks.length === 0)
      return [[learner, position + 1, data.caseId, "", "", "", "", "", "", "", "", ...whole]];
    return data.leaks.map((leak, n) => {
      const { siteAnswered, site, sizeAnswered, size } = answers[n];
      const mark = judged.find((one) => one.leak === n);
      return [
        learner,
        position + 1,
        data.caseId,
        leak.name,
        data.sites[leak.site],
        Number(mark !== undefined),
        mark?.distanceMm?.toFixed(1) ?? "",
        siteAnswered === null ? "" : data.sites[siteAnswered],
        Number(site),
        sizeAnswered === null ? "" : data.ranges[sizeAnswered].text,
        size === null ? "" : Number(size),
        ...whole,
      ];
    });
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** A spreadsheet must not take a learner's name for a formula. @param {string | number} value */
function cell(value) {
  const text = typeof value === "string" && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
