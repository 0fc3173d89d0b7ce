package org.larder.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Row;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/**
 * A backend in memory that notes all it does in a file. Each append goes through a disk that may
 * fail; what a failed one left is cut by the next. Free for any thread, but for appends.
 */
class FileBackend extends MemoryBackend {
  /** Writes bytes at an offset of a file, all or some of them. */
  interface Disk {
    void write(Path file, long offset, byte[] bytes) throws IOException;
  }

  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int METADATA = 3;

  private final Path file;
  private final Disk disk;
  private long end;

  FileBackend(Path file, Disk disk) {
    super(new Memory());
    this.file = file;
    this.disk = disk;
    if (Files.exists(file)) {
      replay();
    }
  }

  static void append(Path file, long offset, byte[] bytes) throws IOException {
    try (var channel =
        Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(offset).position(offset);
      channel.write(ByteBuffer.wrap(bytes));
    }
  }

  private void replay() {
    try (DataInputStream input = new DataInputStream(Files.newInputStream(file))) {
      while (true) {
        byte[] note = new byte[input.readInt()];
        input.readFully(note);
        apply(new DataInputStream(new ByteArrayInputStream(note)));
        end += Integer.BYTES + note.length;
      }
    } catch (EOFException e) {
      // The end, or a note that was cut short: the next one takes its place.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(DataInputStream note) throws IOException {
    switch (note.readByte()) {
      case PUT -> {
        CollectionSchema schema = SchemaCodec.decode(note.readNBytes(note.readInt()));
        long version = note.readLong();
        byte[] bytes = note.readAllBytes();
        super.put(schema, List.of(new Row(schema, bytes, 0, bytes.length).withVersion(version)));
      }
      case DELETE -> {
        CollectionSchema schema = SchemaCodec.decode(note.readNBytes(note.readInt()));
        super.delete(schema, List.of(note.readUTF()));
      }
      default -> super.writeMetadata(note.readUTF(), note.readAllBytes());
    }
  }

  private interface Content {
    void writeTo(DataOutputStream note) throws IOException;
  }

  private void append(int kind, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream note = new DataOutputStream(bytes)) {
      note.writeInt(0);
      note.writeByte(kind);
      content.writeTo(note);
      byte[] whole = bytes.toByteArray();
      ByteBuffer.wrap(whole).putInt(whole.length - Integer.BYTES);
      disk.write(file, end, whole);
      end += whole.length;
    } catch (IOException e) {
      failed(e);
    }
  }

  /** What the host is told of a failing disk. */
  protected void failed(IOException failure) {
    throw new StorageException(
        StorageException.Severity.RETRY, "STORE_UNAVAILABLE", failure.getMessage(), failure);
  }

  private static void writeSchema(DataOutputStream note, CollectionSchema schema)
      throws IOException {
    byte[] encoded = SchemaCodec.encode(schema);
    note.writeInt(encoded.length);
    note.write(encoded);
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    for (Row row : rows) {
      append(
          PUT,
          note -> {
            writeSchema(note, schema);
            note.writeLong(row.version());
            byte[] encoded = new byte[row.encodedLength()];
            row.writeTo(encoded, 0);
            note.write(encoded);
          });
      super.put(schema, List.of(row));
    }
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    for (String key : keys) {
      append(
          DELETE,
          note -> {
            writeSchema(note, schema);
            note.writeUTF(key);
          });
      super.delete(schema, List.of(key));
    }
  }

  @Override
  protected void writeMetadata(String name, byte[] value) {
    append(
        METADATA,
        note -> {
          note.writeUTF(name);
          note.write(value);
        });
    super.writeMetadata(name, value);
  }
}
