package org.larder.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.larder.journal.JournalFile;
import org.larder.journal.JournalFiles;

/**
 * Everything a directory holds, read and not yet judged.
 *
 * @param id of the journal; empty when there is no trace of one
 * @param epochs on record, or as far as the segments tell
 * @param readers on record
 * @param losses on record
 * @param segments by number
 * @param damagedMetadata names of metadata files that are there and cannot be read
 */
record JournalScan(
    Optional<UUID> id,
    Epochs epochs,
    Map<String, Long> readers,
    List<Loss> losses,
    List<SegmentScan> segments,
    List<String> damagedMetadata) {

  static final String ID = "journal.id";
  static final String EPOCHS = "epochs";
  static final String READERS = "readers";
  static final String LOSSES = "losses";
  static final int WINDOW_BYTES = 1 << 20;

  static JournalScan of(JournalFiles files, Path directory) throws IOException {
    List<Path> segmentFiles = segmentFiles(files, directory);
    FileWindow window = new FileWindow(WINDOW_BYTES);
    List<String> damaged = new ArrayList<>();
    Optional<UUID> id =
        read(files, directory, ID, damaged)
            .map(lines -> UUID.fromString(lines.get(0).substring("id ".length())));
    if (id.isEmpty()) {
      id = idFromSegments(files, segmentFiles, window);
    }
    List<SegmentScan> segments = new ArrayList<>();
    UUID journal = id.orElse(new UUID(0, 0));
    for (Path file : segmentFiles) {
      long number = Layout.segmentNumber(file).orElseThrow();
      segments.add(SegmentScan.of(files, journal, number, file, window, Long.MAX_VALUE));
    }
    Epochs epochs =
        read(files, directory, EPOCHS, damaged)
            .map(Epochs::parse)
            .orElseGet(() -> epochsFromSegments(segments));
    return new JournalScan(
        id,
        epochs,
        read(files, directory, READERS, damaged).map(Retention::parse).orElse(Map.of()),
        read(files, directory, LOSSES, damaged).map(Losses::parse).orElse(List.of()),
        List.copyOf(segments),
        List.copyOf(damaged));
  }

  static List<Path> segmentFiles(JournalFiles files, Path directory) throws IOException {
    return files.list(directory).stream()
        .filter(file -> Layout.segmentNumber(file).isPresent())
        .sorted(Comparator.comparing(file -> file.getFileName().toString()))
        .toList();
  }

  private static Optional<List<String>> read(
      JournalFiles files, Path directory, String name, List<String> damaged) throws IOException {
    MetadataFile file = new MetadataFile(files, directory, name);
    Optional<List<String>> lines = file.read();
    if (lines.isEmpty() && file.exists()) {
      damaged.add(name);
    }
    return lines;
  }

  private static Optional<UUID> idFromSegments(
      JournalFiles files, List<Path> segmentFiles, FileWindow window) throws IOException {
    for (Path file : segmentFiles) {
      try (JournalFile opened = files.open(file, JournalFiles.Mode.READ)) {
        window.look(opened);
        Optional<SegmentHeader> header = SegmentScan.header(window, opened.size());
        if (header.isPresent()) {
          return header.map(SegmentHeader::journal);
        }
      }
    }
    return Optional.empty();
  }

  private static Epochs epochsFromSegments(List<SegmentScan> segments) {
    TreeMap<Long, Long> begun = new TreeMap<>();
    for (SegmentScan segment : segments) {
      for (SegmentScan.Piece piece : segment.pieces()) {
        if (piece.good()) {
          begun.merge(piece.epoch(), piece.first(), Math::min);
        }
      }
    }
    List<Epochs.Begun> list = new ArrayList<>();
    begun.forEach((epoch, first) -> list.add(new Epochs.Begun(epoch, first)));
    return new Epochs(list, 0);
  }
}
