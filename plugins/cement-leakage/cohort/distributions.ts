// The distributions that the intervals and tests rest on: normal, beta, Student's t, chi-square, hypergeometric.
// Written here because the alternatives are an untyped library exact to 3e-7, or 243 packages for six functions; a test holds every
// one of them against R.

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln of the gamma function for x > 0 (Lanczos, g = 7, n = 9; relative error below 1e-14). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  let sum: number = LANCZOS[0];
  for (let n = 1; n < LANCZOS.length; n++) sum += LANCZOS[n] / (y + n);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

const logFactorials: number[] = [0, 0];
/** ln n!, summed once for each n, so that exact tests of large tables cost no gamma function each. */
export function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push(logFactorials[k - 1] + Math.log(k));
  return logFactorials[n];
}
/** ln of n choose k. */
export const logChoose = (n: number, k: number): number =>
  logFactorial(n) - logFactorial(k) - logFactorial(n - k);

const TINY = 1e-300;
const PRECISE = 1e-15;
const MOST_TERMS = 10_000;

/** The continued fraction b0 + a1 / (b1 + a2 / (b2 + …)) by Lentz' way; `term(n)` gives [a_n, b_n]. */
function continuedFraction(b0: number, term: (n: number) => readonly [number, number]): number {
  let f = b0 === 0 ? TINY : b0;
  let c = f;
  let d = 0;
  for (let n = 1; n < MOST_TERMS; n++) {
    const [a, b] = term(n);
    d = b + a * d;
    d = 1 / (d === 0 ? TINY : d);
    c = b + a / c;
    if (c === 0) c = TINY;
    f *= c * d;
    if (Math.abs(c * d - 1) < PRECISE) break;
  }
  return f;
}

/** Regularised incomplete beta function I_x(a, b): the distribution function of Beta(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it the other tail is computed.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  return (
    front /
    continuedFraction(1, (n) => {
      const m = Math.floor(n / 2);
      const k =
        n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      return [k, 1];
    })
  );
}

/** Regularised lower incomplete gamma function P(s, x). */
function gammaP(s: number, x: number): number {
  if (x <= 0) return 0;
  if (x > s + 1) return 1 - gammaQ(s, x);
  let term = 1 / s;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && Math.abs(term) > PRECISE * Math.abs(sum); n++) {
    term *= x / (s + n);
    sum += term;
  }
  return sum * Math.exp(-x + s * Math.log(x) - logGamma(s));
}

/** Upper incomplete gamma function Q(s, x) = 1 - P(s, x), exact also where it is tiny. */
function gammaQ(s: number, x: number): number {
  if (x <= s + 1) return 1 - gammaP(s, x);
  const fraction = continuedFraction(x + 1 - s, (n) => [-n * (n - s), x + 2 * n + 1 - s]);
  return Math.exp(-x + s * Math.log(x) - logGamma(s)) / fraction;
}

/** P(X >= x) of chi-square with `df` degrees of freedom. */
export const chiSquareUpper = (x: number, df: number): number => (x <= 0 ? 1 : gammaQ(df / 2, x / 2));

/** P(Z <= z) of the standard normal; exact in both tails. */
export function normalCdf(z: number): number {
  const tail = 0.5 * gammaQ(0.5, (z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}
/** P(|Z| >= |z|). */
export const normalTwoSided = (z: number): number => gammaQ(0.5, (z * z) / 2);

/** P(|T| >= |t|) of Student's t. */
export const studentTwoSided = (t: number, df: number): number => betaCdf(df / (df + t * t), df / 2, 0.5);

/** The x in [low, high] at which an increasing function reaches `target`; bisection to the last bit. */
export function solveIncreasing(f: (x: number) => number, target: number, low: number, high: number): number {
  let a = low;
  let b = high;
  for (let n = 0; n < 200; n++) {
    const middle = (a + b) / 2;
    if (middle === a || middle === b) break;
    if (f(middle) < target) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

const quantiles = new Map<number, number>();
/** The z below which a standard normal lies with probability p; the few that intervals use are worked out once. */
export function normalQuantile(p: number): number {
  const known = quantiles.get(p) ?? solveIncreasing(normalCdf, p, -40, 40);
  if (quantiles.size < 100) quantiles.set(p, known);
  return known;
}
export const betaQuantile = (p: number, a: number, b: number): number =>
  solveIncreasing((x) => betaCdf(x, a, b), p, 0, 1);
/** The t with P(|T| >= t) = alpha. */
export const studentCritical = (alpha: number, df: number): number =>
  solveIncreasing((t) => -studentTwoSided(t, df), -alpha, 0, 1e6);
