// Cases of a cohort with what was asked of them: every answer is worked out once for a case, and a question of any group of them is
// one pass over numbers, so that a hundred thousand cases answer while somebody waits.
import type { CohortCase, Presence } from "./case-record.ts";
import { caseAnswer, lesionAnswer, type Question } from "./questions.ts";

/** Answers as numbers: 0 is "not asked". */
const CODES: readonly (Presence | null)[] = [null, "present", "absent", "not assessable", "not answered"];
const codeOf = (answer: Presence | null): number => CODES.indexOf(answer);
const [PRESENT, ABSENT, NOT_ASSESSABLE, NOT_ANSWERED] = [1, 2, 3, 4];
/** Which answer stands for a group, by code: present before a gap, a gap before absent, anything before "not asked". */
const WEIGHT = [0, 4, 1, 2, 3];

export interface Counts {
  readonly present: number;
  readonly absent: number;
  readonly notAssessable: number;
  readonly notAnswered: number;
}

/** Present, and present or absent, of each cluster that has either. */
export interface ClusterCounts {
  readonly count: number;
  readonly of: number;
}

interface Book {
  readonly cases: readonly CohortCase[];
  /** Number of each case's patient and procedure. */
  readonly patient: Int32Array;
  readonly procedure: Int32Array;
  readonly patients: number;
  readonly procedures: number;
  /** First lesion of each case, and one past the last of all. */
  readonly firstLesion: Int32Array;
  readonly ofCases: Map<Question, Uint8Array>;
  readonly ofLesions: Map<Question, Uint8Array>;
  /** Group of each case, by the function that tells it. */
  readonly groups: WeakMap<GroupOf, readonly (string | null)[]>;
}

export type GroupOf = (one: CohortCase) => string | null;

export type AskedUnit = "patient" | "procedure" | "lesion";

export class CohortSet {
  readonly #book: Book;
  /** Places in the book, ascending. */
  readonly #at: Int32Array;

  private constructor(book: Book, at: Int32Array) {
    this.#book = book;
    this.#at = at;
  }

  static of(cases: readonly CohortCase[]): CohortSet {
    const numbered = (keyOf: (one: CohortCase) => string): readonly [Int32Array, number] => {
      const numbers = new Map<string, number>();
      const of = Int32Array.from(cases, (one) => {
        const key = keyOf(one);
        const known = numbers.get(key) ?? numbers.size;
        numbers.set(key, known);
        return known;
      });
      return [of, numbers.size];
    };
    const [patient, patients] = numbered((one) => one.patient);
    const [procedure, procedures] = numbered((one) => one.procedureId);
    const firstLesion = new Int32Array(cases.length + 1);
    cases.forEach(({ lesions }, n) => {
      firstLesion[n + 1] = firstLesion[n] + lesions.length;
    });
    const book = { cases, patient, procedure, patients, procedures, firstLesion };
    return new CohortSet(
      { ...book, ofCases: new Map(), ofLesions: new Map(), groups: new WeakMap() },
      Int32Array.from(cases, (_, n) => n),
    );
  }

  get size(): number {
    return this.#at.length;
  }

  get cases(): readonly CohortCase[] {
    return Array.from(this.#at, (n) => this.#book.cases[n]);
  }

  where(keep: (one: CohortCase) => boolean): CohortSet {
    return new CohortSet(
      this.#book,
      this.#at.filter((n) => keep(this.#book.cases[n])),
    );
  }

  /** Groups by key, sorted by it; null belongs to none. Keys are worked out once for each function. */
  groups(keyOf: GroupOf): ReadonlyMap<string, CohortSet> {
    const { cases, groups } = this.#book;
    const keys = groups.get(keyOf) ?? cases.map(keyOf);
    groups.set(keyOf, keys);
    const places = new Map<string, number[]>();
    for (const n of this.#at) {
      const key = keys[n];
      if (key === null) continue;
      const group = places.get(key);
      if (group) group.push(n);
      else places.set(key, [n]);
    }
    return new Map(
      [...places]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, at]) => [key, new CohortSet(this.#book, Int32Array.from(at))]),
    );
  }

  patients(): number {
    const seen = new Uint8Array(this.#book.patients);
    for (const n of this.#at) seen[this.#book.patient[n]] = 1;
    return seen.reduce((sum, one) => sum + one, 0);
  }

  /** How each unit answers, counted. */
  count(question: Question, unit: AskedUnit): Counts {
    const counts = [0, 0, 0, 0, 0];
    for (const code of this.#answers(question, unit)) counts[code]++;
    return {
      present: counts[PRESENT],
      absent: counts[ABSENT],
      notAssessable: counts[NOT_ASSESSABLE],
      notAnswered: counts[NOT_ANSWERED],
    };
  }

  /** Lesions of each patient that answer with present or absent. */
  clusters(question: Question): readonly ClusterCounts[] {
    const { patient, patients, firstLesion } = this.#book;
    const answers = this.#lesionAnswers(question);
    const count = new Int32Array(patients);
    const of = new Int32Array(patients);
    for (const n of this.#at)
      for (let lesion = firstLesion[n]; lesion < firstLesion[n + 1]; lesion++) {
        const code = answers[lesion];
        if (code !== PRESENT && code !== ABSENT) continue;
        of[patient[n]]++;
        if (code === PRESENT) count[patient[n]]++;
      }
    return Array.from(of, (total, n) => ({ count: count[n], of: total })).filter(
      ({ of: total }) => total > 0,
    );
  }

  /** Documents of the units that answer so: what stands behind a number. */
  documents(question: Question, unit: AskedUnit, answer: "present" | "absent"): ReadonlySet<string> {
    const { cases, patient, procedure, firstLesion } = this.#book;
    const wanted = codeOf(answer);
    if (unit === "lesion") {
      const answers = this.#lesionAnswers(question);
      return this.#documentsOf((n) => answers.subarray(firstLesion[n], firstLesion[n + 1]).includes(wanted));
    }
    const unitOf = unit === "patient" ? patient : procedure;
    const joined = this.#answers(question, unit);
    return this.#documentsOf((n) => joined[unitOf[n]] === wanted && cases[n] !== undefined);
  }

  #documentsOf(keep: (n: number) => boolean): ReadonlySet<string> {
    const found = new Set<string>();
    for (const n of this.#at) if (keep(n)) found.add(this.#book.cases[n].documentId);
    return found;
  }

  /** A code for each patient, procedure or lesion; 0 for one that is not in this set. */
  #answers(question: Question, unit: AskedUnit): Uint8Array {
    const { patient, patients, procedure, procedures, firstLesion } = this.#book;
    if (unit === "lesion") {
      const all = this.#lesionAnswers(question);
      const mine = new Uint8Array(all.length);
      for (const n of this.#at)
        for (let lesion = firstLesion[n]; lesion < firstLesion[n + 1]; lesion++) mine[lesion] = all[lesion];
      return mine;
    }
    const [unitOf, size] = unit === "patient" ? [patient, patients] : [procedure, procedures];
    const answers = this.#caseAnswers(question);
    const joined = new Uint8Array(size);
    for (const n of this.#at) {
      const at = unitOf[n];
      if (WEIGHT[answers[n]] > WEIGHT[joined[at]]) joined[at] = answers[n];
    }
    return joined;
  }

  #caseAnswers(question: Question): Uint8Array {
    const { cases, ofCases } = this.#book;
    const known = ofCases.get(question) ?? Uint8Array.from(cases, (one) => codeOf(caseAnswer(question, one)));
    ofCases.set(question, known);
    return known;
  }

  #lesionAnswers(question: Question): Uint8Array {
    const { cases, ofLesions, firstLesion } = this.#book;
    const known = ofLesions.get(question);
    if (known) return known;
    const answers = new Uint8Array(firstLesion[cases.length]);
    cases.forEach((one, n) =>
      one.lesions.forEach((lesion, place) => {
        answers[firstLesion[n] + place] = codeOf(lesionAnswer(question, one, lesion));
      }),
    );
    ofLesions.set(question, answers);
    return answers;
  }

  /** How one case of the set answers, in the order of `cases`. */
  eachAnswer(question: Question, visit: (one: CohortCase, answer: Presence | null) => void): void {
    const answers = this.#caseAnswers(question);
    for (const n of this.#at) visit(this.#book.cases[n], CODES[answers[n]]);
  }
}
