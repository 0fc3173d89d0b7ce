package org.larder.tck;

import static org.larder.storage.spi.StorageException.Severity.FENCED;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Row;
import org.larder.storage.model.RowBuilder;
import org.larder.storage.spi.Attachment;
import org.larder.storage.spi.Batch;
import org.larder.storage.spi.Position;
import org.larder.storage.spi.RecordCursor;
import org.larder.storage.spi.ScanRequest;
import org.larder.storage.spi.StorageException;
import org.larder.storage.spi.StoreState;
import org.larder.storage.spi.WriteResult;

/** A backend with one flaw, which the kit has to find. */
final class BrokenBackend extends MemoryBackend {
  private final Flaw flaw;

  BrokenBackend(Memory memory, Flaw flaw) {
    super(memory);
    this.flaw = flaw;
  }

  @Override
  public StoreState attach(Attachment claim) {
    Optional<UUID> store = claim.expectedStore();
    if (flaw == Flaw.TAKES_ANY_STORE_FOR_THE_EXPECTED) {
      store = Optional.empty();
    }
    try {
      return super.attach(
          new Attachment(
              claim.follower(),
              claim.lane(),
              claim.journal(),
              claim.epoch(),
              store,
              claim.startAt()));
    } catch (StorageException e) {
      if (flaw != Flaw.FENCES_NOBODY || e.severity() != FENCED) {
        throw e;
      }
      return super.attach(
          new Attachment(
              claim.follower(), claim.lane(), claim.journal(), 5, store, claim.startAt()));
    }
  }

  @Override
  public WriteResult write(Batch batch) {
    if (flaw == Flaw.TAKES_BATCHES_FROM_ANYWHERE) {
      move(batch, batch.from());
    } else if (flaw == Flaw.APPLIES_A_REPEATED_BATCH_AGAIN) {
      Position position = sync(batch.follower(), batch.lane());
      if (position.epoch() == batch.epoch() && position.sequence() >= batch.to()) {
        move(batch, batch.from());
        WriteResult result = super.write(batch);
        move(batch, position.sequence());
        return result;
      }
    }
    return super.write(batch);
  }

  private void move(Batch batch, long sequence) {
    super.attach(
        new Attachment(
            batch.follower(),
            batch.lane(),
            batch.journal(),
            batch.epoch(),
            Optional.empty(),
            OptionalLong.of(sequence)));
  }

  @Override
  public Position sync(String follower, int lane) {
    Position position = super.sync(follower, lane);
    return flaw == Flaw.PROMISES_MORE_THAN_IT_HAS
        ? new Position(
            position.journal(), position.epoch(), position.lane(), position.sequence() + 1)
        : position;
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    super.put(schema, rows.stream().map(this::spoil).toList());
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    if (flaw != Flaw.FORGETS_DELETES) {
      super.delete(schema, keys);
    }
  }

  private Row spoil(Row row) {
    RowBuilder builder = RowBuilder.ofStored(row.schema());
    try {
      for (int i = 0; i < row.schema().fields().size(); i++) {
        if (row.has(i) || flaw != Flaw.LEAVES_NULL_ABSENT) {
          builder.set(i, spoil(row.schema().field(i), row.value(i), i == CollectionSchema.KEY));
        }
      }
    } catch (InvalidRowException e) {
      throw new IllegalStateException(e);
    }
    return builder
        .build()
        .withVersion(flaw == Flaw.FORGETS_THE_VERSION ? Row.UNKNOWN_VERSION : row.version());
  }

  private Object spoil(Field field, Object value, boolean key) {
    if (value instanceof String text && field.type() != FieldType.JSON) {
      return switch (flaw) {
        case CUTS_TEXT_AT_NUL -> text.indexOf(0) < 0 ? text : text.substring(0, text.indexOf(0));
        case FOLDS_CASE_OF_KEYS -> key ? text.toLowerCase(Locale.ROOT) : text;
        case TRIMS_TEXT -> text.stripTrailing();
        case TURNS_EMPTY_INTO_NULL -> text.isEmpty() ? null : text;
        case CUTS_STRINGS_AT_1000 ->
            field.type() == FieldType.STRING && text.length() > 1000
                ? text.substring(0, 1000)
                : text;
        default -> text;
      };
    }
    if (value instanceof BigDecimal decimal && flaw == Flaw.ROUNDS_DECIMALS_TO_DOUBLES) {
      BigDecimal rounded = new BigDecimal(Double.toString(decimal.doubleValue()));
      return rounded.setScale(field.size(), RoundingMode.DOWN);
    }
    if (value instanceof Instant instant
        && flaw == Flaw.ROUNDS_TIMES_TO_MILLISECONDS
        && Math.abs(instant.getEpochSecond()) < 100_000_000_000L) {
      return instant.truncatedTo(ChronoUnit.MILLIS);
    }
    return value;
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    if (flaw == Flaw.LEAVES_NULL_ABSENT) {
      return cursor(readAbsent(request));
    }
    List<Row> rows = new ArrayList<>();
    boolean again = flaw == Flaw.RESUMES_AT_THE_KEY_NOT_BEHIND_IT && request.keys().isEmpty();
    if (again && request.afterKey().isPresent()) {
      rows.addAll(all(ScanRequest.of(request.schema(), List.of(request.afterKey().get()))));
    }
    rows.addAll(all(request));
    if (flaw == Flaw.SCANS_BY_UTF_16) {
      rows.sort((a, b) -> a.key().compareTo(b.key()));
    }
    return cursor(rows);
  }

  private List<Row> all(ScanRequest request) {
    List<Row> rows = new ArrayList<>();
    try (RecordCursor cursor = super.scan(request)) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<Row> readAbsent(ScanRequest request) {
    List<Row> rows = new ArrayList<>();
    for (Row row : all(request)) {
      rows.add(spoil(row));
    }
    return rows;
  }

  private static RecordCursor cursor(List<Row> rows) {
    Iterator<Row> iterator = rows.iterator();
    return new RecordCursor() {
      @Override
      public Row next() {
        return iterator.hasNext() ? iterator.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
