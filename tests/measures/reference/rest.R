# Reference figures for tests/measures/test_differences.py, by the survey package (Debian: r-cran-survey).
# Run in this folder, after district.R: Rscript rest.R
# For each school of the ordinary districts: the share of the proficient in the rest of the district, as a domain that
# runs across strata, and the school's less it (rest_expected.csv). Schools with fewer than two respondents are left out.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")

districts <- read.csv("district_inputs.csv")
districts$n <- rowSums(districts[, paste0("count_", 0:3)])
districts <- districts[grepl("^ordinary", districts$district) & districts$n >= 2, ]

figures <- function(schools) {
  person <- do.call(rbind, lapply(seq_len(nrow(schools)), function(i) {
    counts <- unlist(schools[i, paste0("count_", 0:3)])
    data.frame(school_id = schools$school_id[i], people = schools$headcount[i], proficient = rep(0:3, counts) >= 2)
  }))
  person$proficient <- as.numeric(person$proficient)
  do.call(rbind, lapply(schools$school_id, function(school_id) {
    person$is_school <- ifelse(person$school_id == school_id, "school", "rest")
    design <- svydesign(ids = ~1, strata = ~school_id, fpc = ~people, data = person)
    found <- svyby(~proficient, ~is_school, design, svymean, covmat = TRUE)
    less <- svycontrast(found, c(school = 1, rest = -1))
    data.frame(district = schools$district[1], school_id = school_id, rest_share = coef(found)[["rest"]],
               rest_se = SE(found)[names(coef(found)) == "rest"], difference = as.vector(coef(less)),
               difference_se = as.vector(SE(less)))
  }))
}

in_order <- split(districts, factor(districts$district, levels = unique(districts$district)))
expected <- do.call(rbind, lapply(in_order[sapply(in_order, nrow) > 1], figures))
for (column in c("rest_share", "rest_se", "difference", "difference_se")) {
  expected[[column]] <- sprintf("%.12f", expected[[column]])
}
write.csv(expected, "rest_expected.csv", row.names = FALSE, quote = FALSE)
