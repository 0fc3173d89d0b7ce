package org.larder.journal.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.larder.journal.JournalOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deals with damage that a reader came upon while the journal is open. The keeper's thread. */
final class Salvage {
  private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);

  private final JournalOptions options;
  private final UUID journal;
  private final Losses losses;

  Salvage(JournalOptions options, UUID journal, Losses losses) {
    this.options = options;
    this.journal = journal;
    this.losses = losses;
  }

  /** Finds the damage in the segment, puts it on record, and lets readers step over it. */
  void of(Segment segment) throws IOException {
    FileWindow window = new FileWindow(JournalScan.WINDOW_BYTES);
    long end = segment.endSequence();
    SegmentScan scan =
        SegmentScan.of(
            options.files(), journal, segment.number(), segment.file(), window, segment.dataEnd());
    List<Hole> holes = new ArrayList<>(segment.holes());
    List<SegmentScan.Piece> open = new ArrayList<>();
    long expected = segment.firstSequence();
    for (SegmentScan.Piece piece : scan.pieces()) {
      if (segment.behindHole(piece.from()) != piece.from()) {
        continue;
      }
      if (piece.good()) {
        record(segment, open, expected, piece.first());
        expected = piece.end();
      } else {
        open.add(piece);
        holes.add(new Hole(piece.from(), piece.to()));
      }
    }
    record(segment, open, expected, end);
    losses.save();
    segment.holes(holes);
  }

  private void record(Segment segment, List<SegmentScan.Piece> open, long from, long to) {
    for (SegmentScan.Piece piece : open) {
      LOG.error(
          "Journal segment {} is damaged at bytes {} to {}; sequences {} to {} are lost. The bytes"
              + " are copied to quarantine; see to the disk",
          segment.file(),
          piece.from(),
          piece.to(),
          from,
          to);
      new Quarantine(options.files(), options.directory())
          .copy(segment.file(), piece.from(), piece.to());
      losses.add(new Loss(Loss.Cause.DAMAGE, from, to, segment.number(), piece.from(), piece.to()));
    }
    open.clear();
  }
}
