package org.larder.journal.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.larder.journal.JournalOptions;
import org.larder.journal.RecoveryReport;

/**
 * Brings a directory into a state from which a journal goes on, and begins its next epoch. Every
 * step may be repeated after a crash. The opening thread's alone.
 */
final class Recovery {
  /** What the journal starts from. */
  record Outcome(
      UUID id,
      Epochs epochs,
      Map<String, Long> readers,
      Losses losses,
      List<Segment> segments,
      SegmentAllocator.Spare spare,
      long nextNumber,
      long fileBytes,
      RecoveryReport report) {}

  private final JournalOptions options;
  private final JournalFiles files;
  private final Path directory;

  Recovery(JournalOptions options) {
    this.options = options;
    this.files = options.files();
    this.directory = options.directory();
  }

  Outcome recover() throws IOException {
    long began = System.nanoTime();
    JournalScan scan = JournalScan.of(files, directory);
    Verdict verdict = Verdict.of(scan);
    UUID id = scan.id().orElseGet(options.identity());
    if (scan.id().isEmpty() || scan.damagedMetadata().contains(JournalScan.ID)) {
      new MetadataFile(files, directory, JournalScan.ID).write(List.of("id " + id));
    }
    Quarantine quarantine = new Quarantine(files, directory);
    Set<Path> uncopied = new HashSet<>();
    for (Verdict.Damage damage : verdict.damage()) {
      if (!quarantine.copy(damage.scan().file(), damage.from(), damage.to())) {
        uncopied.add(damage.scan().file());
      }
    }
    List<Segment> segments = segments(verdict, id);
    Losses losses =
        new Losses(new MetadataFile(files, directory, JournalScan.LOSSES), scan.losses());
    verdict.losses().forEach(losses::add);
    losses.save();
    Epochs epochs = scan.epochs().with(scan.epochs().last() + 1, verdict.end());
    new MetadataFile(files, directory, JournalScan.EPOCHS).write(epochs.lines());
    SegmentAllocator.Spare spare = spare(scan, verdict);
    tidy(verdict, spare, uncopied);
    return new Outcome(
        id,
        epochs,
        scan.readers(),
        losses,
        segments,
        spare,
        scan.segments().stream().mapToLong(SegmentScan::number).max().orElse(0) + 1,
        segments.stream().mapToLong(Segment::fileBytes).sum()
            + (spare == null ? 0 : options.segmentBytes()),
        report(scan, verdict, epochs, System.nanoTime() - began));
  }

  static RecoveryReport report(JournalScan scan, Verdict verdict, Epochs epochs, long nanos) {
    return new RecoveryReport(
        epochs.last(),
        verdict.start(),
        verdict.end(),
        verdict.kept().size(),
        scan.segments().stream().mapToLong(SegmentScan::frames).sum(),
        verdict.kept().stream().mapToLong(kept -> kept.scan().fileBytes()).sum(),
        nanos,
        verdict.findings());
  }

  /** Makes what is kept durable, and cuts the last segment behind its last good frame. */
  private List<Segment> segments(Verdict verdict, UUID id) throws IOException {
    List<Segment> segments = new ArrayList<>();
    FileWindow window = new FileWindow(JournalScan.WINDOW_BYTES);
    for (int i = 0; i < verdict.kept().size(); i++) {
      Verdict.Kept kept = verdict.kept().get(i);
      SegmentScan segment = kept.scan();
      long dataEnd = kept.dataEnd();
      if (kept.partOfRun()) {
        dataEnd = segment.offsetOfEnd(files, id, window, kept.end());
      }
      long fileBytes = segment.fileBytes();
      if (i == verdict.kept().size() - 1) {
        fileBytes = dataEnd;
        long before = i == 0 ? 0 : segments.get(i - 1).number();
        makeDurable(kept, id, before, Math.min(verdict.settled(), kept.end()), dataEnd);
      }
      segments.add(
          new Segment(
              segment.number(),
              segment.file(),
              kept.first(),
              kept.end(),
              fileBytes,
              dataEnd,
              segment.index(),
              kept.holes()));
    }
    return segments;
  }

  /**
   * Forces the last segment and cuts it behind its data. What lies above the settled end is written
   * again first: the last life may have ended in a failed force, after which the system holds it
   * for written while it is not. A header that was torn off a first group is made anew.
   */
  private void makeDurable(Verdict.Kept kept, UUID id, long predecessor, long settled, long dataEnd)
      throws IOException {
    SegmentScan segment = kept.scan();
    long from = segment.index().offsetFor(settled);
    if (from == Layout.SEGMENT_HEADER_BYTES) {
      from = 0;
    }
    try (JournalFile file = files.open(segment.file(), JournalFiles.Mode.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(JournalScan.WINDOW_BYTES);
      while (from < dataEnd) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), dataEnd - from));
        int read = file.read(buffer, from);
        file.write(buffer.flip(), from);
        from += read;
      }
      if (segment.header().isEmpty()) {
        buffer.clear().limit(Layout.SEGMENT_HEADER_BYTES);
        headerOf(kept, id, predecessor).encode(buffer);
        file.write(buffer, 0);
      }
      file.truncate(dataEnd);
      file.force(true);
    }
  }

  private static SegmentHeader headerOf(Verdict.Kept kept, UUID id, long predecessor) {
    long epoch =
        kept.scan().pieces().stream()
            .filter(SegmentScan.Piece::good)
            .mapToLong(SegmentScan.Piece::epoch)
            .findFirst()
            .orElseThrow();
    return new SegmentHeader(
        id, kept.scan().number(), predecessor, kept.first(), epoch, kept.first(), List.of());
  }

  /** The prepared segment of the last opening, if it can be used. */
  private SegmentAllocator.Spare spare(JournalScan scan, Verdict verdict) {
    if (scan.segments().isEmpty()) {
      return null;
    }
    SegmentScan last = scan.segments().get(scan.segments().size() - 1);
    boolean usable =
        last.blank()
            && last.fileBytes() == options.segmentBytes()
            && verdict.kept().stream().mapToLong(kept -> kept.scan().fileBytes()).sum()
                    + last.fileBytes()
                <= options.maxBytes();
    return usable ? new SegmentAllocator.Spare(last.number(), last.file()) : null;
  }

  private void tidy(Verdict verdict, SegmentAllocator.Spare spare, Set<Path> uncopied)
      throws IOException {
    for (SegmentScan segment : verdict.dropped()) {
      boolean isSpare = spare != null && segment.number() == spare.number();
      if (!isSpare && !uncopied.contains(segment.file())) {
        files.delete(segment.file());
      }
    }
    for (Path file : files.list(directory)) {
      if (file.getFileName().toString().endsWith(Layout.UNFINISHED)) {
        files.delete(file);
      }
    }
    files.syncDirectory(directory);
  }
}
