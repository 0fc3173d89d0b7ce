package org.larder.buffer.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.larder.buffer.Acknowledgement;
import org.larder.buffer.DeleteOrigin;
import org.larder.buffer.Durability;
import org.larder.buffer.Submission;
import org.larder.journal.Arrival;
import org.larder.journal.NewFrame;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.InvalidRowException;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.RowBuilder;

/** Encodes the items of one request into frames; for the request's thread. */
final class JournalSubmission implements Submission {
  private final JournalIntake intake;
  private final Admission admission;
  private final CollectionSchema schema;
  private final Arrival arrival;
  private final RowBuilder row;
  private final List<FramePayload> payloads = new ArrayList<>(1);
  private long reserved;
  private int size;
  private boolean committed;

  /** Places of the inserts among the items; null as long as there are none. */
  private BitSet inserts;

  JournalSubmission(
      JournalIntake intake,
      Admission admission,
      CollectionSchema schema,
      Arrival arrival,
      long expectedBytes) {
    this.intake = intake;
    this.admission = admission;
    this.schema = schema;
    this.arrival = arrival;
    this.row = new RowBuilder(schema);
    this.reserved = expectedBytes;
    payloads.add(new FramePayload(schema, expectedBytes));
  }

  @Override
  public CollectionSchema schema() {
    return schema;
  }

  @Override
  public RowBuilder row() {
    return row.clear();
  }

  @Override
  public void add(Mutation.Kind kind) throws InvalidRowException {
    if (kind == Mutation.Kind.DELETE) {
      throw new IllegalArgumentException("A delete is added by its key");
    }
    row.checkComplete();
    append(kind.code());
    if (kind == Mutation.Kind.INSERT) {
      inserts = inserts == null ? new BitSet() : inserts;
      inserts.set(size - 1);
    }
  }

  @Override
  public void delete(String key, DeleteOrigin origin) throws InvalidRowException {
    row.clear().setText(CollectionSchema.KEY, key);
    append(FramePayload.deleteCode(origin));
  }

  private void append(int code) throws InvalidRowException {
    if (!payloads.get(payloads.size() - 1).add(code, row)) {
      FramePayload next = new FramePayload(schema, FramePayload.MAX_BYTES / 4);
      next.add(code, row);
      payloads.add(next);
    }
    size++;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void reserve(long moreBytes) {
    long more = Math.max(0, moreBytes);
    intake.inFlight().take(more, reserved);
    reserved += more;
  }

  @Override
  public Acknowledgement commit(Durability wanted, Duration patience) {
    if (committed) {
      throw new IllegalStateException("A submission is committed once");
    }
    committed = true;
    if (size == 0) {
      return new Acknowledgement("", wanted, 0);
    }
    long lent = reserved;
    reserved = 0;
    if (schema.isGuarded()) {
      arrival.close();
      return admission.commit(payloads, inserts, lent, wanted, patience);
    }
    List<NewFrame> frames = new ArrayList<>(payloads.size());
    for (FramePayload payload : payloads) {
      frames.add(payload.frame(false));
    }
    Cargo cargo = Cargo.plain(frames, schema.name(), size, lent);
    return intake.append(cargo, arrival, Admission.unchecked(size, inserts), wanted, patience);
  }

  @Override
  public void close() {
    arrival.close();
    intake.inFlight().give(reserved);
    reserved = 0;
  }
}
