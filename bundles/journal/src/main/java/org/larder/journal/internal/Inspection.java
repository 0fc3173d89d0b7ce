package org.larder.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;
import org.larder.journal.RecoveryReport;

/** Reads a directory without changing it. One thread. */
public final class Inspection {
  private final Path directory;
  private final JournalFiles files;

  /** Of the directory. */
  public Inspection(Path directory, JournalFiles files) {
    this.directory = directory;
    this.files = files;
  }

  /** See JournalInspector. */
  public RecoveryReport verify() throws IOException {
    long began = System.nanoTime();
    JournalScan scan = JournalScan.of(files, directory);
    return Recovery.report(scan, Verdict.of(scan), scan.epochs(), System.nanoTime() - began);
  }

  /** See JournalInspector. */
  public void inspect(Consumer<String> lines) throws IOException {
    JournalScan scan = JournalScan.of(files, directory);
    lines.accept("journal " + scan.id().map(UUID::toString).orElse("without an id"));
    scan.damagedMetadata().forEach(name -> lines.accept("damaged file " + name));
    scan.epochs().lines().forEach(lines);
    scan.readers().forEach((reader, held) -> lines.accept("reader " + reader + " from " + held));
    for (Loss loss : scan.losses()) {
      lines.accept("loss " + loss.cause() + " " + loss.from() + " to " + loss.to());
    }
    FileWindow window = new FileWindow(JournalScan.WINDOW_BYTES);
    UUID id = scan.id().orElse(new UUID(0, 0));
    for (SegmentScan segment : scan.segments()) {
      segment(segment, id, window, lines);
    }
  }

  private void segment(SegmentScan segment, UUID id, FileWindow window, Consumer<String> lines)
      throws IOException {
    String name = segment.file().getFileName().toString();
    if (segment.blank()) {
      lines.accept("segment " + name + " prepared, " + segment.fileBytes() + " bytes");
      return;
    }
    lines.accept("segment " + name + " " + segment.fileBytes() + " bytes" + header(segment));
    try (JournalFile file = files.open(segment.file(), JournalFiles.Mode.READ)) {
      SegmentCursor cursor = new SegmentCursor(id, window);
      cursor.start(file, segment.number(), Layout.SEGMENT_HEADER_BYTES);
      while (step(cursor, segment.fileBytes(), lines)) {
        // each step writes its line
      }
    }
  }

  private static String header(SegmentScan segment) {
    Optional<SegmentHeader> header = segment.header();
    if (header.isEmpty()) {
      return ", header damaged";
    }
    SegmentHeader known = header.get();
    StringBuilder text =
        new StringBuilder(", epoch ")
            .append(known.epoch())
            .append(", first ")
            .append(known.firstSequence())
            .append(", after segment ")
            .append(known.predecessor())
            .append(" ended at ")
            .append(known.predecessorEnd());
    for (SequenceRange lost : known.lost()) {
      text.append(", lost ").append(lost.from()).append(" to ").append(lost.to());
    }
    return text.toString();
  }

  private static boolean step(SegmentCursor cursor, long size, Consumer<String> lines)
      throws IOException {
    switch (cursor.step(size)) {
      case GROUP -> {
        GroupHeader group = cursor.group();
        lines.accept(
            String.format(
                "  group at %d epoch %d sequences %d to %d, %d frames, %d bytes, settled %d",
                cursor.offset() - Layout.GROUP_HEADER_BYTES,
                group.epoch(),
                group.firstSequence(),
                group.endSequence(),
                group.frames(),
                group.bytes(),
                group.settledEnd()));
      }
      case FRAME -> {
        FrameHeader frame = cursor.frame();
        lines.accept(
            String.format(
                "    frame at %d lane %d sequence %d count %d kind %d%s schema %d, %d bytes",
                cursor.frameOffset(),
                frame.lane(),
                frame.sequence(),
                frame.count(),
                frame.kind(),
                frame.atomic() ? " atomic" : "",
                frame.schemaVersion(),
                frame.payloadLength()));
      }
      case DAMAGE -> {
        return damage(cursor, size, lines);
      }
      case END -> {
        return false;
      }
    }
    return true;
  }

  private static boolean damage(SegmentCursor cursor, long size, Consumer<String> lines)
      throws IOException {
    long from = cursor.offset();
    long next = cursor.search(size);
    if (next > 0) {
      lines.accept("  damage at " + from + " to " + next);
      cursor.resume(next);
      return true;
    }
    if (-next > from) {
      lines.accept("  damage at " + from + " to " + -next);
    }
    return false;
  }
}
