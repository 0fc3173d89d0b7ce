package org.larder.storage.s3.internal;

import static org.larder.storage.spi.StorageException.Severity.HALT;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.larder.storage.spi.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The few small objects under {@code state/} that change: who the store is, how far its followers
 * are, which journals it has followed. Free for any thread.
 *
 * <p>An object is replaced only if it is the one that was read, as far as the server can compare:
 * so one who was given up, or another node, never sets a position back. A server that knows no
 * conditions is written to without them; what that may cost, replaying repairs.
 */
final class State {
  private static final Logger LOG = LoggerFactory.getLogger(State.class);
  private static final String JOURNALS = "journals";
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_IMPLEMENTED = 501;

  private final Bucket bucket;
  private final Map<String, Bucket.Content> seen = new ConcurrentHashMap<>();
  private final Map<UUID, Integer> generations = new ConcurrentHashMap<>();
  private volatile boolean conditions = true;

  State(Bucket bucket) {
    this.bucket = bucket;
  }

  private static String object(String name) {
    return "state/" + name;
  }

  Optional<byte[]> read(String name) {
    Optional<Bucket.Content> content = bucket.get(object(name));
    content.ifPresentOrElse(found -> seen.put(name, found), () -> seen.remove(name));
    return content.map(Bucket.Content::bytes);
  }

  /** Keeps a value whatever is there. */
  void write(String name, byte[] value) {
    put(name, value, null, false, limit());
  }

  /** How long a request may take. */
  Duration limit() {
    return bucket.settings().timeout();
  }

  /** Keeps a value in place of the one that was read. */
  void replace(String name, Optional<byte[]> read, byte[] value) {
    replace(name, read, value, limit());
  }

  /**
   * Keeps a value in place of the one that was read.
   *
   * @param limit how long that may take
   */
  void replace(String name, Optional<byte[]> read, byte[] value, Duration limit) {
    Bucket.Content last = seen.get(name);
    boolean same =
        last == null ? read.isEmpty() : read.isPresent() && Arrays.equals(read.get(), last.bytes());
    if (!same) {
      throw moved(name, null);
    }
    try {
      put(name, value, last, conditions, limit);
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
        throw moved(name, e);
      }
      if (e.statusCode() != NOT_IMPLEMENTED) {
        throw e;
      }
      withoutConditions();
      put(name, value, last, false, limit);
    }
  }

  private void withoutConditions() {
    LOG.warn(
        "The server of the bucket {} knows no If-None-Match and If-Match, so it cannot tell two"
            + " nodes apart: see to it that only one uses {}",
        bucket.settings().bucket(),
        bucket.key(""));
    conditions = false;
  }

  private void put(
      String name, byte[] value, Bucket.Content last, boolean conditional, Duration limit) {
    String etag =
        bucket.put(
            object(name),
            value,
            value.length,
            request -> {
              request
                  .contentType("text/plain")
                  .overrideConfiguration(override -> override.apiCallTimeout(limit));
              if (conditional && last == null) {
                request.ifNoneMatch("*");
              } else if (conditional) {
                request.ifMatch(last.etag());
              }
            });
    seen.put(name, new Bucket.Content(value, etag));
  }

  static StorageException moved(String name, Throwable cause) {
    return new StorageException(
        RETRY, "POSITION_MOVED", object(name) + " was changed by another call meanwhile", cause);
  }

  /**
   * Keeps a value that nobody has kept yet: of several who try, one gets through where the server
   * compares. A server may take the condition and not heed it: that is found out here, once.
   */
  void create(String name, byte[] value) {
    replace(name, Optional.empty(), value);
    if (conditions) {
      try {
        put(name, value, null, true, limit());
        withoutConditions();
      } catch (S3Exception e) {
        if (e.statusCode() != PRECONDITION_FAILED && e.statusCode() != CONFLICT) {
          throw e;
        }
      }
    }
  }

  /**
   * Notes that the store follows a journal from now on. The sequences of one journal say nothing to
   * those of another, so what was written later under another journal counts as later.
   */
  void follow(UUID journal) {
    follow(journal, false);
  }

  /**
   * Notes the same of a journal that the store may follow already: what it has counts as before.
   */
  void followAnew(UUID journal) {
    follow(journal, true);
  }

  private void follow(UUID journal, boolean anew) {
    Optional<byte[]> read = read(JOURNALS);
    List<String> journals = new ArrayList<>(read.map(State::lines).orElse(List.of()));
    int last = journals.size() - 1;
    if (anew || last < 0 || !journals.get(last).equals(journal.toString())) {
      journals.add(journal.toString());
      byte[] text = (String.join("\n", journals) + "\n").getBytes(StandardCharsets.US_ASCII);
      replace(JOURNALS, read, text);
      last++;
    }
    generations.put(journal, last);
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.US_ASCII).lines().toList();
  }

  /** Which of the journals this one is, from 0. */
  int generation(UUID journal) {
    Integer generation = generations.get(journal);
    if (generation == null) {
      int last = read(JOURNALS).map(State::lines).orElse(List.of()).lastIndexOf(journal.toString());
      if (last < 0) {
        throw new StorageException(
            HALT, "POSITION_MISMATCH", "The store has never followed the journal " + journal);
      }
      generations.put(journal, last);
      generation = last;
    }
    return generation;
  }
}
