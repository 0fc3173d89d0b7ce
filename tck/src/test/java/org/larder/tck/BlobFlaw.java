package org.larder.tck;

import java.util.Set;

/** What stores of objects do wrong, and the tests that have to say so. */
enum BlobFlaw {
  NONE,
  RANGES_END_ONE_LATE("rangeGivesWhatThereIsOfIt"),
  LEAVES_WHAT_FAILED("sourceThatFailsChangesNothing", "wrongContentIsRefusedAndChangesNothing"),
  TAKES_ANY_NAME("nameThatIsNoneIsRefused"),
  LISTS_ONE_PAGE_OF_ITS_SERVER(
      "listGoesOnBehindAnyName",
      "listHasOnlyThePrefix",
      "listIsInTheOrderOfNames",
      "namesThatDifferAtAllAreDifferentObjects",
      "objectsThatComeAndGoDisturbNoPage",
      "pagesFollowEachOther"),
  LISTS_THE_NAME_TO_GO_ON_BEHIND("listGoesOnBehindAnyName", "pagesFollowEachOther"),
  FOLDS_CASE_OF_NAMES(
      "listGoesOnBehindAnyName",
      "listHasOnlyThePrefix",
      "listIsInTheOrderOfNames",
      "namesThatDifferAtAllAreDifferentObjects",
      "objectsThatComeAndGoDisturbNoPage",
      "pagesFollowEachOther"),
  DELETES_WHAT_IS_NOT_THERE("deletedObjectIsGone", "whatIsNotThereIsEmpty"),
  SHOWS_WHAT_IS_HALF_WRITTEN("readerSeesTheOldOrTheNewWhole");

  private final String tests;

  BlobFlaw(String... tests) {
    this.tests = String.join(",", tests);
  }

  /** The tests that fail, and no others. */
  Set<String> tests() {
    return tests.isEmpty() ? Set.of() : Set.of(tests.split(","));
  }
}
