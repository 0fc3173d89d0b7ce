package org.larder.shell.internal;

import java.util.List;
import java.util.Locale;
import org.larder.buffer.MigrationPlan;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationStatus;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.buffer.MigrationStatus.Phase;

/** What the command prints about migrations. */
final class MigrationReports {
  private MigrationReports() {}

  static String list(List<MigrationStatus> all) {
    if (all.isEmpty()) {
      return "No migrations. larder:migrate --help says how to begin one.\n";
    }
    Table table =
        new Table("ID", "COLLECTION", "FROM", "TO", "PHASE", ">DONE", ">PER SECOND", "LEFT");
    for (MigrationStatus one : all) {
      table.row(
          one.id(),
          one.request().collection(),
          one.request().from(),
          one.request().to(),
          one.phase().wireName(),
          done(one),
          one.perSecond() > 0 ? Text.count(Math.round(one.perSecond())) : "",
          one.remaining().map(Text::duration).orElse(""));
    }
    return table.toString();
  }

  private static String done(MigrationStatus one) {
    return switch (one.phase()) {
      case PREPARED, BACKFILLING -> Text.count(one.copied()) + " of " + Text.count(one.total());
      default -> Text.count(Math.max(one.copied(), one.verified()));
    };
  }

  static String inFull(MigrationStatus one) {
    MigrationRequest request = one.request();
    StringBuilder text = new StringBuilder();
    line(text, "Migration", one.id() + ", " + one.phase().wireName().replace('_', ' '));
    line(text, "Moves", request.collection() + " from " + request.from() + " to " + request.to());
    line(text, "Began", String.valueOf(one.startedAt()));
    one.endedAt().ifPresent(at -> line(text, "Ended", String.valueOf(at)));
    line(
        text,
        "Copied",
        Text.count(one.copied()) + " of " + Text.count(one.total()) + " records" + rate(one, true));
    Comparison found = one.comparison();
    if (found.ranges() > 0 || one.phase() == Phase.VERIFYING) {
      line(
          text,
          "Compared",
          Text.count(one.verified())
              + " records in "
              + Text.count(found.ranges())
              + " ranges are equal"
              + rate(one, false));
      line(
          text,
          "Took",
          Text.duration(found.took()) + ", held for " + Text.duration(found.held()) + " of it");
    }
    if (!found.digest().isEmpty()) {
      line(text, "Digest", found.digest());
    }
    if (!one.message().isEmpty()) {
      String code = one.code().isEmpty() ? "" : one.code() + ": ";
      line(text, one.phase().isEnd() ? "Outcome" : "Waits", code + Text.oneLine(one.message()));
    }
    if (!one.phase().isEnd() && one.phase().compareTo(Phase.CUT_OVER) < 0) {
      text.append("Follow it with larder:migrate status ")
          .append(one.id())
          .append("; end it with larder:migrate cancel ")
          .append(one.id())
          .append(".\n");
    } else if (one.reversible()) {
      text.append("The old route comes back with larder:migrate rollback ")
          .append(one.id())
          .append(".\n");
    }
    return text.toString();
  }

  private static String rate(MigrationStatus one, boolean copying) {
    boolean now = one.phase() == (copying ? Phase.BACKFILLING : Phase.VERIFYING);
    return now && one.perSecond() > 0
        ? ", "
            + Text.count(Math.round(one.perSecond()))
            + "/s"
            + one.remaining().map(left -> ", " + Text.duration(left) + " left").orElse("")
        : "";
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-10s %s%n", name, value));
  }

  static String plan(MigrationPlan plan) {
    MigrationRequest request = plan.request();
    Table table = new Table("COLLECTION", ">RECORDS", ">ABOUT");
    for (MigrationPlan.Part part : plan.parts()) {
      table.row(part.collection(), Text.count(part.records()), Text.bytes(part.bytes()));
    }
    StringBuilder text = new StringBuilder(table.toString());
    text.append("Dry run; nothing was changed. It would:\n")
        .append("- make ")
        .append(request.to())
        .append(" (")
        .append(plan.targetKind())
        .append(") a mirror of ")
        .append(request.from())
        .append(" and fill it with ")
        .append(Text.count(plan.records()))
        .append(" records\n")
        .append("- compare the two, range by range, while writes go on into the journal\n")
        .append(
            plan.cutOver()
                ? "- make " + request.to() + " the primary, and " + request.from() + " its mirror\n"
                : "- leave " + request.to() + " as a mirror, and " + request.from() + " primary\n");
    for (String lack : plan.lacks()) {
      text.append("Mind: on ").append(request.to()).append(' ').append(lack).append(".\n");
    }
    return text.toString();
  }
}
