# The oracle of the cohort's statistics: one line of figures for each table that comes in on standard input. Base R alone.
# "table" a b c d ...: rows of two columns; "share" k n; "pairs" a1 b1 a2 b2 ...
options(digits = 17, warn = -1)
say <- function(...) cat(paste(sprintf("%.15g", c(...)), collapse = " "), "\n", sep = "")
for (line in readLines(file("stdin"))) {
  words <- strsplit(line, " ")[[1]]
  x <- as.numeric(words[-1])
  if (words[1] == "table") {
    m <- matrix(x, ncol = 2, byrow = TRUE)
    exact <- fisher.test(m, workspace = 2e7)
    chi <- chisq.test(m, correct = FALSE)
    ends <- if (nrow(m) == 2) c(exact$conf.int) else c(0, 0)
    say(exact$p.value, chi$statistic, chi$p.value, min(chi$expected), ends)
  } else if (words[1] == "share") {
    k <- x[1]; n <- x[2]
    wilson <- prop.test(k, n, correct = FALSE)$conf.int
    exact <- binom.test(k, n)$conf.int
    say(wilson, exact)
  } else {
    p <- matrix(x, ncol = 2, byrow = TRUE)
    t <- t.test(p[, 2], p[, 1], paired = TRUE)
    w <- wilcox.test(p[, 2], p[, 1], paired = TRUE)
    say(t$statistic, t$p.value, w$statistic, w$p.value, t$conf.int)
  }
}
