package org.larder.tck;

import java.util.List;
import java.util.stream.Stream;

/** What backends do wrong, and the parts of the contract that have to say so. */
enum Flaw {
  NONE,
  FORGETS_THE_VERSION("idempotency", "merging"),
  CUTS_TEXT_AT_NUL("idempotency", "limits and unicode", "merging", "scans", "values"),
  FOLDS_CASE_OF_KEYS("values"),
  TRIMS_TEXT("limits and unicode", "values"),
  TURNS_EMPTY_INTO_NULL("merging", "scans", "values"),
  ROUNDS_TIMES_TO_MILLISECONDS("idempotency", "merging", "scans", "values"),
  LEAVES_NULL_ABSENT("idempotency", "limits and unicode", "merging", "scans", "schemas", "values"),
  SCANS_BY_UTF_16("limits and unicode", "values"),
  RESUMES_AT_THE_KEY_NOT_BEHIND_IT("limits and unicode", "scans"),
  FENCES_NOBODY("positions"),
  TAKES_BATCHES_FROM_ANYWHERE("idempotency", "positions"),
  APPLIES_A_REPEATED_BATCH_AGAIN("idempotency", "positions"),
  TAKES_ANY_STORE_FOR_THE_EXPECTED("store"),
  FORGETS_DELETES("idempotency", "merging"),
  PROMISES_MORE_THAN_IT_HAS("concurrency", "idempotency", "positions"),
  CUTS_STRINGS_AT_1000("limits and unicode"),
  ROUNDS_DECIMALS_TO_DOUBLES("figures", "limits and unicode", "values"),
  TAKES_5000_ITEMS_AT_MOST("limits and unicode"),
  DECLARES_INSERTS_BUT_PUTS("idempotency", "merging"),
  TAKES_INSERTS_WITHOUT_DECLARING("merging"),
  DECLARES_SNAPSHOT_SCANS("scans"),
  DECLARES_TEXT_SEARCH("capabilities"),
  DECLARES_LESS_THAN_NAMED("capabilities"),
  LEAVES_A_THREAD("coming and going"),
  ENDS_SCANS_WHEN_CLOSED("coming and going"),
  // An interrupt in mid-write may come when the write has begun, or has ended.
  HALTS_WHEN_INTERRUPTED("concurrency", "failures?"),
  FAILS_WITH_SOMETHING_ELSE_WHEN_CLOSED("coming and going"),
  OUTLIVES_ITS_TIME("failures"),
  PROBES_WITHOUT_HURRY("coming and going"),
  WRITES_DATA_LATER("coming and going", "crash of the writer", "failures", "schemas", "store"),
  SWALLOWS_FAILURES("failures"),
  HALTS_ON_A_FULL_DISK("failures"),
  // A reader that comes between the halves of a batch sees it as well, and so does a kill there.
  DECLARES_ATOMIC_BATCHES("failures", "concurrency?", "crash of the writer?");

  private static final String BY_CHANCE = "?";

  private final String parts;

  Flaw(String... parts) {
    this.parts = String.join(",", parts);
  }

  /** The parts in which tests have to fail. */
  List<String> parts() {
    return split().filter(part -> !part.endsWith(BY_CHANCE)).toList();
  }

  /** The parts in which tests may fail: those, and what depends on when threads meet. */
  List<String> possibleParts() {
    return split().map(part -> part.replace(BY_CHANCE, "")).toList();
  }

  private Stream<String> split() {
    return parts.isEmpty() ? Stream.empty() : Stream.of(parts.split(","));
  }

  /** True if it takes a store that outlives its process to show it. */
  boolean isOfFiles() {
    return compareTo(WRITES_DATA_LATER) >= 0;
  }
}
