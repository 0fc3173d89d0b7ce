package org.larder.tck;

import java.util.Set;

/** What backends do wrong that answer questions themselves, and the tests that have to say so. */
enum QueryFlaw {
  NONE,
  REPEATS_THE_ROW_AT_THE_PLACE(
      "filteredPagesAreTheEvaluators",
      "pagesByKeysetSkipAndRepeatNothing",
      "pagesByOffsetAreTheEvaluators",
      "writesBetweenPagesHideAndRepeatNothing"),
  SKIPS_ROWS_OF_EQUAL_ORDER(
      "filteredPagesAreTheEvaluators",
      "pagesByKeysetSkipAndRepeatNothing",
      "pagesByOffsetAreTheEvaluators",
      "placeOfARowThatIsGoneIsStillGood",
      "writesBetweenPagesHideAndRepeatNothing"),
  LEAVES_ROWS_OF_EQUAL_ORDER_AS_THEY_COME(
      "everyOrderIsTheEvaluators",
      "filteredPagesAreTheEvaluators",
      "pagesByKeysetSkipAndRepeatNothing",
      "pagesByOffsetAreTheEvaluators",
      "placeOfARowThatIsGoneIsStillGood",
      "writesBetweenPagesHideAndRepeatNothing"),
  PUTS_NULL_LAST(
      "everyOrderIsTheEvaluators",
      "filteredPagesAreTheEvaluators",
      "pagesByKeysetSkipAndRepeatNothing",
      "pagesByOffsetAreTheEvaluators",
      "placeOfARowThatIsGoneIsStillGood",
      "writesBetweenPagesHideAndRepeatNothing"),
  COUNTS_ONLY_WHAT_IS_LEFT(
      "filteredPagesAreTheEvaluators",
      "pagesByKeysetSkipAndRepeatNothing",
      "pagesByOffsetAreTheEvaluators"),
  SEES_A_PAGE_BEHIND_THE_LAST(
      "pageThatEndsTheCollectionHasNoNext", "pagesByOffsetAreTheEvaluators"),
  FOLDS_CASE("charactersOfPatternsStandForThemselves", "everyOperatorOnEveryType"),
  TAKES_NULL_FOR_UNKNOWN(
      "filteredPagesAreTheEvaluators", "nestedFilters", "nullPassesNoComparisonButItsNegation"),
  TAKES_NULL_FOR_DIFFERENT(
      "everyOperatorOnEveryType",
      "nestedFilters",
      "nullPassesNoComparisonButItsNegation",
      "operandsBetweenAndBeyondStoredValues"),
  READS_WILDCARDS("charactersOfPatternsStandForThemselves"),
  FINDS_DELETED_ROWS("whatWasDeletedOrReplacedIsFoundNoMore"),
  COUNTS_DELETED_ROWS("figuresForgetWhatWasDeletedOrReplaced"),
  COUNTS_NULLS(
      "figuresForgetWhatWasDeletedOrReplaced",
      "figuresOfAllRows",
      "figuresOfFilteredGroups",
      "figuresOfGroups",
      "sumsAreExactBeyond64Bits"),
  SUMS_IN_DOUBLES("sumsAreExactBeyond64Bits"),
  LEAVES_OUT_THE_GROUP_OF_NULL(
      "figuresForgetWhatWasDeletedOrReplaced", "figuresOfFilteredGroups", "figuresOfGroups");

  private final String tests;

  QueryFlaw(String... tests) {
    this.tests = String.join(",", tests);
  }

  /** The tests that fail, and no others. */
  Set<String> tests() {
    return tests.isEmpty() ? Set.of() : Set.of(tests.split(","));
  }
}
