package org.larder.buffer.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.internal.DeadLetterLog.Replayed;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** Dead letters as bytes. Stateless. */
final class LetterCodec {
  /** A reason is a sentence; what a store says beyond that is cut. */
  private static final int REASON_CHARS = 1_000;

  /** An entry begins with the letter's sequence, or with one of these. */
  private static final long REPLAYED = -1;

  /** Earlier releases knew discarded letters by their sequences alone. */
  private static final long DISCARDED_SEQUENCES = -2;

  private static final long DISCARDED = -3;

  private LetterCodec() {}

  /** What an entry of the file says: one of the three. */
  record Decoded(
      Optional<DeadLetter> letter, Optional<Replayed> replayed, Collection<LetterId> discarded) {}

  static byte[] encode(DeadLetter letter) throws IOException {
    return bytes(out -> write(letter, out));
  }

  static byte[] encode(Replayed done) throws IOException {
    return bytes(
        out -> {
          out.writeLong(REPLAYED);
          out.writeLong(done.at());
          write(done.letter(), out);
        });
  }

  static byte[] encode(Collection<LetterId> discarded) throws IOException {
    return bytes(
        out -> {
          out.writeLong(DISCARDED);
          out.writeInt(discarded.size());
          for (LetterId letter : discarded) {
            out.writeLong(letter.sequence());
            out.writeUTF(letter.record());
          }
        });
  }

  static Decoded decode(byte[] entry, String follower, Catalogue catalogue) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
    long first = in.readLong();
    if (first == REPLAYED) {
      long at = in.readLong();
      DeadLetter letter = read(in.readLong(), in, follower, catalogue);
      return new Decoded(Optional.empty(), Optional.of(new Replayed(letter, at)), List.of());
    }
    if (first == DISCARDED || first == DISCARDED_SEQUENCES) {
      List<LetterId> discarded = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        long sequence = in.readLong();
        discarded.add(
            first == DISCARDED ? new LetterId(sequence, in.readUTF()) : LetterId.before(sequence));
      }
      return new Decoded(Optional.empty(), Optional.empty(), discarded);
    }
    DeadLetter letter = read(first, in, follower, catalogue);
    return new Decoded(Optional.of(letter), Optional.empty(), List.of());
  }

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writer.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static void write(DeadLetter letter, DataOutputStream out) throws IOException {
    out.writeLong(letter.sequence());
    out.writeByte(letter.kind().code());
    out.writeLong(Row.micros(letter.at()));
    out.writeUTF(cut(letter.code()));
    out.writeUTF(cut(letter.reason()));
    out.writeUTF(letter.row().schema().name());
    out.writeInt(letter.row().schema().version());
    byte[] row = new byte[letter.row().encodedLength()];
    letter.row().writeTo(row, 0);
    out.writeInt(row.length);
    out.write(row);
  }

  private static DeadLetter read(
      long sequence, DataInputStream in, String follower, Catalogue catalogue) throws IOException {
    Mutation.Kind kind = Mutation.Kind.ofCode(in.readByte());
    long micros = in.readLong();
    String code = in.readUTF();
    String reason = in.readUTF();
    CollectionSchema schema = catalogue.version(in.readUTF(), in.readInt());
    byte[] row = in.readNBytes(in.readInt());
    return new DeadLetter(
        follower,
        sequence,
        kind,
        new Row(schema, row, 0, row.length),
        code,
        reason,
        Row.instant(micros));
  }

  /** The same letter, with bytes of its own: a row out of the journal holds its whole frame. */
  static DeadLetter alone(DeadLetter letter) {
    return new DeadLetter(
        letter.follower(),
        letter.sequence(),
        letter.kind(),
        alone(letter.row()),
        cut(letter.code()),
        cut(letter.reason()),
        letter.at());
  }

  /** The same row with bytes of its own. */
  static Row alone(Row row) {
    byte[] bytes = new byte[row.encodedLength()];
    row.writeTo(bytes, 0);
    return new Row(row.schema(), bytes, 0, bytes.length);
  }

  private static String cut(String text) {
    return text.length() <= REASON_CHARS ? text : text.substring(0, REASON_CHARS);
  }
}
