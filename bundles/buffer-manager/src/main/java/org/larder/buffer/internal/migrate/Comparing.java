package org.larder.buffer.internal.migrate;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.larder.buffer.MigrationStatus.Comparison;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.spi.StorageException;

/** Compares all collections of a migration, once. For the migration's thread. */
final class Comparing {
  private static final long TICK_MILLIS = 100;

  private final Premises premises;
  private final Side source;
  private final Side target;
  private final ReentrantLock alone;
  private final String reader;
  private final Meter meter = new Meter();
  private final long sinceNanos = System.nanoTime();

  /** What the comparison is told and asked while it goes on. */
  interface Observer {
    /** So much was found equal by now. */
    void equal(long records, Comparison found) throws IOException;

    /** Neither can be read or held now; it is tried again after a pause. */
    void waits(StorageException cause);

    /** True if it is to be given up. */
    BooleanSupplier ended();
  }

  /**
   * Has not begun.
   *
   * @param alone taken while followers are held: only one may hold them
   * @param reader the name of the threads that read the two
   */
  Comparing(Premises premises, Side source, Side target, ReentrantLock alone, String reader) {
    this.premises = premises;
    this.source = source;
    this.target = target;
    this.alone = alone;
    this.reader = reader;
  }

  /**
   * Compares.
   *
   * @return a sentence on the first range that differs; empty if none did
   * @throws StorageException if the target has to be filled anew
   */
  Optional<String> run(List<CollectionSchema> schemas, Observer observer)
      throws InterruptedException, IOException {
    Beside beside = new Beside(reader, observer.ended());
    for (CollectionSchema schema : schemas) {
      Verification verification =
          new Verification(premises, source, target, schema, beside, observer.ended(), meter);
      while (!verification.isDone() && !observer.ended().getAsBoolean()) {
        Optional<String> difference = step(verification, schema, observer);
        observer.equal(meter.records(), found(""));
        if (difference.isPresent()) {
          return difference.map(sentence -> sentence + deadLetters(schema));
        }
      }
    }
    if (!observer.ended().getAsBoolean()) {
      observer.equal(meter.records(), found(HexFormat.of().formatHex(meter.digest())));
    }
    return Optional.empty();
  }

  private Optional<String> step(
      Verification verification, CollectionSchema schema, Observer observer)
      throws InterruptedException {
    try {
      return alone(verification, observer.ended());
    } catch (StorageException e) {
      if (!target.isFilled(schema.name())) {
        throw e;
      }
      observer.waits(e);
      return Optional.empty();
    }
  }

  /** Others hold followers too; who has them may wait for a backend that hangs. */
  private Optional<String> alone(Verification verification, BooleanSupplier ended)
      throws InterruptedException {
    while (!alone.tryLock(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (ended.getAsBoolean()) {
        return Optional.empty();
      }
    }
    try {
      return verification.step();
    } finally {
      alone.unlock();
    }
  }

  private Comparison found(String digest) {
    return new Comparison(
        meter.ranges(), digest, Duration.ofNanos(System.nanoTime() - sinceNanos), meter.heldFor());
  }

  private String deadLetters(CollectionSchema schema) {
    int letters = target.deadLetters(schema.name());
    return letters == 0
        ? ""
        : ". " + target.name() + " has refused " + letters + " of them: see larder:dead";
  }
}
