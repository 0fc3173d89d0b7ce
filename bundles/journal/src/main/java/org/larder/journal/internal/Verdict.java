package org.larder.journal.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.larder.journal.RecoveryReport.Finding;
import org.larder.journal.RecoveryReport.Kind;

/**
 * What is to be done about a scan.
 *
 * @param start first sequence that can be read
 * @param end the sequence after the last
 * @param settled highest end that anything names: what is below was synced, or is lost
 * @param kept segments with something good in them, oldest first
 * @param dropped segments to delete: never used, given up, or wholly above the cut
 * @param damage damage to copy aside
 * @param losses to put on record
 * @param findings for the report
 */
record Verdict(
    long start,
    long end,
    long settled,
    List<Kept> kept,
    List<SegmentScan> dropped,
    List<Damage> damage,
    List<Loss> losses,
    List<Finding> findings) {

  /**
   * A segment that stays, and how much of it: {@code end} is a sequence, {@code dataEnd} a byte.
   */
  record Kept(
      SegmentScan scan, long first, long end, long dataEnd, boolean partOfRun, List<Hole> holes) {}

  /** Bytes to copy aside. */
  record Damage(SegmentScan scan, long from, long to) {}

  static Verdict of(JournalScan scan) {
    return new Judge(scan).judge();
  }

  /** Goes through the pieces in order; {@code expected} is the sequence that should come next. */
  private static final class Judge {
    private static final long UNKNOWN = -1;

    private final JournalScan scan;
    private final long settled;
    private final List<Loss> known;
    private final List<Kept> kept = new ArrayList<>();
    private final List<SegmentScan> dropped = new ArrayList<>();
    private final List<Damage> damaged = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Suspect> suspects = new ArrayList<>();
    private long start = UNKNOWN;
    private long expected = UNKNOWN;
    private long lastNumber;
    private boolean cut;

    /** Damage, or a missing segment, whose lost sequences the next good frame will tell. */
    private record Suspect(Kind kind, SegmentScan segment, long number, long from, long to) {}

    Judge(JournalScan scan) {
      this.scan = scan;
      known = new ArrayList<>(scan.losses());
      long named = Math.max(scan.epochs().lastStart(), scan.epochs().closedAt());
      for (long held : scan.readers().values()) {
        named = Math.max(named, held);
      }
      for (SegmentScan segment : scan.segments()) {
        named = Math.max(named, segment.settledEnd());
        named = Math.max(named, segment.header().map(SegmentHeader::predecessorEnd).orElse(0L));
        segment
            .header()
            .ifPresent(
                header ->
                    header.lost().forEach(lost -> learn(Loss.failed(lost.from(), lost.to()))));
      }
      known.addAll(losses);
      settled = named;
    }

    private void learn(Loss loss) {
      if (!known.contains(loss) && !losses.contains(loss)) {
        losses.add(loss);
      }
    }

    Verdict judge() {
      List<SegmentScan> chain = chain();
      for (int i = 0; i < chain.size(); i++) {
        SegmentScan segment = chain.get(i);
        if (cut) {
          dropped.add(segment);
        } else {
          segment(segment, voidFrom(segment, chain.subList(i + 1, chain.size())));
        }
      }
      if (expected == UNKNOWN) {
        expected = settled;
        start = settled;
      }
      if (expected < settled) {
        gap(settled);
      } else {
        clear(expected);
      }
      scan.readers()
          .forEach(
              (reader, held) -> {
                if (held < start && !isKnown(held, start)) {
                  findings.add(
                      new Finding(
                          Kind.LOST,
                          JournalScan.READERS,
                          0,
                          0,
                          held,
                          start,
                          "Reader "
                              + reader
                              + " still needs sequence "
                              + held
                              + ", but the journal starts at "
                              + start));
                  learn(new Loss(Loss.Cause.MISSING, held, start, 0, 0, 0));
                }
              });
      scan.damagedMetadata()
          .forEach(
              name ->
                  findings.add(
                      new Finding(
                          Kind.METADATA,
                          name,
                          0,
                          0,
                          0,
                          0,
                          "The file " + name + " is damaged and is made anew")));
      return new Verdict(start, expected, settled, kept, dropped, damaged, losses, findings);
    }

    /** The segments that count; those given up after a failed force are named by no successor. */
    private List<SegmentScan> chain() {
      List<SegmentScan> used = new ArrayList<>();
      for (SegmentScan segment : scan.segments()) {
        if (segment.blank()) {
          dropped.add(segment);
          continue;
        }
        segment
            .header()
            .ifPresent(
                header ->
                    used.removeIf(
                        earlier -> {
                          boolean givenUp = earlier.number() > header.predecessor();
                          if (givenUp) {
                            dropped.add(earlier);
                          }
                          return givenUp;
                        }));
        used.add(segment);
      }
      return used;
    }

    private static long voidFrom(SegmentScan segment, List<SegmentScan> later) {
      for (SegmentScan next : later) {
        if (next.header().isPresent()) {
          SegmentHeader header = next.header().get();
          return header.predecessor() == segment.number()
              ? header.predecessorEnd()
              : Long.MAX_VALUE;
        }
      }
      return Long.MAX_VALUE;
    }

    private void segment(SegmentScan segment, long voidFrom) {
      arrive(segment);
      lastNumber = segment.number();
      List<Hole> holes = new ArrayList<>();
      long first = expected;
      long dataEnd = 0;
      boolean partOfRun = false;
      for (SegmentScan.Piece piece : segment.pieces()) {
        if (cut) {
          break;
        }
        if (!piece.good()) {
          holes.add(new Hole(piece.from(), piece.to()));
          if (expected < voidFrom) {
            damage(segment, piece);
          }
          continue;
        }
        long limit = Math.min(voidFrom, scan.epochs().end(piece.epoch()).orElse(Long.MAX_VALUE));
        if (piece.first() >= limit || piece.first() < expected) {
          holes.add(new Hole(piece.from(), piece.to()));
          continue;
        }
        if (!reach(segment, piece)) {
          break;
        }
        expected = Math.min(piece.end(), limit);
        partOfRun = expected < piece.end();
        dataEnd = piece.to();
      }
      if (dataEnd == 0) {
        dropped.add(segment);
        return;
      }
      kept.add(new Kept(segment, first, expected, dataEnd, partOfRun, List.copyOf(holes)));
    }

    private void arrive(SegmentScan segment) {
      if (expected == UNKNOWN) {
        start = startOf(segment);
        expected = start;
      } else if (segment.header().isPresent()
          && segment.header().get().predecessor() != lastNumber
          && expected < segment.header().get().predecessorEnd()
          && segment.header().get().predecessorEnd() > floor()) {
        suspects.add(
            new Suspect(Kind.MISSING_SEGMENT, null, segment.header().get().predecessor(), 0, 0));
      }
      boolean headerDamaged = segment.header().isEmpty() && !segment.pieces().isEmpty();
      if (headerDamaged && expected < settled) {
        damage(segment, SegmentScan.Piece.damage(0, Layout.SEGMENT_HEADER_BYTES));
      }
    }

    /**
     * Where the first segment begins. Without its header the first good frame tells, unless that
     * lies above the settled end: then the segment's first group was never synced, and the frames
     * that it has lost were to come first.
     */
    private long startOf(SegmentScan segment) {
      if (segment.header().isPresent()) {
        return segment.header().get().firstSequence();
      }
      return firstGood(segment).map(piece -> Math.min(piece.first(), settled)).orElse(settled);
    }

    private static Optional<SegmentScan.Piece> firstGood(SegmentScan segment) {
      return segment.pieces().stream().filter(SegmentScan.Piece::good).findFirst();
    }

    /** Below it no reader needs anything: what is missing there was being deleted. */
    private long floor() {
      return scan.readers().values().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    private void damage(SegmentScan segment, SegmentScan.Piece piece) {
      if (expected < settled || isBeforeTheStart(segment, piece)) {
        suspects.add(
            new Suspect(Kind.QUARANTINED, segment, segment.number(), piece.from(), piece.to()));
        return;
      }
      cutAt(segment, piece.from(), piece.to());
    }

    /** Whether the start is that of a frame behind the damage, before which all was synced. */
    private boolean isBeforeTheStart(SegmentScan segment, SegmentScan.Piece piece) {
      return kept.isEmpty()
          && segment.header().isEmpty()
          && firstGood(segment)
              .filter(good -> piece.to() <= good.from() && good.first() == start)
              .isPresent();
    }

    private void cutAt(SegmentScan segment, long from, long to) {
      cut = true;
      findings.add(
          new Finding(
              Kind.CUT,
              segment.file().getFileName().toString(),
              from,
              to,
              expected,
              expected,
              "What follows sequence "
                  + expected
                  + " was never synced as a whole and has been cut: "
                  + (to - from)
                  + " bytes"));
    }

    /** Whether the good piece may follow what came before. */
    private boolean reach(SegmentScan segment, SegmentScan.Piece piece) {
      if (piece.first() == expected) {
        clear(expected);
        return true;
      }
      if (isKnown(expected, piece.first())) {
        clear(expected);
        return true;
      }
      if (expected < settled) {
        gap(piece.first());
        return true;
      }
      cutAt(segment, piece.from(), piece.to());
      return false;
    }

    private boolean isKnown(long from, long to) {
      long at = from;
      boolean moved = true;
      while (moved && at < to) {
        moved = false;
        for (Loss loss : known) {
          if (loss.from() <= at && at < loss.to()) {
            at = loss.to();
            moved = true;
          }
        }
      }
      return at >= to;
    }

    /** Sequences up to the given one are gone, through the suspects if there are any. */
    private void gap(long to) {
      if (suspects.isEmpty() && !isKnown(expected, to) && to > floor()) {
        findings.add(
            new Finding(
                Kind.LOST,
                "",
                0,
                0,
                expected,
                to,
                "Sequences " + expected + " to " + (to - 1) + " are in no file any more"));
        learn(new Loss(Loss.Cause.MISSING, expected, to, 0, 0, 0));
      }
      clear(to);
      expected = to;
    }

    /** Closes the open suspects: what they took lies between the expected sequence and this one. */
    private void clear(long to) {
      for (Suspect suspect : suspects) {
        report(suspect, expected, to);
      }
      suspects.clear();
    }

    private void report(Suspect suspect, long from, long to) {
      if (suspect.kind() == Kind.MISSING_SEGMENT) {
        String name = Layout.segmentName(suspect.number());
        if (!isKnown(from, to)) {
          findings.add(
              new Finding(
                  Kind.MISSING_SEGMENT,
                  name,
                  0,
                  0,
                  from,
                  to,
                  "The segment "
                      + name
                      + " is missing; sequences "
                      + from
                      + " to "
                      + (to - 1)
                      + " are lost"));
          learn(new Loss(Loss.Cause.MISSING, from, to, 0, 0, 0));
        }
        return;
      }
      boolean reported =
          scan.losses().stream().anyMatch(loss -> loss.isAt(suspect.number(), suspect.from()));
      damaged.add(new Damage(suspect.segment(), suspect.from(), suspect.to()));
      if (reported) {
        return;
      }
      findings.add(
          new Finding(
              Kind.QUARANTINED,
              suspect.segment().file().getFileName().toString(),
              suspect.from(),
              suspect.to(),
              from,
              to,
              (suspect.to() - suspect.from())
                  + " damaged bytes at "
                  + suspect.from()
                  + " were copied to quarantine; "
                  + (to > from
                      ? "sequences " + from + " to " + (to - 1) + " are lost"
                      : "no sequence is lost")));
      learn(new Loss(Loss.Cause.DAMAGE, from, to, suspect.number(), suspect.from(), suspect.to()));
    }
  }
}
