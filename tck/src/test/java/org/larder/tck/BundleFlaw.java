package org.larder.tck;

import java.util.Set;

/** What bundles do wrong when they come and go, and the tests that have to say so. */
enum BundleFlaw {
  NONE,
  EXPORTS_A_PACKAGE("bundleResolvesAndExportsNothing"),
  LEAVES_A_THREAD("removedBundleLeavesNothingInMemory"),
  KEEPS_ITS_SERVICE("eachConfigurationIsOneServiceWithItsName"),
  ANSWERS_BEFORE_IT_HAS_WRITTEN(
      "removedInMidWriteAndPutBackNothingIsLostOrDoubled",
      "stoppedAndUpdatedInMidWriteNothingIsLostOrDoubled");

  private final String tests;

  BundleFlaw(String... tests) {
    this.tests = String.join(",", tests);
  }

  /** The tests that fail, and no others. */
  Set<String> tests() {
    return tests.isEmpty() ? Set.of() : Set.of(tests.split(","));
  }
}
