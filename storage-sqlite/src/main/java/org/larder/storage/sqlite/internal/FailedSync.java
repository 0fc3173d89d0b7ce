package org.larder.storage.sqlite.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.larder.storage.spi.Position;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The note beside a database that the disk refused to force it, and up to where it was durable
 * before. It outlives the backend and its process, and is removed when the whole database has been
 * made durable again. For the thread that holds the backend's lock.
 */
final class FailedSync {
  private static final Logger LOG = LoggerFactory.getLogger(FailedSync.class);
  private static final String FOR_PEOPLE =
      "# The disk refused to make this database durable. Below is who was durable up to where. The"
          + " next start feeds it again from there, and removes this file.";

  private final Path file;
  private final Clock clock;
  private final Map<String, Synced> synced = new HashMap<>();
  private Map<String, Synced> found;

  /** Where a follower of a store was durable. */
  private record Synced(UUID store, String follower, Position position) {
    private static final int PARTS = 6;

    String line() {
      return String.join(
          " ",
          store.toString(),
          follower,
          String.valueOf(position.lane()),
          position.journal().toString(),
          String.valueOf(position.epoch()),
          String.valueOf(position.sequence()));
    }

    static Synced parse(String line) {
      String[] parts = line.split(" ", -1);
      if (parts.length != PARTS) {
        throw new IllegalArgumentException(line);
      }
      return new Synced(
          UUID.fromString(parts[0]),
          parts[1],
          new Position(
              UUID.fromString(parts[3]),
              Long.parseLong(parts[4]),
              Integer.parseInt(parts[2]),
              Long.parseLong(parts[5])));
    }
  }

  FailedSync(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  private static String key(String follower, int lane) {
    return follower + " " + lane;
  }

  /** True if nothing that stands in the database's files is to be trusted. */
  boolean isNoted() {
    return Files.exists(file);
  }

  /** Reads what an earlier instance has left; before this one notes anything. */
  void find() throws IOException {
    if (found != null) {
      return;
    }
    Map<String, Synced> left = new HashMap<>();
    if (isNoted()) {
      // Bytes that are no text make a line that says nothing, not a failure.
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      LOG.warn(
          "The last sync of this database failed, says {}; what it cannot vouch for is fed again",
          file);
      for (String line : lines) {
        if (!line.startsWith("#") && !line.isBlank()) {
          read(line).ifPresent(one -> left.put(key(one.follower(), one.position().lane()), one));
        }
      }
    }
    found = left;
  }

  private Optional<Synced> read(String line) {
    try {
      return Optional.of(Synced.parse(line));
    } catch (IllegalArgumentException e) {
      LOG.warn("A line of {} says nothing, and is passed over: {}", file, line);
      return Optional.empty();
    }
  }

  /**
   * Where a follower has to begin again, as long as it has not {@link #begun}; empty if it may go
   * on from where the store says.
   */
  Optional<Position> beginAgain(UUID store, String follower, Position stands) {
    Synced last = found == null ? null : found.get(key(follower, stands.lane()));
    return Optional.ofNullable(last)
        .filter(one -> one.store().equals(store))
        .map(Synced::position)
        .filter(position -> position.journal().equals(stands.journal()))
        .filter(position -> position.sequence() < stands.sequence());
  }

  /** A follower stands where it has to; from now on its own positions hold. */
  void begun(String follower, int lane) {
    found.remove(key(follower, lane));
  }

  /** All is durable, a follower's part up to there. */
  void succeeded(UUID store, String follower, Position position) throws IOException {
    synced.put(key(follower, position.lane()), new Synced(store, follower, position));
    if (Files.deleteIfExists(file)) {
      // It must not come back: the journal will not be kept from there any more.
      force(file.toAbsolutePath().getParent());
      LOG.info("The database is durable again; {} was removed", file);
    }
  }

  /**
   * Notes durably that a force failed, unless that is noted already: then older positions hold.
   * Never fails: the failure of the force is what is to be told.
   */
  void failed() {
    if (isNoted()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(FOR_PEOPLE);
    lines.add("# " + clock.instant());
    synced.values().forEach(one -> lines.add(one.line()));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      write(fresh, String.join("\n", lines) + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      force(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      LOG.error(
          "A sync failed, and that cannot be noted in {}: {}. Do not restart the node before the"
              + " next sync succeeds",
          file,
          e.toString());
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
