package org.larder.shell.internal;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.larder.buffer.BackendStatus;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.JournalStatus;
import org.larder.buffer.Recovery;
import org.larder.buffer.RouteStatus;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Index;

/** What the commands print about the buffer. */
final class Reports {
  private Reports() {}

  static String health(BufferStatus status) {
    List<String> troubles = new ArrayList<>();
    if (!status.ready()) {
      troubles.add("The node is still catching up with its journal.");
    }
    if (status.backends().isEmpty()) {
      troubles.add("No backend is there: what is accepted stays in the journal.");
    }
    for (BackendStatus backend : status.backends()) {
      if (!backend.condition().equals("up")) {
        troubles.add(
            "Backend " + backend.name() + " is " + backend.condition() + ". " + backend.detail());
      }
    }
    for (FollowerStatus follower : status.followers()) {
      if (!follower.code().isEmpty()) {
        troubles.add(
            "Follower " + follower.name() + ": " + follower.code() + ". " + follower.message());
      }
      if (follower.deadLetters() > 0) {
        troubles.add(
            Text.count(follower.deadLetters())
                + " dead letters of "
                + follower.name()
                + "; see larder:dead.");
      }
    }
    JournalStatus journal = status.journal();
    if (journal.failedForces() > 0) {
      troubles.add(Text.count(journal.failedForces()) + " writes to the journal failed.");
    }
    Table table =
        new Table("", "")
            .row("status", troubles.isEmpty() ? "healthy" : "needs attention")
            .row("ready", status.ready() ? "yes" : "no")
            .row("pending", Text.count(status.pendingTotal()) + " records")
            .row("journal", usage(journal));
    String lines =
        troubles.stream().map(line -> Text.oneLine(line) + "\n").collect(Collectors.joining());
    return withoutHeadings(table) + lines;
  }

  static String backends(BufferStatus status, List<RouteStatus> routes) {
    Table table = new Table("NAME", "KIND", "ROLE", "STATE", ">SIZE", "DETAIL");
    for (BackendStatus backend : status.backends()) {
      table.row(
          backend.name(),
          backend.kind(),
          role(backend, routes),
          backend.condition(),
          Text.bytes(backend.storedBytes()),
          backend.detail().isEmpty()
              ? String.join(" ", backend.capabilities()).toLowerCase(Locale.ROOT)
              : backend.detail());
    }
    return table.isEmpty() ? "No backend is there.\n" : table.toString();
  }

  private static String role(BackendStatus backend, List<RouteStatus> routes) {
    if (backend.primary()) {
      return "primary";
    }
    boolean routed =
        routes.stream().anyMatch(one -> one.route().backends().contains(backend.name()));
    return routed ? "mirror" : "unused";
  }

  static String collections(List<CollectionSchema> schemas, BufferStatus status) {
    Table table = new Table("NAME", ">VERSION", ">FIELDS", "KEY", "RETENTION", ">PENDING");
    for (CollectionSchema schema : schemas) {
      table.row(
          schema.name(),
          schema.version(),
          schema.fields().size(),
          schema.field(CollectionSchema.KEY).name(),
          schema.retentionClass(),
          Text.count(status.pending().getOrDefault(schema.name(), 0L)));
    }
    return table.isEmpty() ? "There are no collections.\n" : table.toString();
  }

  static String collection(CollectionSchema schema) {
    Table table = new Table("FIELD", "TYPE", "REQUIRED", "MERGE", "DEFAULT");
    for (Field field : schema.fields()) {
      table.row(
          field.name(),
          field.type().name().toLowerCase(Locale.ROOT)
              + (field.size() > 0 ? "(" + field.size() + ")" : ""),
          field.isRequired() ? "yes" : "",
          field.mergeRule().name().toLowerCase(Locale.ROOT),
          field.defaultValue().map(String::valueOf).orElse(""));
    }
    String indexes = schema.indexes().stream().map(Index::name).collect(Collectors.joining(", "));
    return schema + ", indexes: " + (indexes.isEmpty() ? "none" : indexes) + "\n" + table;
  }

  static String buffer(BufferStatus status) {
    JournalStatus journal = status.journal();
    Table table =
        new Table("", "")
            .row("journal", usage(journal))
            .row("segments", journal.segments())
            .row(
                "sequences",
                Text.count(journal.startSequence()) + " up to " + Text.count(journal.endSequence()))
            .row("pending", Text.count(status.pendingTotal()) + " records")
            .row(
                "drained at",
                Text.count(status.capacity())
                    + " records, or when the oldest has waited long enough")
            .row(
                "last drained",
                status
                    .lastFlush()
                    .map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString())
                    .orElse("not since the start"));
    new TreeMap<>(status.pending())
        .forEach((name, records) -> table.row("  " + name, Text.count(records)));
    return withoutHeadings(table);
  }

  static String followers(BufferStatus status) {
    Table table =
        new Table("NAME", "STATE", ">POSITION", ">LAG", ">OLDEST", ">BATCHES", ">RETRIES", ">DEAD");
    StringBuilder troubles = new StringBuilder();
    for (FollowerStatus follower : status.followers()) {
      table.row(
          follower.name(),
          follower.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          follower.position() < 0 ? "-" : Text.count(follower.position()),
          Text.count(follower.lag()),
          follower.oldestPending().isZero() ? "-" : Text.duration(follower.oldestPending()),
          Text.count(follower.batches()),
          Text.count(follower.retries()),
          Text.count(follower.deadLetters()));
      if (!follower.code().isEmpty()) {
        troubles
            .append(follower.name())
            .append(": ")
            .append(follower.code())
            .append(": ")
            .append(Text.oneLine(follower.message()))
            .append('\n');
      }
    }
    return table.isEmpty() ? "Nothing follows the journal.\n" : table.toString() + troubles;
  }

  static String stats(BufferStatus status) {
    JournalStatus journal = status.journal();
    Runtime runtime = Runtime.getRuntime();
    Duration uptime = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    long batches = status.followers().stream().mapToLong(FollowerStatus::batches).sum();
    long items = status.followers().stream().mapToLong(FollowerStatus::items).sum();
    Table table =
        new Table("", "")
            .row("up for", Text.duration(uptime))
            .row("accepted", Text.count(status.acknowledgedItems()) + " items")
            .row("forced to disk", Text.count(journal.groups()) + " groups")
            .row("mean force", mean(journal.forceTotal(), journal.groups()))
            .row("longest force", Text.duration(journal.forceMax()))
            .row("drained", Text.count(items) + " records in " + Text.count(batches) + " batches")
            .row(
                "heap",
                Text.bytes(runtime.totalMemory() - runtime.freeMemory())
                    + " of "
                    + Text.bytes(runtime.maxMemory()));
    return withoutHeadings(table);
  }

  static String recovery(Recovery recovery) {
    Table table =
        new Table("", "")
            .row("started", recovery.at().truncatedTo(ChronoUnit.SECONDS))
            .row("epoch", recovery.epoch())
            .row(
                "sequences",
                Text.count(recovery.startSequence())
                    + " up to "
                    + Text.count(recovery.endSequence()))
            .row(
                "read",
                Text.count(recovery.frames()) + " frames in " + recovery.segments() + " segments")
            .row("took", Text.duration(recovery.took()))
            .row(
                "replayed",
                recovery.replayed() < 0
                    ? "not yet known"
                    : Text.count(recovery.replayed()) + " records");
    String findings =
        recovery.findings().isEmpty()
            ? "Everything was as it should be.\n"
            : recovery.findings().stream()
                .map(f -> f.kind() + " " + f.file() + ": " + Text.oneLine(f.sentence()) + "\n")
                .collect(Collectors.joining());
    return withoutHeadings(table) + findings;
  }

  private static String usage(JournalStatus journal) {
    return Text.share(journal.liveBytes(), journal.maxBytes());
  }

  private static String mean(Duration total, long count) {
    return count == 0 ? "-" : total.dividedBy(count).toNanos() / 1000 + " µs";
  }

  private static String withoutHeadings(Table table) {
    String text = table.toString();
    return text.substring(text.indexOf('\n') + 1);
  }
}
