package org.larder.buffer.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.larder.buffer.DeadLetter;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Mutation;
import org.larder.storage.model.Row;

/** Dead letters as bytes. Stateless. */
final class LetterCodec {
  /** A reason is a sentence; what a store says beyond that is cut. */
  private static final int REASON_CHARS = 1_000;

  private LetterCodec() {}

  static byte[] encode(DeadLetter letter) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
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
    return bytes.toByteArray();
  }

  static DeadLetter decode(byte[] entry, String follower, Catalogue catalogue) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry));
    long sequence = in.readLong();
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
