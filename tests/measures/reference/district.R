# Reference figures for tests/measures/test_district.py, by the survey package (Debian: r-cran-survey).
# Run in this folder: Rscript district.R
# It makes up the districts (district_inputs.csv) and writes what svymean finds for them (district_expected.csv).
# The strata are found here by a loop of their own, so that the test also checks how small schools are folded.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")
set.seed(20260901)

school <- function(district, school_id, level, headcount, counts) {
  data.frame(district = district, school_id = school_id, level = level, headcount = headcount,
             count_0 = counts[1], count_1 = counts[2], count_2 = counts[3], count_3 = counts[4])
}

districts <- rbind(
  # Folding, one rule a district.
  school("singles of a level pool", "s1", "elementary", 30, c(4, 6, 5, 1)),
  school("singles of a level pool", "s2", "elementary", 22, c(0, 1, 0, 0)),
  school("singles of a level pool", "s3", "elementary", 18, c(0, 0, 0, 1)),
  school("singles of a level pool", "s4", "high", 40, c(3, 3, 9, 2)),
  school("a single joins the largest of its level", "s1", "elementary", 30, c(4, 6, 5, 1)),
  school("a single joins the largest of its level", "s2", "elementary", 35, c(1, 2, 5, 0)),
  school("a single joins the largest of its level", "s3", "elementary", 18, c(0, 0, 1, 0)),
  school("a single joins the largest of its level", "s4", "high", 90, c(3, 3, 9, 2)),
  school("a single joins the largest of the district", "s1", "elementary", 30, c(4, 6, 5, 1)),
  school("a single joins the largest of the district", "s2", "middle", 25, c(1, 0, 0, 0)),
  school("a single joins the largest of the district", "s3", "high", 60, c(3, 3, 9, 2)),
  school("a pool can be the largest", "s1", "elementary", 30, c(4, 6, 5, 1)),
  school("a pool can be the largest", "s2", "high", 45, c(0, 1, 0, 0)),
  school("a pool can be the largest", "s3", "high", 50, c(0, 0, 1, 0)),
  school("a pool can be the largest", "s4", "middle", 20, c(0, 0, 0, 1)),
  school("only singles", "s1", "elementary", 30, c(0, 1, 0, 0)),
  school("only singles", "s2", "middle", 25, c(0, 0, 1, 0)),
  school("only singles", "s3", "high", 60, c(0, 0, 1, 0)),
  school("equal headcounts", "s2", "elementary", 30, c(4, 6, 5, 1)),
  school("equal headcounts", "s1", "elementary", 30, c(0, 2, 5, 3)),
  school("equal headcounts", "s3", "elementary", 30, c(1, 0, 0, 0)),
  # Weights and the finite population.
  school("some do not count", "s1", "elementary", 30, c(4, 6, 5, 1)),
  school("some do not count", "s2", "elementary", 44, c(0, 0, 0, 0)),
  school("some do not count", "s3", "middle", NA, c(7, 7, 1, 0)),
  school("some do not count", "s4", "high", 60, c(3, 3, 9, 2)),
  school("headcount out of date", "s1", "elementary", 12, c(4, 6, 5, 1)),
  school("headcount out of date", "s2", "high", 60, c(3, 3, 9, 2)),
  school("one school complete", "s1", "elementary", 16, c(4, 6, 5, 1)),
  school("one school complete", "s2", "high", 60, c(3, 3, 9, 2)),
  school("everyone answered", "s1", "elementary", 16, c(4, 6, 5, 1)),
  school("everyone answered", "s2", "high", 17, c(3, 3, 9, 2)),
  school("each school agrees", "s1", "elementary", 16, c(9, 0, 0, 0)),
  school("each school agrees", "s2", "high", 17, c(0, 0, 0, 5)),
  school("one school", "s1", "elementary", 60, c(3, 5, 10, 2))
)

# Ordinary districts: 12 schools, uneven response, more and more of it small.
for (i in 1:12) {
  for (s in 1:12) {
    headcount <- sample(8:90, 1)
    respondents <- if (s <= i) sample(0:3, 1) else rbinom(1, headcount, runif(1, 0.1, 0.9))
    level <- sample(c("elementary", "middle", "high"), 1)
    counts <- as.vector(rmultinom(1, respondents, c(0.2, 0.3, 0.35, 0.15)))
    districts <- rbind(districts, school(sprintf("ordinary %02d", i), sprintf("s%02d", s), level, headcount, counts))
  }
}

largest <- function(candidates) {
  people <- tapply(candidates$people, candidates$stratum, sum)
  people <- people[order(names(people), method = "radix")]
  names(people)[which.max(people)]
}

fold <- function(schools) {
  schools$n <- rowSums(schools[, paste0("count_", 0:3)])
  schools <- schools[schools$n > 0 & !is.na(schools$headcount), ]
  schools$people <- pmax(schools$headcount, schools$n)
  schools$stratum <- ifelse(schools$n >= 2, schools$school_id, paste("pool of", schools$level))
  answers <- tapply(schools$n, schools$stratum, sum)
  enough <- schools[answers[schools$stratum] >= 2, ]
  for (i in which(answers[schools$stratum] < 2)) {
    same_level <- enough[enough$level == schools$level[i], ]
    schools$stratum[i] <-
      if (nrow(same_level) > 0) largest(same_level) else if (nrow(enough) > 0) largest(enough) else "rest"
  }
  schools
}

figures <- function(schools) {
  schools <- fold(schools)
  people_of_stratum <- tapply(schools$people, schools$stratum, sum)
  person <- do.call(rbind, lapply(seq_len(nrow(schools)), function(i) {
    counts <- unlist(schools[i, paste0("count_", 0:3)])
    data.frame(stratum = schools$stratum[i], answer = rep(0:3, counts))
  }))
  person$people <- as.vector(people_of_stratum[person$stratum])
  for (answer in 0:3) person[[paste0("level_", answer)]] <- as.numeric(person$answer == answer)
  person$proficient <- as.numeric(person$answer >= 2)
  design <- svydesign(ids = ~1, strata = ~stratum, fpc = ~people, data = person)
  found <- svymean(~level_0 + level_1 + level_2 + level_3 + proficient, design)
  data.frame(district = schools$district[1], measure = names(coef(found)),
             share = as.vector(coef(found)), share_se = as.vector(SE(found)))
}

in_order <- split(districts, factor(districts$district, levels = unique(districts$district)))
expected <- do.call(rbind, lapply(in_order, figures))
expected$share <- sprintf("%.12f", expected$share)
expected$share_se <- sprintf("%.12f", expected$share_se)
write.csv(districts, "district_inputs.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(expected, "district_expected.csv", row.names = FALSE, quote = FALSE)
