package org.larder.storage.s3.internal;

import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the object of a batch is called: {@code
 * records/collection=tasks/day=2026-11-21/<from>-<to>.<follower>.<lane>.<generation>.jsonl.gz},
 * with positions of 20 digits. The same batch has the same name, so that a repeated write replaces
 * itself.
 *
 * @param from the position before the batch
 * @param to the position after it
 * @param follower who wrote
 * @param lane of the journal
 * @param generation which of the journals that the store has followed, from 0
 */
record BatchName(long from, long to, String follower, int lane, int generation) {
  private static final Pattern FILE =
      Pattern.compile("(\\d{20})-(\\d{20})\\.([a-z][a-z0-9_]*)\\.(\\d+)\\.(\\d+)\\.jsonl\\.gz");

  /** Where a collection's objects are. */
  static String folder(String collection) {
    return "records/collection=" + collection + "/";
  }

  /** The object's name for a collection and a day. */
  String in(String collection, LocalDate day) {
    return "%sday=%s/%020d-%020d.%s.%d.%d.jsonl.gz"
        .formatted(folder(collection), day, from, to, follower, lane, generation);
  }

  /** Reads a name; empty if it is not one of ours. */
  static Optional<BatchName> parse(String name) {
    Matcher matcher = FILE.matcher(name.substring(name.lastIndexOf('/') + 1));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new BatchName(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            matcher.group(3),
            Integer.parseInt(matcher.group(4)),
            Integer.parseInt(matcher.group(5))));
  }
}
